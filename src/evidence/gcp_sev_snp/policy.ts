/**
 * The `gcp-sev-snp` section of a policy.
 *
 * @module
 */

import { type Decoder, object, optional } from "../../core/decode.ts";
import { INSTANCE_KEYS, type InstancePolicy } from "../gce/policy.ts";
import { type SnpPolicy, snpPolicy } from "../snp/policy.ts";
import { type TpmPolicy, tpmPolicy } from "../tpm/policy.ts";

/** What an appraisal demands. */
export interface GcpSevSnpPolicy extends InstancePolicy {
  /** Of the report. */
  readonly tee: SnpPolicy;
  /** Of quotes, key, registers and event log. */
  readonly vtpm: TpmPolicy;
}

/** Reads the section. */
export const gcpSevSnpPolicy: Decoder<GcpSevSnpPolicy> = object<GcpSevSnpPolicy>({
  tee: optional(
    snpPolicy,
    snpPolicy.decode({}, "tee"),
    "What the report must show; the launch measurement, which is of Google's firmware, need not be pinned",
  ),
  vtpm: optional(
    tpmPolicy,
    tpmPolicy.decode({}, "vtpm"),
    "What quotes, key, registers and event log must show",
  ),
  ...INSTANCE_KEYS,
});

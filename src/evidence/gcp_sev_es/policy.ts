/**
 * The `gcp-sev-es` section of a policy.
 *
 * @module
 */

import { type Decoder, object, optional } from "../../core/decode.ts";
import { INSTANCE_KEYS, type InstancePolicy } from "../gce/policy.ts";
import { type TpmPolicy, tpmPolicy } from "../tpm/policy.ts";

/** What an appraisal demands. */
export interface GcpSevEsPolicy extends InstancePolicy {
  /** Of quotes, key, registers and event log. */
  readonly vtpm: TpmPolicy;
}

/** Reads the section. */
export const gcpSevEsPolicy: Decoder<GcpSevEsPolicy> = object<GcpSevEsPolicy>({
  vtpm: optional(
    tpmPolicy,
    tpmPolicy.decode({}, "vtpm"),
    "What quotes, key, registers and event log must show",
  ),
  ...INSTANCE_KEYS,
});

/**
 * The `aws-sev-snp` section of a policy.
 *
 * @module
 */

import { type Decoder, object, optional } from "../../core/decode.ts";
import { INSTANCE_KEYS, type InstancePolicy } from "../ec2/policy.ts";
import { type NitroPolicy, nitroPolicy } from "../nitro/policy.ts";
import { type SnpPolicy, snpPolicy } from "../snp/policy.ts";

/** What an appraisal demands. */
export interface AwsSevSnpPolicy extends InstancePolicy {
  /** Of the report. */
  readonly tee: SnpPolicy;
  /** Of the attestation document. */
  readonly vtpm: NitroPolicy;
}

const VTPM = nitroPolicy("tpm");

/** Reads the section. */
export const awsSevSnpPolicy: Decoder<AwsSevSnpPolicy> = object<AwsSevSnpPolicy>({
  tee: optional(
    snpPolicy,
    snpPolicy.decode({}, "tee"),
    "What the report must show; the launch measurement, which is of AWS's firmware, need not be pinned",
  ),
  vtpm: optional(VTPM, VTPM.decode({}, "vtpm"), "What the attestation document must show"),
  ...INSTANCE_KEYS,
});

/**
 * The `aws-nitro-tpm` section of a policy.
 *
 * @module
 */

import { type Decoder, object, optional } from "../../core/decode.ts";
import { INSTANCE_KEYS, type InstancePolicy } from "../ec2/policy.ts";
import { type NitroPolicy, nitroPolicy } from "../nitro/policy.ts";

/** What an appraisal demands. */
export interface AwsNitroTpmPolicy extends InstancePolicy {
  /** Of the attestation document. */
  readonly vtpm: NitroPolicy;
}

const VTPM = nitroPolicy("tpm");

/** Reads the section. */
export const awsNitroTpmPolicy: Decoder<AwsNitroTpmPolicy> = object<AwsNitroTpmPolicy>({
  vtpm: optional(VTPM, VTPM.decode({}, "vtpm"), "What the attestation document must show"),
  ...INSTANCE_KEYS,
});

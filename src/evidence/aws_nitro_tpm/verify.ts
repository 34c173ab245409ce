/**
 * Establishes that AWS signed an instance's attestation document, and whose instance it is.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { verifyInstance } from "../ec2/verify.ts";
import type { Verified, VerifyContext } from "../evidence.ts";
import { nitroTpm } from "../nitro/mod.ts";
import type { AwsNitroTpmEvidence } from "./appraise.ts";
import type { AwsNitroTpmFiles } from "./files.ts";

/**
 * Proves that AWS's hypervisor signed a document for an instance's NitroTPM.
 *
 * @param engine Verification engine.
 * @param files The files.
 * @param context Time and lab roots.
 * @throws {RejectedError} `nitro.*`, `ec2.*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function verify(
  engine: Engine,
  files: AwsNitroTpmFiles,
  context: VerifyContext,
): Promise<Verified<AwsNitroTpmEvidence>> {
  const vtpm = await nitroTpm.verify(engine, files, context);
  const { moduleId } = vtpm.document;
  const evidence: AwsNitroTpmEvidence = {
    vtpm,
    instance: await verifyInstance(engine, files, moduleId, context.now),
  };
  return evidence as Verified<AwsNitroTpmEvidence>;
}

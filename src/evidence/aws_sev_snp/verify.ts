/**
 * Establishes that an AMD processor of AWS's signed a report, that AWS signed
 * the attestation document made beside it, and whose instance it is.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { RejectedError } from "../../core/errors.ts";
import { plainHash } from "../../core/labelled_hash.ts";
import { EC2_CHECKS, verifyInstance } from "../ec2/verify.ts";
import type { Check, Verified, VerifyContext } from "../evidence.ts";
import { nitroTpm } from "../nitro/mod.ts";
import type { NitroEvidence } from "../nitro/report.ts";
import { sevSnp, type SnpEvidence } from "../snp/mod.ts";
import type { AwsSevSnpEvidence } from "./appraise.ts";
import type { AwsSevSnpFiles } from "./files.ts";

/** Steps of the pairing, after those of its parts. */
export const AWS_SEV_SNP_CHECKS: readonly Check[] = [
  {
    id: "nitro.user-data",
    link: "evidence",
    title: "Document made beside this report",
    source: "protocol §4",
  },
  { id: "ec2.csp", link: "key", title: "Key loaded by AWS", source: "AMD 57230 §3.1" },
  ...EC2_CHECKS,
];

/**
 * Proves that both parts are genuine and of one instance.
 *
 * Both are signed whatever stands in them, so a report of one machine beside a
 * document of another would pass without the user data, which the document's
 * signature covers.
 *
 * @param engine Verification engine.
 * @param files The files.
 * @param context Time and lab roots.
 * @throws {RejectedError} `snp.*`, `nitro.*`, `ec2.*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function verify(
  engine: Engine,
  files: AwsSevSnpFiles,
  context: VerifyContext,
): Promise<Verified<AwsSevSnpEvidence>> {
  const tee = await sevSnp.verify(engine, files, context);
  const vtpm = await nitroTpm.verify(engine, files, context);
  checkUserData(vtpm, files.report);
  checkCsp(tee);
  const { moduleId } = vtpm.document;
  const evidence: AwsSevSnpEvidence = {
    tee,
    vtpm,
    instance: await verifyInstance(engine, files, moduleId, context.now),
  };
  return evidence as Verified<AwsSevSnpEvidence>;
}

function checkUserData({ document: { userData } }: NitroEvidence, report: Uint8Array): void {
  const expected = toHex(plainHash("sha256", report));
  if (userData === expected) return;
  const actual = userData === null ? "no user data" : userData === "" ? "empty" : userData;
  throw new RejectedError(
    `Cannot use the attestation document: its user data are ${actual}, not the SHA-256 of the report beside it, ${expected}`,
    { code: "nitro.user_data_mismatch", fields: { expected, actual } },
  );
}

/** A provider as AWS's VLEKs name it: `CN=cc-us-east-2.amazonaws.com`. */
const OF_AWS = /^(?:CN=)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+amazonaws\.com$/;

/** AWS loads keys of its own into its processors; a VCEK, or another provider's VLEK, is of a machine elsewhere. */
function checkCsp({ leaf: { form, cspId } }: SnpEvidence): void {
  if (form === "VLEK" && cspId !== null && OF_AWS.test(cspId)) return;
  const actual = form === "VCEK" ? "a VCEK, of no provider" : `a VLEK of ${cspId}`;
  const expected = "a VLEK of a host below amazonaws.com";
  throw new RejectedError(`Cannot use the report: its key is ${actual}, expected ${expected}`, {
    code: "ec2.csp_mismatch",
    fields: { expected, actual },
  });
}

/**
 * Establishes that an AMD processor signed a report, that a key which Google
 * certified signed the quotes beside it, and which firmware Google endorses.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { InputError } from "../../core/errors.ts";
import { plainHash } from "../../core/labelled_hash.ts";
import type { Check, Verified, VerifyContext } from "../evidence.ts";
import { GCE_ENDORSEMENT } from "../gce/checks.ts";
import { undoneOfEndorsement, verifyEndorsement } from "../gce/endorse.ts";
import type { GceEndorsement } from "../gce/mod.ts";
import { sevSnp, type SnpEvidence } from "../snp/mod.ts";
import {
  GCE_TPM_CHECKS,
  type GceTpmEvidence,
  type GceTpmFiles,
  undoneOfGceTpm,
  verifyGceTpm,
} from "../tpm/gce.ts";
import type { GcpSevSnpFiles } from "./files.ts";

/** What is proven of an instance with SEV-SNP on Google Cloud. */
export interface GcpSevSnpEvidence extends GceTpmEvidence {
  /** The report. */
  readonly tee: SnpEvidence;
  /** SHA-256 of the report's bytes, which a statement's quote answers; hex. */
  readonly reportSha256: string;
  /** Name of the attestation key, which a statement's report answers; hex. */
  readonly akName: string;
  /** Which firmware Google endorses; null where no endorsement was given. */
  readonly firmware: GceEndorsement | null;
}

/** Steps, in the order in which they are done. */
export const GCP_SEV_SNP_CHECKS: readonly Check[] = [
  ...sevSnp.checks,
  ...GCE_TPM_CHECKS,
  GCE_ENDORSEMENT,
];

/**
 * Proves that both parts are genuine. That they are of one machine is shown by
 * what they answer, and so appraised: each is signed whatever stands beside it.
 *
 * @param engine Verification engine.
 * @param files The files.
 * @param context Time and lab roots.
 * @throws {RejectedError} `snp.*`, `tpm.*`, `logs.*`, `gce.*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function verify(
  engine: Engine,
  files: GcpSevSnpFiles,
  context: VerifyContext,
): Promise<Verified<GcpSevSnpEvidence>> {
  const tee = await sevSnp.verify(engine, files, context);
  const { vtpm, instance } = await verifyGceTpm(engine, tpmFilesOf(files), context);
  const evidence: GcpSevSnpEvidence = {
    tee,
    vtpm,
    instance,
    reportSha256: toHex(plainHash("sha256", files.report)),
    akName: nameOf(vtpm),
    firmware: await verifyEndorsement(engine, files, context),
  };
  return evidence as Verified<GcpSevSnpEvidence>;
}

/** The files that are the TPM's. */
function tpmFilesOf(
  { report: _r, leaf: _l, chainAskArk: _c, crls: _s, ...others }: GcpSevSnpFiles,
): GceTpmFiles {
  const { firmwareEndorsement: _e, firmwareEndorsementRoots: _f, ...files } = others;
  return files;
}

/** A bare key has no Name that the report could be bound to. */
function nameOf({ publicArea }: GceTpmEvidence["vtpm"]): string {
  if (publicArea !== null) return publicArea.name;
  const expected = "TPM2B_PUBLIC or TPMT_PUBLIC";
  throw new InputError(
    `Cannot use ak-pub: it is the bare key, expected ${expected}, since the report is bound to the Name of it`,
    { code: "input.wrong_kind", fields: { role: "akPub", expected, actual: "the bare key" } },
  );
}

/**
 * Ids of the steps that are passed by for want of input.
 *
 * @param files The files.
 */
export function undone(files: GcpSevSnpFiles): readonly string[] {
  return [
    ...sevSnp.undone(files),
    ...undoneOfGceTpm(tpmFilesOf(files)),
    ...undoneOfEndorsement(files),
  ];
}

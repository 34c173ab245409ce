/**
 * The files that verification of an instance with SEV-SNP and NitroTPM takes.
 *
 * @module
 */

import { IDENTITY_FILES, type IdentityFiles, identityFiles } from "../ec2/files.ts";
import type { FileInput, FilesByRole } from "../evidence.ts";
import { FileTaker } from "../files.ts";
import { NITRO_FILES, type NitroFiles, readFiles as readDocument } from "../nitro/files.ts";
import { sevSnp, type SnpFiles } from "../snp/mod.ts";

/** A report with its endorsements, the attestation document beside it, and whose instance it is. */
export interface AwsSevSnpFiles extends SnpFiles, NitroFiles, IdentityFiles {}

/** What the flags say. */
export const AWS_SEV_SNP_FILES: readonly FileInput[] = [
  ...sevSnp.files,
  ...NITRO_FILES,
  ...IDENTITY_FILES,
];

/**
 * Reads the files by role.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.encoding`, `input.value`
 */
export function readFiles(files: FilesByRole): AwsSevSnpFiles {
  const taker = new FileTaker(files, "an instance with SEV-SNP and NitroTPM");
  return { ...sevSnp.readFiles(files), ...readDocument(files), ...identityFiles(taker) };
}

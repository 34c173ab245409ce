/**
 * The files that verification of an instance with SEV-SNP on Google Cloud takes.
 *
 * @module
 */

import type { FileInput, FilesByRole } from "../evidence.ts";
import { FileTaker } from "../files.ts";
import { ENDORSEMENT_FILES, type EndorsementFiles, endorsementFiles } from "../gce/files.ts";
import { sevSnp, type SnpFiles } from "../snp/mod.ts";
import { GCE_TPM_FILES, type GceTpmFiles, readGceTpm } from "../tpm/gce.ts";

/** A report with its endorsements, quotes of the vTPM beside it, and who endorses the firmware. */
export interface GcpSevSnpFiles extends SnpFiles, GceTpmFiles, EndorsementFiles {}

/** What the flags say: the key's public area, since the report is bound to its Name. */
export const GCP_SEV_SNP_FILES: readonly FileInput[] = [
  ...sevSnp.files,
  ...GCE_TPM_FILES.map((file): FileInput =>
    file.role === "akPub"
      ? {
        ...file,
        says: "attestation key: TPM2B_PUBLIC or TPMT_PUBLIC, whose Name is in the report",
      }
      : file
  ),
  ...ENDORSEMENT_FILES,
];

/**
 * Reads the files by role.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.conflict`, `input.encoding`, `input.value`, `input.wrong_kind`
 */
export function readFiles(files: FilesByRole): GcpSevSnpFiles {
  const taker = new FileTaker(files, "an instance with SEV-SNP on Google Cloud");
  return { ...sevSnp.readFiles(files), ...readGceTpm(files), ...endorsementFiles(taker) };
}

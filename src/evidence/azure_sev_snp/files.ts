/**
 * The files that verification of Azure's SEV-SNP takes.
 *
 * @module
 */

import { sevSnp, type SnpFiles } from "../snp/mod.ts";
import type { FileInput, FilesByRole } from "../evidence.ts";
import { FileTaker } from "../files.ts";
import { HCL_PART_FILES, HCL_REPORT_FILE, type HclFiles, readHclFiles } from "../hcl/files.ts";
import { PARAVISOR_TPM_FILES, type ParavisorTpmFiles, readParavisorTpm } from "../tpm/paravisor.ts";

/** The HCL report, whole or in parts; AMD's certificates; the quote of the paravisor's TPM. */
export interface AzureSevSnpFiles extends HclFiles, Omit<SnpFiles, "report">, ParavisorTpmFiles {}

/** What the flags say. */
export const AZURE_SEV_SNP_FILES: readonly FileInput[] = [
  HCL_REPORT_FILE,
  ...HCL_PART_FILES,
  ...sevSnp.files.filter(({ role }) => role !== "report"),
  ...PARAVISOR_TPM_FILES,
];

/** Stands for the report until it is taken out of the HCL report. */
const UNKNOWN_REPORT = Uint8Array.of(0);

/**
 * Reads the files by role.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.conflict`, `input.encoding`, `input.value`
 */
export function readFiles(files: FilesByRole): AzureSevSnpFiles {
  const hcl = readHclFiles(new FileTaker(files, "an HCL report"));
  const { report: _, ...certificates } = sevSnp.readFiles({
    leaf: files["leaf"],
    chainAskArk: files["chainAskArk"],
    crls: files["crls"],
    report: UNKNOWN_REPORT,
  });
  return { ...certificates, ...readParavisorTpm(files), ...hcl };
}

/**
 * The files that verification of Azure's TDX takes.
 *
 * @module
 */

import type { FileInput, FilesByRole } from "../evidence.ts";
import { FileTaker, refuseText } from "../files.ts";
import { HCL_REPORT_FILE } from "../hcl/files.ts";
import { tdx, type TdxFiles } from "../tdx/mod.ts";
import { PARAVISOR_TPM_FILES, type ParavisorTpmFiles, readParavisorTpm } from "../tpm/paravisor.ts";

/** The HCL report; the quote over the TD report in it, with Intel's collateral; the quote of the paravisor's TPM. */
export interface AzureTdxFiles extends Omit<TdxFiles, "quote">, ParavisorTpmFiles {
  /** What NV index 0x01400001 holds. */
  readonly hclReport: Uint8Array;
  /** Quote over the TD report in it, as the metadata service makes it. */
  readonly tdQuote: Uint8Array;
}

/** What the flags say. */
export const AZURE_TDX_FILES: readonly FileInput[] = [
  { ...HCL_REPORT_FILE, required: true },
  {
    role: "tdQuote",
    flag: "td-quote",
    required: true,
    multiple: false,
    says: "quote over the TD report in the HCL report, raw bytes",
  },
  ...tdx.files.filter(({ role }) => role !== "quote"),
  ...PARAVISOR_TPM_FILES,
];

/** The collateral, by the roles that TDX has for it. */
const COLLATERAL: readonly string[] = tdx.files.map(({ role }) => role).filter((role) =>
  role !== "quote"
);

/**
 * Reads the files by role.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.encoding`, `input.value`
 */
export function readFiles(files: FilesByRole): AzureTdxFiles {
  const taker = new FileTaker(files, "an HCL report of TDX");
  const hclReport = refuseText(taker.one("hclReport"), "hclReport");
  const tdQuote = refuseText(taker.one("tdQuote"), "tdQuote");
  const given = Object.fromEntries(COLLATERAL.map((role) => [role, files[role]]));
  const { quote: _, ...collateral } = tdx.readFiles({ ...given, quote: tdQuote });
  return { ...collateral, ...readParavisorTpm(files), hclReport, tdQuote };
}

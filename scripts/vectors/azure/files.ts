/**
 * Names of the files of Azure's cases.
 *
 * @module
 */

import type { FilesByRole } from "../../../src/evidence/evidence.ts";
import type { Evidence } from "../source.ts";

/** What both TEEs have. */
const COMMON = {
  hclReport: "hcl.bin",
  tpmQuoteMsg: "quote.msg",
  tpmQuoteSig: "quote.sig",
  akPub: "ak.pub",
  pcrs: "pcrs.json",
  eventLog: "eventlog.bin",
} as const;

/** By role, of SEV-SNP; the parts of an HCL report stand in a case that has no whole one. */
export const SNP_FILES = {
  ...COMMON,
  report: "report.bin",
  runtimeData: "runtime_data.json",
  leaf: "leaf.der",
  chainAskArk: "chain.der",
  crls: ["crl.der"],
} as const;

/** By role, of TDX. */
export const TDX_FILES = {
  ...COMMON,
  tdQuote: "td_quote.bin",
  tcbInfo: "tcb_info.json",
  qeIdentity: "qe_identity.json",
  tcbChain: "tcb_chain.der",
  pckCrl: "pck_crl.der",
  pckCrlChain: "pck_crl_chain.der",
  rootCrl: "root_crl.der",
} as const;

/** The lab root. */
export const ROOT = "root.der";

/** The statement. */
export const STATEMENT = "statement.json";

/**
 * Files by name.
 *
 * @param names Names by role.
 * @param files Files by role.
 */
export function byName(
  names: Readonly<Record<string, string | readonly string[]>>,
  files: FilesByRole,
): Evidence {
  return Object.fromEntries(
    Object.entries(files).flatMap(([role, file]) => {
      const [given] = file instanceof Uint8Array ? [file] : file ?? [];
      const [name] = [names[role]].flat();
      return given === undefined || name === undefined ? [] : [[name, given]];
    }),
  );
}

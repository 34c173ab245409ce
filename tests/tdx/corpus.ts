/**
 * Real quotes of TDX and SGX with their collateral.
 *
 * @module
 */

import type { Entry } from "../../scripts/corpus/manifest.ts";
import { tdx, type TdxFiles } from "../../src/evidence/tdx/mod.ts";
import { corpusOf, realEntry } from "../corpus.ts";

export { noCorpus, overReal } from "../corpus.ts";

/** Roles by the corpus's names for them. */
const ROLES: Readonly<Record<string, keyof TdxFiles>> = {
  quote: "quote",
  tcb_info: "tcbInfo",
  qe_identity: "qeIdentity",
  tcb_chain: "tcbChain",
  pck_crl: "pckCrl",
  pck_crl_chain: "pckCrlChain",
  root_crl: "rootCrl",
};

/** Cases with a quote and all of its collateral, by name; none where the corpus is absent. */
export const corpus: ReadonlyMap<string, Entry> = corpusOf(({ input: { tech, files } }) =>
  ["tdx", "sgx", "gcp"].includes(tech) && files["quote"] !== undefined &&
  files["tcb_info"] !== undefined
);

/** A case, with its files as verification takes them. */
export function realCase(
  name: string,
): { readonly files: TdxFiles; readonly now: Date; readonly entry: Entry } {
  const entry = realEntry(name);
  const given = Object.entries(ROLES).flatMap(([role, own]) => {
    const file = entry.input.files[role];
    return file === undefined ? [] : [[own, file] as const];
  });
  if (entry.input.verifyAt === null) throw new Error(`${name} has no time`);
  return { files: tdx.readFiles(Object.fromEntries(given)), now: entry.input.verifyAt, entry };
}

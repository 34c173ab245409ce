/**
 * Real SEV-SNP evidence.
 *
 * @module
 */

import type { Entry } from "../../scripts/corpus/manifest.ts";
import { sevSnp, type SnpFiles } from "../../src/evidence/snp/mod.ts";
import { corpusOf, realEntry } from "../corpus.ts";

export { noCorpus, overReal } from "../corpus.ts";

/** Cases of SEV-SNP, by name; none where the corpus is absent. */
export const corpus: ReadonlyMap<string, Entry> = corpusOf(({ input }) =>
  ["snp", "aws-snp"].includes(input.tech)
);

/** A case, with its files as verification takes them. */
export function realCase(
  name: string,
): { readonly files: SnpFiles; readonly now: Date; readonly entry: Entry } {
  const entry = realEntry(name);
  const { report, leaf, chain_ask_ark: chainAskArk } = entry.input.files;
  if (entry.input.verifyAt === null) throw new Error(`${name} has no time`);
  return {
    files: sevSnp.readFiles({ report, leaf, chainAskArk }),
    now: entry.input.verifyAt,
    entry,
  };
}

/**
 * Real SEV-SNP evidence, read where it is. It lies outside of this repository.
 *
 * @module
 */

import { fromFileUrl } from "../../scripts/process.ts";
import { type Entry, readCorpus } from "../../scripts/corpus/manifest.ts";
import { sevSnp, type SnpFiles } from "../../src/evidence/snp/mod.ts";

const FOLDER = fromFileUrl(new URL("../../../shared/evidence", import.meta.url));

/** Cases of SEV-SNP, by name; none where the corpus is absent. */
export const corpus: ReadonlyMap<string, Entry> = await readSnp();

/** Whether there is no real evidence here; said once. */
export const noCorpus: boolean = corpus.size === 0;

async function readSnp(): Promise<ReadonlyMap<string, Entry>> {
  try {
    const entries = (await readCorpus(FOLDER)).map((entry) => {
      if ("problem" in entry) throw new Error(`Cannot read ${entry.name}: ${entry.problem}`);
      return entry;
    });
    return new Map(
      entries.filter(({ input }) => ["snp", "aws-snp"].includes(input.tech))
        .map((entry) => [entry.input.name, entry]),
    );
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.warn(`ignored: tests over real evidence, since ${FOLDER} is not there`);
    return new Map();
  }
}

/** Name of a test over real evidence, which says why it is ignored. */
export function overReal(name: string): { readonly name: string; readonly ignore: boolean } {
  return { name: noCorpus ? `${name} (ignored: no real evidence here)` : name, ignore: noCorpus };
}

/** A case, with its files as verification takes them. */
export function realCase(
  name: string,
): { readonly files: SnpFiles; readonly now: Date; readonly entry: Entry } {
  const entry = corpus.get(name);
  if (entry === undefined) throw new Error(`The corpus has no case ${name}`);
  const { report, leaf, chain_ask_ark: chainAskArk } = entry.input.files;
  if (entry.input.verifyAt === null) throw new Error(`${name} has no time`);
  return {
    files: sevSnp.readFiles({ report, leaf, chainAskArk }),
    now: entry.input.verifyAt,
    entry,
  };
}

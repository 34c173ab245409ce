/**
 * Real evidence, read where it is. It lies outside of this repository.
 *
 * @module
 */

import { type Entry, readCorpus } from "../scripts/corpus/manifest.ts";
import { fromFileUrl } from "../scripts/process.ts";

const FOLDER = fromFileUrl(new URL("../../shared/evidence", import.meta.url));

/** All cases, by name; none where the corpus is absent. */
const entries: ReadonlyMap<string, Entry> = await read();

/** Whether there is no real evidence here; said once. */
export const noCorpus: boolean = entries.size === 0;

async function read(): Promise<ReadonlyMap<string, Entry>> {
  try {
    const found = (await readCorpus(FOLDER)).map((entry) => {
      if ("problem" in entry) throw new Error(`Cannot read ${entry.name}: ${entry.problem}`);
      return entry;
    });
    return new Map(found.map((entry) => [entry.input.name, entry]));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.warn(`ignored: tests over real evidence, since ${FOLDER} is not there`);
    return new Map();
  }
}

/** Cases that a technology can look at. */
export function corpusOf(takes: (entry: Entry) => boolean): ReadonlyMap<string, Entry> {
  return new Map([...entries].filter(([, entry]) => takes(entry)));
}

/** One case. */
export function realEntry(name: string): Entry {
  const entry = entries.get(name);
  if (entry === undefined) throw new Error(`The corpus has no case ${name}`);
  return entry;
}

/** Name of a test over real evidence, which says why it is ignored. */
export function overReal(name: string): { readonly name: string; readonly ignore: boolean } {
  return { name: noCorpus ? `${name} (ignored: no real evidence here)` : name, ignore: noCorpus };
}

/**
 * Whether `wasm/lib/` belongs to the sources beside it, told without building.
 *
 * @module
 */
import { type BuildRecord, RECORD, renderInline } from "./lib.ts";
import { hashSources, sha256 } from "./sources.ts";

/**
 * @param crate Folder of the crate, with a slash at the end.
 * @returns What is stale, as a sentence; undefined if nothing is.
 */
export async function findStale(crate: string): Promise<string | undefined> {
  const record = await readRecord(crate);
  const module = await Deno.readFile(`${crate}lib/casemate_core_bg.wasm`);
  if (sha256(module) !== record.module) return `the module is not the one of ${RECORD}`;
  const inline = await Deno.readTextFile(`${crate}lib/casemate_core_wasm.ts`);
  if (inline !== renderInline(module)) return "casemate_core_wasm.ts is not the module";
  const sources = await hashSources(crate);
  if (sources !== record.sources) {
    return `the sources of the crate have hash ${sources}, the module is of ${record.sources}`;
  }
  return undefined;
}

/** Reads `wasm/lib/BUILD.json`. */
export async function readRecord(crate: string): Promise<BuildRecord> {
  return JSON.parse(await Deno.readTextFile(`${crate}lib/${RECORD}`));
}

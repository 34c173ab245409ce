/**
 * Whether `wasm/lib/` belongs to the sources beside it, told without building.
 *
 * @module
 */
import { NOTICES_FILE } from "../notices/crates.ts";
import { readInline } from "./inline_text.ts";
import { type BuildRecord, RECORD } from "./lib.ts";
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
  const held = readInline(inline);
  if (held === undefined || sha256(held) !== record.module) {
    return "casemate_core_wasm.ts is not the module";
  }
  const notices = await Deno.readFile(`${crate}lib/${NOTICES_FILE}`);
  if (sha256(notices) !== record.notices) return `${NOTICES_FILE} is not the one of ${RECORD}`;
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

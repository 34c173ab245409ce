/**
 * What the engine and a verify-only bundle weigh.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import { chunksOf, readChunks } from "../../scripts/chunks.ts";
import { bundle } from "../../scripts/pack.ts";
import { fromFileUrl } from "../../scripts/process.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** The engine's module. */
export const WASM = `${ROOT}wasm/lib/casemate_core_bg.wasm`;

/** How much something weighs. */
export interface Size {
  /** What. */
  readonly title: string;
  /** Bytes. */
  readonly bytes: number;
  /** Bytes after gzip. */
  readonly gzip: number;
}

/** Weighs the module, its form in TypeScript, and `mod.ts` bundled for browsers and minified. */
export async function weigh(): Promise<readonly Size[]> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-weigh-" });
  try {
    await bundle(["mod.ts"], folder, ["--minify"]);
    const { always, onRequest } = chunksOf(await readChunks(folder), "mod.js");
    const paths = (names: readonly string[]): readonly string[] =>
      names.map((name) => `${folder}/${name}`);
    return [
      await weighFiles("engine: wasm", [WASM]),
      await weighFiles("engine: deflated, in TypeScript", [
        `${ROOT}wasm/lib/casemate_core_wasm.ts`,
      ]),
      await weighFiles("library: mod.ts bundled, minified, engine included", paths(always)),
      await weighFiles("library: portable engine, loaded on request", paths(onRequest)),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function weighFiles(title: string, paths: readonly string[]): Promise<Size> {
  const bytes = concat(...await Promise.all(paths.map((path) => Deno.readFile(path))));
  const packed = new Response(bytes).body?.pipeThrough(new CompressionStream("gzip"));
  const gzip = await new Response(packed ?? null).arrayBuffer();
  return { title, bytes: bytes.length, gzip: gzip.byteLength };
}

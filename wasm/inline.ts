/**
 * The module as it ships inside the program. The compiled module is the only
 * state that any module of this package keeps.
 *
 * @module
 */

import { CASEMATE_CORE_WASM } from "./lib/casemate_core_wasm.ts";

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * The compiled module; inflates and compiles it at the first call.
 *
 * @throws {WebAssembly.CompileError} where compiling from bytes is forbidden, as in Workers.
 */
export function inlineModule(): Promise<WebAssembly.Module> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<WebAssembly.Module> {
  const packed = new Blob([decode(CASEMATE_CORE_WASM)]).stream();
  const module = new Response(packed.pipeThrough(new DecompressionStream("deflate-raw")));
  return await WebAssembly.compile(await module.arrayBuffer());
}

/** A loop over numbers, since it stands before every first verification and is ten times as fast as a function for each. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * The module as it ships inside the program. The compiled module is the only
 * state that any module of this package keeps.
 *
 * @module
 */

import { CASEMATE_CORE_WASM } from "./lib/casemate_core_wasm.ts";

let compiled: WebAssembly.Module | undefined;

/**
 * The compiled module; compiles it at the first call.
 *
 * @throws {WebAssembly.CompileError} where compiling from bytes is forbidden, as in Workers.
 */
export function inlineModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(decode(CASEMATE_CORE_WASM));
  return compiled;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * The engine over the module that ships as base64 inside the program, for Deno,
 * Node and browsers. Workers forbid compiling from bytes: they give a
 * `WebAssembly.Module` to `createEngine`.
 *
 * @module
 */

import { inlineModule } from "../../wasm/inline.ts";
import { createEngine, type Engine } from "./crypto.ts";

/** The engine of this program; the module is compiled at the first call. */
export const inlineEngine: Engine = lazyEngine();

function lazyEngine(): Engine {
  let engine: Engine | undefined;
  return {
    run(operation, parts) {
      engine ??= createEngine(inlineModule());
      return engine.run(operation, parts);
    },
  };
}

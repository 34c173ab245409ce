/**
 * The engine over the module that ships as text inside the program, for Deno,
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
  let engine: Promise<Engine> | undefined;
  return {
    async run(operation, parts) {
      engine ??= inlineModule().then(createEngine);
      return await (await engine).run(operation, parts);
    },
  };
}

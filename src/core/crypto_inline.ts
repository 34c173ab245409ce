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
      engine ??= inlineModule().then(createEngine, notCompiled);
      return await (await engine).run(operation, parts);
    },
  };
}

/** Where compiling is forbidden, what is thrown says no more than that; what can be done is known here. */
function notCompiled(cause: unknown): never {
  const remedies = "in a page, let its policy have 'wasm-unsafe-eval'; in a Worker, take the " +
    "condition workerd or give the module to ./workerd; ./portable needs no WebAssembly";
  const says = `Cannot compile the WASM module here: ${remedies} [engine.failed]`;
  throw new Error(says, { cause });
}

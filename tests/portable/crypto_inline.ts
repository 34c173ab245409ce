/**
 * Stands in for `src/core/crypto_inline.ts` where a suite is run by
 * `scripts/test_engines.ts`: everything is asked of both engines, and any
 * difference ends the test.
 *
 * @module
 */

import { createEngine, type Engine, type Operation } from "../../src/core/crypto.ts";
import { createPortableEngine, type Operations } from "../../src/core/portable/engine.ts";
import { inlineModule } from "../../wasm/inline.ts";
import { allOperations, askBoth } from "./strict.ts";

const wasm = createEngine(await inlineModule());
let operations: Promise<Operations> | undefined;

/** Both engines in one. */
export const inlineEngine: Engine = {
  async run(operation, parts) {
    operations ??= allOperations();
    const known = await operations;
    // What only one engine knows is asked of that one.
    if (!isCommon(operation) && known[operation] === undefined) {
      return await wasm.run(operation, parts);
    }
    return await askBoth([wasm, createPortableEngine(known)], operation, parts);
  },
};

function isCommon(operation: Operation): boolean {
  return operation === "x509_describe" || operation === "cache_clear";
}

/**
 * The portable engine: the operations of the WASM module in TypeScript, over
 * WebCrypto and `@noble/curves`. For places where WASM may not be compiled, and
 * as a second opinion: it is written from the specifications and shares no code
 * with the module.
 *
 * @module
 */

import type { Engine, Operation } from "../crypto.ts";
import { CasemateError } from "../errors.ts";
import { x509Extension } from "./certificate_extension.ts";
import { x509Describe } from "./describe.ts";
import { argumentsOf, misuse } from "./frame.ts";

/** An operation: takes the parts that `wasm/README.md` lists; gives the same answer, at once or later, or throws the refusal. */
export type PortableOperation = (parts: readonly Uint8Array[]) => unknown;

/** Operations of a technology. */
export type Operations = Readonly<Partial<Record<Operation, PortableOperation>>>;

/** Operations that every technology needs. */
const COMMON: Operations = {
  x509_describe: x509Describe,
  x509_extension: x509Extension,
  cache_clear: (parts) => {
    // Nothing is kept from one call to the next.
    argumentsOf(parts, 0);
    return null;
  },
};

/**
 * An engine over operations in TypeScript.
 *
 * @param operations Those of the technology that is asked about.
 */
export function createPortableEngine(operations: Operations): Engine {
  const known: Operations = { ...COMMON, ...operations };
  return {
    run(operation, parts) {
      // Copies, which nobody can change while something is waited for.
      return call(operation, known[operation], parts.map((part) => new Uint8Array(part)));
    },
  };
}

async function call(
  operation: Operation,
  run: PortableOperation | undefined,
  parts: readonly Uint8Array[],
): Promise<unknown> {
  try {
    if (run === undefined) throw misuse("the portable engine does not know it");
    return await run(parts);
  } catch (cause) {
    if (cause instanceof CasemateError) throw cause;
    throw new Error(`Cannot run ${operation}: the engine stopped [engine.failed]`, { cause });
  }
}

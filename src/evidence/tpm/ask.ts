/**
 * Asks the engine about TPMs.
 *
 * @module
 */

import type { Engine, Operation } from "../../core/crypto.ts";

/** Operations about TPMs, as `wasm/README.md` lists them. */
export type TpmOperation = "tpm_quote" | "tpm_public" | "tpm_signature" | "tpm_verify";

/**
 * Runs an operation.
 *
 * @param engine Verification engine.
 * @param operation Its name.
 * @param parts Its arguments.
 */
export function ask(
  engine: Engine,
  operation: TpmOperation,
  parts: readonly Uint8Array[],
): Promise<unknown> {
  const name: string = operation;
  // The module that is committed may be older than this code; an engine without the operation says so.
  return engine.run(name as Operation, parts);
}

/**
 * Reads the protocol's vectors, `tests/vectors/protocol/`.
 *
 * @module
 */
import type {
  BindingVectors,
  EnvelopeVectors,
  StatementVectors,
} from "../../scripts/vectors/protocol/shapes.ts";

/** Where they are. */
export const VECTORS: URL = new URL("../vectors/protocol/", import.meta.url);

async function read<T>(name: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(name, VECTORS)));
}

/** Statements. */
export const statements: StatementVectors = await read("statements.json");
/** What binds them. */
export const bindings: BindingVectors = await read("bindings.json");
/** Envelopes. */
export const envelopes: EnvelopeVectors = await read("envelopes.json");

/**
 * Reads the exact examples of `docs/protocol.md`.
 *
 * @module
 */
import assert from "node:assert/strict";

/** The text. */
export const PROTOCOL: string = await Deno.readTextFile(
  new URL("../../docs/protocol.md", import.meta.url),
);

const BLOCK = /^```text example=([a-z0-9-]+)\n(.*)\n```$/gm;

/** Examples by name, one line each. */
const EXAMPLES = new Map([...PROTOCOL.matchAll(BLOCK)].map(([, name, text]) => [name, text]));

/**
 * An example.
 *
 * @param name Its name.
 */
export function example(name: string): string {
  const text = EXAMPLES.get(name);
  assert.ok(text !== undefined, `docs/protocol.md has no example ${name}`);
  return text;
}

/** Names of the examples. */
export const NAMES: readonly string[] = [...EXAMPLES.keys()].map(String);

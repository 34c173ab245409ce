/**
 * `casemate result keys`: public keys of verifiers as a JWK Set.
 *
 * @module
 */

import { jwkOf } from "../../results/jwks.ts";
import type { Context } from "../context.ts";
import { FileReader } from "../input/files.ts";
import { readKeyFile } from "../input/token_file.ts";
import { printableJson } from "../output/printable.ts";

/**
 * Prints a JWK Set (RFC 7517 §5).
 *
 * @param context The machine.
 * @param paths Public keys; each key is printed once.
 * @throws {InputError} naming the argument.
 */
export async function printKeys({ host }: Context, paths: readonly string[]): Promise<void> {
  const reader = new FileReader(host.files);
  const found = new Map<string, ReturnType<typeof jwkOf>>();
  for (const path of paths) {
    for (const key of await readKeyFile(reader, "FILE", path)) found.set(key.id, jwkOf(key));
  }
  host.terminal.out(`${printableJson({ keys: [...found.values()] })}\n`);
}

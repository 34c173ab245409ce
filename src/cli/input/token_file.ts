/**
 * Reads files that hold tokens and verifiers' keys.
 *
 * @module
 */

import { CasemateError } from "../../core/errors.ts";
import type { PublicKey } from "../../core/signing_key.ts";
import { readVerifierKeys } from "../../results/jwks.ts";
import { MAX_TOKEN_CHARACTERS } from "../../results/jws.ts";
import { fileName, type FileReader } from "./files.ts";
import { renamed } from "./given.ts";

/** Name of the argument. */
export const TOKEN = "TOKEN";

/**
 * Reads a token; a line end behind it is the file's.
 *
 * @param reader Reads files.
 * @param path Path; `-` is standard input.
 * @throws {InputError} naming the argument.
 */
export async function readTokenFile(reader: FileReader, path: string): Promise<string> {
  const { bytes } = await reader.read(TOKEN, path, MAX_TOKEN_CHARACTERS + 2);
  // What is no ASCII is no token: the reader of tokens says so.
  return new TextDecoder().decode(bytes).replace(/\r?\n$/, "");
}

/**
 * Reads verifiers' public keys.
 *
 * @param reader Reads files.
 * @param flag The flag or argument as it is typed.
 * @param path Path.
 * @throws {InputError} naming the flag.
 */
export async function readKeyFile(
  reader: FileReader,
  flag: string,
  path: string,
): Promise<readonly PublicKey[]> {
  const { bytes } = await reader.read(flag, path);
  try {
    return await readVerifierKeys(bytes);
  } catch (cause) {
    if (!(cause instanceof CasemateError)) throw cause;
    const [, why = cause.message] = /^Cannot [^:]+: (.*)$/s.exec(cause.message) ?? [];
    throw renamed(cause, `Cannot use ${fileName(path)} as key of a verifier: ${why}`, flag);
  }
}

/**
 * Reads files that hold tokens and verifiers' keys.
 *
 * @module
 */

import { CasemateError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import type { PublicKey } from "../../core/signing_key.ts";
import { readVerifierKeys } from "../../results/jwks.ts";
import { MAX_TOKEN_CHARACTERS } from "../../results/jws.ts";
import { PUBLIC_KEY_KINDS, readOwn, wrongKind } from "../kinds/own.ts";
import { fileName, type FileReader } from "./files.ts";
import { renamed } from "./given.ts";

/** Name of the argument. */
export const TOKEN = "TOKEN";

const TOKEN_KINDS: readonly string[] = ["ear", "jwt"];
const KEY_KINDS: readonly string[] = [...PUBLIC_KEY_KINDS, "jwks", "jwks-secret"];

/**
 * Reads a token; a line end behind it is the file's.
 *
 * @param reader Reads files.
 * @param path Path; `-` is standard input.
 * @throws {InputError} naming the argument.
 */
export async function readTokenFile(reader: FileReader, path: string): Promise<string> {
  const place = { flag: TOKEN, limit: MAX_TOKEN_CHARACTERS + 2, kinds: TOKEN_KINDS };
  return await readOwn(reader, path, place, async (file) => {
    // What is no ASCII is no token: the reader of tokens says so.
    const token = new TextDecoder().decode(file.bytes).replace(/\r?\n$/, "");
    const wrong = /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
      ? null
      : await wrongKind(file, TOKEN_KINDS);
    if (wrong === null) return token;
    throw wrong;
  });
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
  const place = { flag, limit: MAX_FILE_BYTES, kinds: KEY_KINDS };
  return await readOwn(reader, path, place, async ({ bytes }) => {
    try {
      return await readVerifierKeys(bytes);
    } catch (cause) {
      if (!(cause instanceof CasemateError)) throw cause;
      const [, why = cause.message] = /^Cannot [^:]+: (.*)$/s.exec(cause.message) ?? [];
      throw renamed(cause, `Cannot use ${fileName(path)} as key of a verifier: ${why}`, flag);
    }
  });
}

/**
 * Keys that sign bundles, from files.
 *
 * @module
 */

import { CasemateError } from "../../core/errors.ts";
import { type PublicKey, readPublicKey } from "../../core/signing_key.ts";
import type { FileReader } from "../input/files.ts";
import { type Given, renamed } from "../input/given.ts";
import { OWNER_KEY_FLAG } from "../verify_flags.ts";

/**
 * Reads the key that a bundle must be signed with; none where none is given.
 *
 * @param given The flags.
 * @param reader Reads files.
 * @throws {InputError} naming the flag.
 */
export async function readOwnerKeys(
  given: Given,
  reader: FileReader,
): Promise<readonly PublicKey[]> {
  const path = given.text(OWNER_KEY_FLAG);
  if (path === undefined) return [];
  const { bytes } = await reader.read(`--${OWNER_KEY_FLAG}`, path);
  return [await withFlag(`--${OWNER_KEY_FLAG}`, () => readPublicKey(bytes))];
}

/**
 * Does something whose errors are about a flag or an argument.
 *
 * @param flag What to look at.
 * @param work What is done.
 */
export async function withFlag<T>(flag: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CasemateError ? renamed(error, error.message, flag) : error;
  }
}

/**
 * Keys of the owner and keys that sign, from files.
 *
 * @module
 */

import { CasemateError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import {
  type PublicKey,
  readPublicKey,
  readSigningKey,
  type SigningKey,
} from "../../core/signing_key.ts";
import type { FileReader, GivenFile } from "../input/files.ts";
import { type Given, renamed } from "../input/given.ts";
import { PRIVATE_KEY_KINDS, PUBLIC_KEY_KINDS, readOwn } from "../kinds/own.ts";
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
  return [await readPublic(reader, `--${OWNER_KEY_FLAG}`, path)];
}

/**
 * Reads a public key.
 *
 * @param reader Reads files.
 * @param flag The flag as it is typed.
 * @param path Path.
 * @throws {InputError} naming the flag.
 */
export async function readPublic(
  reader: FileReader,
  flag: string,
  path: string,
): Promise<PublicKey> {
  const place = { flag, limit: MAX_FILE_BYTES, kinds: PUBLIC_KEY_KINDS };
  const read = ({ bytes }: GivenFile) => withFlag(flag, () => readPublicKey(bytes));
  return await readOwn(reader, path, place, read);
}

/**
 * Reads a key that signs.
 *
 * @param reader Reads files.
 * @param flag The flag as it is typed.
 * @param path Path.
 * @throws {InputError} naming the flag.
 */
export async function readSigner(
  reader: FileReader,
  flag: string,
  path: string,
): Promise<SigningKey> {
  const place = { flag, limit: MAX_FILE_BYTES, kinds: PRIVATE_KEY_KINDS };
  const read = ({ bytes }: GivenFile) => withFlag(flag, () => readSigningKey(bytes));
  return await readOwn(reader, path, place, read);
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

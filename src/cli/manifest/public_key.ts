/**
 * A public key that a flag names.
 *
 * @module
 */

import { MAX_FILE_BYTES } from "../../core/limits.ts";
import { type PublicKey, readPublicKey } from "../../core/signing_key.ts";
import { withFlag } from "../collateral/key_files.ts";
import type { FileReader } from "../input/files.ts";
import { PUBLIC_KEY_KINDS, readOwn } from "../kinds/own.ts";

/**
 * Reads it.
 *
 * @param reader Reads files.
 * @param flag The flag.
 * @param path Path.
 * @throws {InputError} `key.*`, naming the flag.
 */
export async function readPublic(
  reader: FileReader,
  flag: string,
  path: string,
): Promise<PublicKey> {
  const place = { flag, limit: MAX_FILE_BYTES, kinds: PUBLIC_KEY_KINDS };
  return await readOwn(
    reader,
    path,
    place,
    ({ bytes }) => withFlag(flag, () => readPublicKey(bytes)),
  );
}

/**
 * Keys that sign, in files or in devices that keep them.
 *
 * @module
 */

import { isDeviceKey } from "../../core/device_keys.ts";
import type { SigningKey } from "../../core/signing_key.ts";
import { readSigner, withFlag } from "../collateral/key_files.ts";
import type { Context } from "../context.ts";
import type { FileReader } from "../input/files.ts";

/** How values of such flags are written in `--help`; shells complete it as a path. */
export const KEY_VALUE = "FILE";

/** What such a flag takes, for `--help`. */
export const KEY_SAYS = "a file, or a key in a device, as pkcs11:token=owner;object=casemate";

/**
 * Opens keys, does something with them, and ends the sessions with devices.
 *
 * @param context The machine.
 * @param reader Reads files.
 * @param given The flag as it is typed, and what was given for it: paths, or URIs of PKCS #11.
 * @param work What is done.
 * @throws {CasemateError} `key.*`, `keys.*`, naming the flag; and what the work throws.
 */
export async function withSigners<T>(
  { host }: Context,
  reader: FileReader,
  { flag, words }: { readonly flag: string; readonly words: readonly string[] },
  work: (keys: readonly SigningKey[]) => Promise<T>,
): Promise<T> {
  const keys: SigningKey[] = [];
  const open: { close(): void }[] = [];
  try {
    for (const word of words) {
      if (!isDeviceKey(word)) {
        keys.push(await readSigner(reader, flag, word));
        continue;
      }
      const key = await withFlag(flag, () => host.deviceKeys.open(word));
      open.push(key);
      keys.push(key);
    }
    return await work(keys);
  } finally {
    for (const key of open) key.close();
  }
}

/**
 * Certificate and key of the server.
 *
 * @module
 */

import { MAX_FILE_BYTES } from "../../core/limits.ts";
import type { Host, TlsIdentity } from "../../core/ports.ts";
import { withFlag } from "../collateral/key_files.ts";
import type { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { TLS_CERT_FLAG, TLS_KEY_FLAG } from "./flags.ts";

/**
 * Reads them; null where there is no TLS.
 *
 * @param host The machine.
 * @param given The flags.
 * @param reader Reads files.
 * @throws {InputError} naming the flag.
 */
export async function readIdentity(
  { servers }: Host,
  given: Given,
  reader: FileReader,
): Promise<TlsIdentity | null> {
  const flags = [TLS_CERT_FLAG, TLS_KEY_FLAG];
  const missing = flags.filter((flag) => !given.has(flag));
  if (missing.length === flags.length) return null;
  const [absent] = missing;
  if (absent !== undefined) {
    const message =
      `Cannot serve over TLS without --${absent}: a certificate and its key go together`;
    throw flagError("input.missing", message, `--${absent}`);
  }
  const read = async (flag: string): Promise<Uint8Array> =>
    (await reader.read(`--${flag}`, given.text(flag) ?? "", MAX_FILE_BYTES)).bytes;
  const identity = { certificate: await read(TLS_CERT_FLAG), key: await read(TLS_KEY_FLAG) };
  const about = flags.map((flag) => `--${flag}`).join(", ");
  await withFlag(about, () => servers.checkIdentity(identity));
  return identity;
}

/**
 * Hash functions by the names that banks have.
 *
 * @module
 */

import type { PcrBank } from "./report.ts";

/** The same as WebCrypto names them. */
export const WEB_CRYPTO_NAME: Readonly<Record<PcrBank, string>> = {
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

/**
 * A digest.
 *
 * @param name The hash.
 * @param data What is hashed.
 */
export async function hash(name: PcrBank, data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const copy = Uint8Array.from(data);
  return new Uint8Array(await crypto.subtle.digest(WEB_CRYPTO_NAME[name], copy));
}

/**
 * An HMAC.
 *
 * @param name The hash.
 * @param key The key; may be empty.
 * @param data What is authenticated.
 */
export async function hmac(
  name: PcrBank,
  key: Uint8Array,
  data: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  // A key is filled with zeros to the block (RFC 2104 §2), so that an empty one is a zero; WebCrypto refuses the empty.
  const raw = key.length === 0 ? new Uint8Array(1) : Uint8Array.from(key);
  const algorithm = { name: "HMAC", hash: WEB_CRYPTO_NAME[name] };
  const imported = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, Uint8Array.from(data)));
}

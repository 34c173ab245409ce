/**
 * HKDF with SHA-256 (RFC 5869).
 *
 * @module
 */

import { concat } from "./bytes.ts";

/** Most bytes that one derivation gives: 255 blocks of the hash (RFC 5869 §2.3). */
const MAX_OUTPUT_BYTES = 255 * 32;

/**
 * Derives a key: extract, then expand.
 *
 * @param secret What is secret, of any length but none.
 * @param salt What need not be secret; empty stands for 32 zero bytes (RFC 5869 §2.2).
 * @param info What the key is for; framed where it has several fields (protocol §1).
 * @param length How many bytes, 1 to 8160.
 * @throws {RangeError} on another length, and on an empty secret.
 */
export async function hkdfSha256(
  secret: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!Number.isSafeInteger(length) || length < 1 || length > MAX_OUTPUT_BYTES) {
    throw new RangeError(`Cannot derive ${length} bytes, expected 1 to ${MAX_OUTPUT_BYTES}`);
  }
  // Nobody derives a key from nothing on purpose.
  if (secret.length === 0) throw new RangeError("Cannot derive a key: the secret is empty");
  const key = await crypto.subtle.importKey("raw", concat(secret), "HKDF", false, ["deriveBits"]);
  const way = { name: "HKDF", hash: "SHA-256", salt: concat(salt), info: concat(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(way, key, length * 8));
}

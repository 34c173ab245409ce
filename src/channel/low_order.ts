/**
 * Points of X25519 with which whoever made them knows every shared secret: it
 * is zero (RFC 7748 §6.1). HPKE demands that they are refused (RFC 9180 §7.1.4);
 * most platforms do at the first use, this table does on all.
 *
 * @module
 */

import { equal, fromHex } from "../core/bytes.ts";

/** All u whose order divides eight, little-endian, and the same ones beyond p. */
const LOW_ORDER: readonly Uint8Array[] = [
  // 0, 1, two of order 8, p - 1
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  // p and p + 1, which are 0 and 1
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map((hex) => fromHex(hex));

/** The highest bit is not read (RFC 7748 §5). */
const READ_BITS = 0x7f;

/**
 * Whether a public key gives a secret that is known beforehand.
 *
 * @param key Public key, 32 bytes.
 */
export function isLowOrder(key: Uint8Array): boolean {
  const read = Uint8Array.from(key);
  read[31] = (read[31] ?? 0) & READ_BITS;
  return LOW_ORDER.some((point) => equal(point, read));
}

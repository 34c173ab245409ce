/**
 * Writes keys that come as bare numbers as SubjectPublicKeyInfo (RFC 3279 §2.3.1, RFC 5480 §2).
 *
 * @module
 */

import { concat } from "../bytes.ts";
import { TAG } from "./der.ts";

/** rsaEncryption, with parameters NULL. */
const RSA_ALGORITHM = Uint8Array.of(
  ...[TAG.sequence, 13, TAG.oid, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1],
  ...[TAG.null, 0],
);
/** 65537. */
const EXPONENT = Uint8Array.of(1, 0, 1);
/** id-ecPublicKey. */
const EC_KEY = Uint8Array.of(TAG.oid, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1);

/** Named curves. */
export type NamedCurve = "P-256" | "P-384";

const CURVES: Readonly<Record<NamedCurve, Uint8Array>> = {
  "P-256": Uint8Array.of(TAG.oid, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7),
  "P-384": Uint8Array.of(TAG.oid, 5, 0x2b, 0x81, 4, 0, 0x22),
};

/**
 * An RSA key with exponent 65537.
 *
 * @param modulus Big-endian, its first bit set.
 */
export function writeRsaKey(modulus: Uint8Array): Uint8Array {
  const key = encode(
    TAG.sequence,
    encode(TAG.integer, Uint8Array.of(0), modulus),
    encode(TAG.integer, EXPONENT),
  );
  return encode(TAG.sequence, RSA_ALGORITHM, bits(key));
}

/**
 * A key of an elliptic curve.
 *
 * @param curve Its curve.
 * @param x Big-endian, as long as the field.
 * @param y The same.
 */
export function writeEcKey(curve: NamedCurve, x: Uint8Array, y: Uint8Array): Uint8Array {
  const algorithm = encode(TAG.sequence, EC_KEY, CURVES[curve]);
  return encode(TAG.sequence, algorithm, bits(concat(Uint8Array.of(4), x, y)));
}

function bits(content: Uint8Array): Uint8Array {
  return encode(TAG.bitString, Uint8Array.of(0), content);
}

function encode(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concat(...contents);
  return concat(Uint8Array.of(tag), lengthOf(content.length), content);
}

/** X.690 §10.1; no key here has 65536 bytes. */
function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length < 0x100) return Uint8Array.of(0x81, length);
  return Uint8Array.of(0x82, length >> 8, length & 0xff);
}

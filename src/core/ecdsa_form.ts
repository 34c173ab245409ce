/**
 * The two forms of an ECDSA signature: R and S one behind the other, as WebCrypto
 * and JOSE have them, and DER (RFC 3279 §2.2.3), as OpenSSL and DSSE have them.
 *
 * @module
 */

import { concat } from "./bytes.ts";

/**
 * A signature as DER.
 *
 * @param raw R and S, each as long as the field, big-endian; at most 60 bytes each.
 */
export function ecdsaDer(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = raw.length / 2;
  const body = concat(integer(raw.subarray(0, half)), integer(raw.subarray(half)));
  return concat(Uint8Array.of(0x30, body.length), body);
}

function integer(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = start < 0 ? Uint8Array.of(0) : bytes.subarray(start);
  const positive = (short[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), short) : short;
  return concat(Uint8Array.of(0x02, positive.length), positive);
}

/**
 * A signature as R and S.
 *
 * @param der DER of it.
 * @param numberBytes Length of the field, bytes.
 * @returns Undefined where the bytes are not the one encoding of two numbers of that size.
 */
export function ecdsaRaw(
  der: Uint8Array,
  numberBytes: number,
): Uint8Array<ArrayBuffer> | undefined {
  const r = numberAt(der, 2, numberBytes);
  const s = r === undefined ? undefined : numberAt(der, 2 + r.read, numberBytes);
  if (r === undefined || s === undefined) return undefined;
  const raw = concat(r.number, s.number);
  // What has a second form does not lead back to it.
  const again = ecdsaDer(raw);
  const same = again.length === der.length && again.every((byte, i) => byte === der[i]);
  return same ? raw : undefined;
}

function numberAt(
  der: Uint8Array,
  at: number,
  numberBytes: number,
): { readonly number: Uint8Array; readonly read: number } | undefined {
  const length = der[at + 1] ?? 0;
  const bytes = der.subarray(at + 2, at + 2 + length);
  const start = bytes[0] === 0 ? 1 : 0;
  const size = bytes.length - start;
  if (bytes.length !== length || length === 0 || size > numberBytes) return undefined;
  const number = new Uint8Array(numberBytes);
  number.set(bytes.subarray(start), numberBytes - size);
  return { number, read: 2 + length };
}

/**
 * Keys: each place has one kind, on its curve or of its size, and no weaker one.
 *
 * @module
 */

import { p256, p384 } from "@noble/curves/nist.js";
import { concat } from "../../src/core/bytes.ts";
import { der } from "../../src/lab/mod.ts";
import { ecKey, type Edit, type LimboCase, saying } from "./case.ts";

const P256 = "1.2.840.10045.3.1.7";
const P384 = "1.3.132.0.34";
const RSA = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.nullValue());

const key = (publicKey: Uint8Array): Edit => saying(() => ({ publicKey }));

/** The key's own point, changed; of P-256 or P-384 by its size. */
const point = (change: (point: Uint8Array, curve: string) => Uint8Array): Edit =>
  saying(({ publicKey }) => {
    const is384 = publicKey.length > 100;
    const [curve, bytes] = is384 ? [P384, 97] : [P256, 65];
    return { publicKey: ecKey(curve, change(publicKey.subarray(-bytes), curve)) };
  });

const OF = { rule: "RFC 5480 §2.2", expected: "shape" } as const;
/** What OpenSSL can read is a key, of whatever kind. */
const EC_LEAF = { ...OF, openssl: "a leaf's own key is used for nothing here" };

/** Keys of elliptic curves, where a place has one. */
export const EC_KEYS: readonly LimboCase[] = [
  {
    what: "a point beside the curve",
    ...OF,
    edit: point((whole) => whole.map((byte, i) => i === whole.length - 1 ? byte ^ 1 : byte)),
  },
  { what: "X alone and the sign of Y", ...EC_LEAF, edit: point(compressed) },
  {
    what: "both forms of a point in one",
    ...EC_LEAF,
    edit: point((whole) => concat(Uint8Array.of(6 + ((whole.at(-1) ?? 0) & 1)), whole.subarray(1))),
  },
  { what: "the point at infinity", ...EC_LEAF, edit: point(() => new Uint8Array(1)) },
  {
    what: "the point of zeros",
    ...OF,
    edit: point((whole) => whole.map((byte, i) => i === 0 ? byte : 0)),
  },
  {
    what: "X not below the prime",
    ...OF,
    edit: point((whole) => whole.map((byte, i) => i > 0 && i <= whole.length >> 1 ? 0xff : byte)),
  },
  { what: "a point that is cut short", ...OF, edit: point((whole) => whole.subarray(0, -1)) },
  {
    what: "a point with a byte behind it",
    ...OF,
    edit: point((whole) => concat(whole, new Uint8Array(1))),
  },
  { what: "no point", ...OF, edit: point(() => new Uint8Array()) },
  {
    what: "the other curve's name",
    ...OF,
    edit: saying(({ publicKey }) => {
      const is384 = publicKey.length > 100;
      return { publicKey: ecKey(is384 ? P256 : P384, publicKey.subarray(is384 ? -97 : -65)) };
    }),
  },
  {
    what: "a point of the other curve",
    ...EC_LEAF,
    edit: saying(({ publicKey }) => {
      const is384 = publicKey.length > 100;
      const mathematics = is384 ? p256 : p384;
      return { publicKey: ecKey(is384 ? P256 : P384, mathematics.Point.BASE.toBytes(false)) };
    }),
  },
  {
    what: "secp256k1's name",
    ...OF,
    edit: saying(({ publicKey }) => ({
      publicKey: ecKey("1.3.132.0.10", publicKey.subarray(publicKey.length > 100 ? -97 : -65)),
    })),
  },
  {
    what: "no name of a curve",
    ...OF,
    edit: saying(({ publicKey }) => ({
      publicKey: ecKey(null, publicKey.subarray(publicKey.length > 100 ? -97 : -65)),
    })),
  },
  {
    what: "a curve described instead of named",
    ...OF,
    rule: "RFC 5480 §2.1.1: named curves alone (CVE-2020-0601)",
    edit: saying(({ publicKey }) => {
      const is384 = publicKey.length > 100;
      return { publicKey: described(is384 ? p384 : p256, publicKey.subarray(is384 ? -97 : -65)) };
    }),
  },
  {
    what: "a key for agreement alone",
    ...OF,
    rule: "RFC 5480 §2.1.2",
    edit: saying(({ publicKey }) => {
      const is384 = publicKey.length > 100;
      const algorithm = der.sequence(der.oid("1.3.132.1.12"), der.oid(is384 ? P384 : P256));
      const bits = der.bitString(publicKey.subarray(is384 ? -97 : -65));
      return { publicKey: der.sequence(algorithm, bits) };
    }),
  },
  {
    what: "a key of Ed25519",
    ...EC_LEAF,
    edit: key(der.sequence(
      der.sequence(der.oid("1.3.101.112")),
      der.bitString(new Uint8Array(32).fill(9)),
    )),
  },
  {
    what: "a key of RSA",
    ...EC_LEAF,
    edit: key(rsaKey((1n << 2047n) + 1n, 65537n)),
  },
];

function compressed(whole: Uint8Array): Uint8Array {
  const half = whole.subarray(1, 1 + (whole.length >> 1));
  return concat(Uint8Array.of(2 + ((whole.at(-1) ?? 0) & 1)), half);
}

/** SpecifiedECDomain (SEC 1 §C.2) of the very curve. */
function described({ Point }: typeof p256, bytes: Uint8Array): Uint8Array {
  const { p, a, b, n } = Point.CURVE();
  const size = bytes.length >> 1;
  const octets = (value: bigint) =>
    der.octetString(Uint8Array.from(
      { length: size },
      (_, i) => Number(value >> BigInt(8 * (size - 1 - i)) & 0xffn),
    ));
  const domain = der.sequence(
    der.integer(1),
    der.sequence(der.oid("1.2.840.10045.1.1"), der.integer(p)),
    der.sequence(octets(a), octets(b)),
    der.octetString(Point.BASE.toBytes(false)),
    der.integer(n),
    der.integer(1),
  );
  const algorithm = der.sequence(der.oid("1.2.840.10045.2.1"), domain);
  return der.sequence(algorithm, der.bitString(bytes));
}

/** A key of RSA of any numbers. */
function rsaKey(modulus: bigint, exponent: bigint, algorithm: Uint8Array = RSA): Uint8Array {
  const numbers = der.sequence(der.integer(modulus), der.integer(exponent));
  return der.sequence(algorithm, der.bitString(numbers));
}

/** The key's own modulus. */
function modulusOf(spki: Uint8Array): bigint {
  // The 512 octets before the exponent, 02 03 01 00 01.
  return spki.subarray(-517, -5).reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
}

/** The key with its own modulus or another. */
const rsa = (
  change: (modulus: bigint) => readonly [bigint, bigint],
  algorithm?: Uint8Array,
): Edit =>
  saying(({ publicKey }) => ({ publicKey: rsaKey(...change(modulusOf(publicKey)), algorithm) }));

/** INTEGERs that no writer of numbers makes. */
const octets = (modulus: Uint8Array | null, exponent: readonly number[]): Edit =>
  saying(({ publicKey }) => {
    const own = concat(new Uint8Array(1), publicKey.subarray(-517, -5));
    const numbers = der.sequence(
      der.tagged(2, modulus ?? own),
      der.tagged(2, Uint8Array.from(exponent)),
    );
    return { publicKey: der.sequence(RSA, der.bitString(numbers)) };
  });

const STRONG = { rule: "57230 §2: RSA 4096 with exponent 65537", expected: "shape" } as const;

/** Keys of RSA, where a place has one: ARK and ASK. */
export const RSA_KEYS: readonly LimboCase[] = [
  { what: "an exponent of 1", ...STRONG, edit: rsa((n) => [n, 1n]) },
  { what: "an exponent of 2", ...STRONG, edit: rsa((n) => [n, 2n]) },
  { what: "an exponent of 3", ...STRONG, edit: rsa((n) => [n, 3n]) },
  { what: "an exponent of 65536", ...STRONG, edit: rsa((n) => [n, 65536n]) },
  { what: "an exponent of 65539", ...STRONG, edit: rsa((n) => [n, 65539n]) },
  { what: "an exponent of zero", ...STRONG, edit: rsa((n) => [n, 0n]) },
  { what: "an exponent beyond 64 bits", ...STRONG, edit: rsa((n) => [n, (1n << 64n) + 65537n]) },
  { what: "a negative exponent", ...STRONG, edit: octets(null, [0xff]) },
  {
    what: "an exponent with a zero before it",
    ...STRONG,
    edit: octets(null, [0, 1, 0, 1]),
    openssl: "it takes numbers of BER",
  },
  { what: "an even modulus", ...STRONG, edit: rsa((n) => [n - 1n, 65537n]) },
  { what: "a modulus of 4095 bits", ...STRONG, edit: rsa((n) => [n >> 1n | 1n, 65537n]) },
  { what: "a modulus of 4097 bits", ...STRONG, edit: rsa((n) => [n << 1n | 1n, 65537n]) },
  { what: "a modulus of 2048 bits", ...STRONG, edit: rsa((n) => [n >> 2048n | 1n, 65537n]) },
  { what: "a modulus of 1024 bits", ...STRONG, edit: rsa((n) => [n >> 3072n | 1n, 65537n]) },
  { what: "a modulus of 8192 bits", ...STRONG, edit: rsa((n) => [n * n, 65537n]) },
  { what: "a modulus of zero", ...STRONG, edit: rsa(() => [0n, 65537n]) },
  {
    what: "a negative modulus",
    ...STRONG,
    edit: octets(new Uint8Array(512).fill(0x81), [1, 0, 1]),
  },
  {
    what: "no NULL for the parameters",
    rule: "RFC 4055 §1.2",
    expected: "shape",
    edit: rsa((n) => [n, 65537n], der.sequence(der.oid("1.2.840.113549.1.1.1"))),
    openssl: "it does not look at them",
  },
  {
    what: "a key for RSASSA-PSS alone",
    rule: "57230 §2: rsaEncryption",
    expected: "shape",
    edit: rsa((n) => [n, 65537n], der.sequence(der.oid("1.2.840.113549.1.1.10"))),
    openssl: "it may sign so",
  },
  { what: "a key of a curve", ...STRONG, edit: key(ecKey(P384, p384.Point.BASE.toBytes(false))) },
];

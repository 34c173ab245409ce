/**
 * Random RSASSA-PSS signatures, half of them invalid by construction: the
 * encoding of the message (RFC 8017 §9.1.1) is made here, right or bent in one
 * place, and raised to the private exponent.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { concat, fromHex } from "../../../src/core/bytes.ts";
import type { RandomCase } from "./case.ts";
import { bytesOf, flipped, numberOf } from "./number.ts";
import type { Seeded } from "./seeded.ts";

/** Bytes of modulus, encoding and signature. */
export const RSA_BYTES = 512;

/** What an encoding is made by; what AMD specifies unless said. */
interface Encoding {
  readonly hash: string;
  readonly maskHash: string;
  readonly salt: number;
  /** Number of octets that the salt is announced by: 01 stands before it. */
  readonly separator: number;
  readonly trailer: number;
  /** One bit of the zeros before the salt. */
  readonly isPaddingZero: boolean;
  /** First bit, which must be zero (§9.1.1, step 11). */
  readonly isTopClear: boolean;
}

const RIGHT: Encoding = {
  hash: "sha384",
  maskHash: "sha384",
  salt: 48,
  separator: 1,
  trailer: 0xbc,
  isPaddingZero: true,
  isTopClear: true,
};

/** Encodings that are none of AMD's. */
const ENCODINGS: readonly (readonly [what: string, change: Partial<Encoding>])[] = [
  ["no salt", { salt: 0 }],
  ["salt of 20", { salt: 20 }],
  ["salt of 32", { salt: 32 }],
  ["salt of 47", { salt: 47 }],
  ["salt of 49", { salt: 49 }],
  ["salt of 64", { salt: 64 }],
  ["longest salt", { salt: 462 }],
  ["message by SHA-256", { hash: "sha256" }],
  ["message by SHA-512", { hash: "sha512" }],
  ["all by SHA-256", { hash: "sha256", maskHash: "sha256", salt: 32 }],
  ["mask by SHA-256", { maskHash: "sha256" }],
  ["mask by SHA-1", { maskHash: "sha1" }],
  ["separator of 0", { separator: 0 }],
  ["separator of 2", { separator: 2 }],
  ["trailer of cc", { trailer: 0xcc }],
  ["trailer of 0", { trailer: 0 }],
  ["padding not zero", { isPaddingZero: false }],
  ["first bit set", { isTopClear: false }],
];

function digest(hash: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return createHash(hash).update(concat(...parts)).digest();
}

/** MGF1 (§B.2.1). */
function mask(hash: string, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let i = 0n; blocks.reduce((sum, { length }) => sum + length, 0) < length; i++) {
    blocks.push(digest(hash, seed, bytesOf(i, 4)));
  }
  return concat(...blocks).subarray(0, length);
}

/** EMSA-PSS (§9.1.1), with a change or without. */
function encode(message: Uint8Array, random: Seeded, change: Partial<Encoding>): Uint8Array {
  const encoding = { ...RIGHT, ...change };
  const salt = random.bytes(encoding.salt);
  const hashed = digest(encoding.hash, new Uint8Array(8), digest(encoding.hash, message), salt);
  const zeros = RSA_BYTES - salt.length - hashed.length - 2;
  const padding = new Uint8Array(zeros);
  // Its first bit is cleared again below.
  if (!encoding.isPaddingZero) padding[zeros - 1] = 1 << random.number(8);
  const block = concat(padding, Uint8Array.of(encoding.separator), salt);
  const bits = mask(encoding.maskHash, hashed, block.length);
  const masked = block.map((byte, i) => byte ^ (bits[i] ?? 0));
  // A block with its first bit set is still below the modulus where the modulus starts with ones.
  masked[0] = (masked[0] ?? 0) & 0x7f | (encoding.isTopClear ? 0 : 0x80);
  return concat(masked, hashed, Uint8Array.of(encoding.trailer));
}

/** DigestInfo of SHA-384 without the digest (§9.2, note 1). */
const DIGEST_INFO = fromHex("3041300d060960864801650304020205000430");

/** EMSA-PKCS1-v1_5 (§9.2). */
function encodePkcs1(message: Uint8Array): Uint8Array {
  const info = concat(DIGEST_INFO, digest("sha384", message));
  const ones = new Uint8Array(RSA_BYTES - info.length - 3).fill(0xff);
  return concat(Uint8Array.of(0, 1), ones, new Uint8Array(1), info);
}

/** What shall be raised, and what shall become of the outcome. */
export interface RsaPlan {
  /** How it is bent, or that it is not. */
  readonly what: string;
  /** Whether it is a signature. */
  readonly isValid: boolean;
  /** The block that is raised, below the modulus. */
  readonly block: Uint8Array;
  /** The signature, of what came out. */
  readonly finish: (raised: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
}

/** The signature that a plan leads to, and what is known of it. */
export function finished(
  { what, isValid, finish }: RsaPlan,
  raised: Uint8Array<ArrayBuffer>,
): Pick<RandomCase, "what" | "isValid" | "isValidForOracle" | "signature"> {
  const signature = finish(raised);
  const isShort = what === CUT && raised[0] === 0;
  return { what, isValid, signature, ...(isShort ? { isValidForOracle: true } : {}) };
}

/** A signature that is one byte short, which matters to some only where that byte was not zero. */
const CUT = "first byte missing";

/** Changes to a right signature. */
type Finish = (raised: Uint8Array<ArrayBuffer>, random: Seeded, modulus: bigint) => Uint8Array;

const FINISHES: readonly (readonly [what: string, finish: Finish])[] = [
  ["a bit", (raised, random) => flipped(raised, random.number(8 * RSA_BYTES))],
  ["zero", () => new Uint8Array(RSA_BYTES)],
  ["one", () => bytesOf(1n, RSA_BYTES)],
  ["n", (_, __, modulus) => bytesOf(modulus, RSA_BYTES)],
  ["n - 1", (_, __, modulus) => bytesOf(modulus - 1n, RSA_BYTES)],
  ["n - s", (raised, _, modulus) => bytesOf(modulus - numberOf(raised), RSA_BYTES)],
  [
    "s + n, a byte longer",
    (raised, _, modulus) => bytesOf(numberOf(raised) + modulus, RSA_BYTES + 1),
  ],
  ["s + n cut off", (raised, _, modulus) => bytesOf(numberOf(raised) + modulus, RSA_BYTES)],
  ["a zero before", (raised) => concat(new Uint8Array(1), raised)],
  ["a zero behind", (raised) => concat(raised, new Uint8Array(1))],
  [CUT, (raised) => raised.slice(1)],
  ["last byte missing", (raised) => raised.slice(0, -1)],
  ["nothing", () => new Uint8Array()],
  ["little-endian", (raised) => raised.toReversed()],
];

/**
 * Plans a signature.
 *
 * @param random The choices.
 * @param message What it shall be over.
 * @param modulus Of the key that it will be judged by.
 * @param isValid Whether it shall be one.
 */
export function planPss(
  random: Seeded,
  message: Uint8Array,
  modulus: bigint,
  isValid: boolean,
): RsaPlan {
  const whole = (raised: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => raised;
  if (isValid) return { what: "right", isValid, block: encode(message, random, {}), finish: whole };
  const kind = random.number(ENCODINGS.length + FINISHES.length + 2);
  const encoding = ENCODINGS[kind];
  if (encoding !== undefined) {
    const [what, change] = encoding;
    const block = encode(message, random, change);
    if (numberOf(block) < modulus) return { what, isValid, block, finish: whole };
  }
  const bend = FINISHES[kind - ENCODINGS.length];
  if (bend !== undefined) {
    const block = encode(message, random, {});
    const finish = (raised: Uint8Array<ArrayBuffer>) => concat(bend[1](raised, random, modulus));
    return { what: bend[0], isValid, block, finish };
  }
  if (kind % 2 === 0) {
    return { what: "PKCS #1", isValid, block: encodePkcs1(message), finish: whole };
  }
  const another = concat(message, new Uint8Array(1));
  return { what: "other message", isValid, block: encode(another, random, {}), finish: whole };
}

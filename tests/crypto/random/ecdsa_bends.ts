/**
 * Ways to make no signature out of an ECDSA signature.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import { der } from "../../../src/lab/mod.ts";
import { bytesOf, signedBytesOf } from "./number.ts";
import type { Seeded } from "./seeded.ts";

/** R and S, and what their curve says of them. */
export interface Numbers {
  readonly r: bigint;
  readonly s: bigint;
  /** Order of the group. */
  readonly order: bigint;
  /** Bytes of a number in raw form. */
  readonly bytes: number;
}

/** A bend with its name. */
type Named<T> = readonly [what: string, bend: (numbers: Numbers, random: Seeded) => T];

const bit = ({ bytes }: Numbers, random: Seeded): bigint => 1n << BigInt(random.number(8 * bytes));

/** Other numbers, which both forms can write. */
export const NUMBER_BENDS: readonly Named<Numbers>[] = [
  ["a bit of r", (all, random) => ({ ...all, r: all.r ^ bit(all, random) })],
  ["a bit of s", (all, random) => ({ ...all, s: all.s ^ bit(all, random) })],
  ["r + 1", (all) => ({ ...all, r: all.r + 1n })],
  ["s - 1", (all) => ({ ...all, s: all.s - 1n })],
  ["r of zero", (all) => ({ ...all, r: 0n })],
  ["s of zero", (all) => ({ ...all, s: 0n })],
  ["zeros", (all) => ({ ...all, r: 0n, s: 0n })],
  ["ones", (all) => ({ ...all, r: 1n, s: 1n })],
  ["r of n", (all) => ({ ...all, r: all.order })],
  ["s of n", (all) => ({ ...all, s: all.order })],
  ["n - 1 twice", (all) => ({ ...all, r: all.order - 1n, s: all.order - 1n })],
  ["n - r", (all) => ({ ...all, r: all.order - all.r })],
  ["r and s swapped", (all) => ({ ...all, r: all.s, s: all.r })],
  ["all ones", (all) => {
    const most = (1n << BigInt(8 * all.bytes)) - 1n;
    return { ...all, r: most, s: most };
  }],
];

type Bytes = Uint8Array<ArrayBuffer>;

const raw = ({ r, s, bytes }: Numbers): Bytes => concat(bytesOf(r, bytes), bytesOf(s, bytes));

/** Other bytes in the raw form. */
export const RAW_BENDS: readonly Named<Bytes>[] = [
  [
    "r + n, a byte longer",
    ({ r, s, order, bytes }) => concat(bytesOf(r + order, bytes + 1), bytesOf(s, bytes)),
  ],
  [
    "s + n, both a byte longer",
    ({ r, s, order, bytes }) => concat(bytesOf(r, bytes + 1), bytesOf(s + order, bytes + 1)),
  ],
  ["a zero before", (all) => concat(new Uint8Array(1), raw(all))],
  ["a zero behind", (all) => concat(raw(all), new Uint8Array(1))],
  ["first byte missing", (all) => raw(all).slice(1)],
  ["last byte missing", (all) => raw(all).slice(0, -1)],
  ["r alone", (all) => raw(all).slice(0, all.bytes)],
  ["nothing", () => new Uint8Array()],
  [
    "little-endian",
    ({ r, s, bytes }) => concat(bytesOf(r, bytes).reverse(), bytesOf(s, bytes).reverse()),
  ],
  ["DER", ({ r, s }) => writeDer(r, s)],
];

/** INTEGER of any contents. */
const number = (...contents: readonly Uint8Array[]): Bytes => der.tagged(0x02, ...contents);

/** ECDSA-Sig-Value as it must be. */
export function writeDer(r: bigint, s: bigint): Bytes {
  return der.sequence(number(signedBytesOf(r)), number(signedBytesOf(s)));
}

/** The same with a length in one octet more than it needs. */
function withLongLength(encoded: Bytes): Bytes {
  const [tag = 0, first = 0] = encoded;
  const head = first < 0x80 ? [tag, 0x81, first] : [tag, 0x82, 0, encoded[2] ?? 0];
  return concat(Uint8Array.from(head), encoded.subarray(first < 0x80 ? 2 : 3));
}

const of = (bend: (r: Bytes, s: Bytes) => readonly Uint8Array[]) => ({ r, s }: Numbers): Bytes =>
  der.sequence(...bend(number(signedBytesOf(r)), number(signedBytesOf(s))));

const zero = new Uint8Array(1);

/** Contents of a number whose sign octet is left out, or which says that it is negative. */
function negative(value: bigint): Uint8Array {
  const bytes = signedBytesOf(value);
  return bytes[0] === 0 ? bytes.subarray(1) : signedBytesOf(-value);
}

/** Other bytes in the form of DER. */
export const DER_BENDS: readonly Named<Bytes>[] = [
  ["r + n", ({ r, s, order }) => writeDer(r + order, s)],
  ["s + n", ({ r, s, order }) => writeDer(r, s + order)],
  ["r - n", ({ r, s, order }) => writeDer(r - order, s)],
  [
    "r with a zero before",
    ({ r, s }) => der.sequence(number(zero, signedBytesOf(r)), number(signedBytesOf(s))),
  ],
  [
    "s with a zero before",
    ({ r, s }) => der.sequence(number(signedBytesOf(r)), number(zero, signedBytesOf(s))),
  ],
  ["negative r", ({ r, s }) => der.sequence(number(negative(r)), number(signedBytesOf(s)))],
  ["negative s", ({ r, s }) => der.sequence(number(signedBytesOf(r)), number(negative(s)))],
  ["empty r", of((_, s) => [number(), s])],
  ["empty s", of((r) => [r, number()])],
  ["r alone", of((r) => [r])],
  ["a third number", of((r, s) => [r, s, number(zero)])],
  ["s twice", of((r, s) => [r, s, s])],
  ["long length of r", of((r, s) => [withLongLength(r), s])],
  ["long length of s", of((r, s) => [r, withLongLength(s)])],
  ["long length of all", ({ r, s }) => withLongLength(writeDer(r, s))],
  ["indefinite length", ({ r, s }) => {
    const numbers = [number(signedBytesOf(r)), number(signedBytesOf(s))];
    return concat(Uint8Array.of(0x30, 0x80), ...numbers, new Uint8Array(2));
  }],
  ["a byte behind", ({ r, s }) => concat(writeDer(r, s), zero)],
  ["a byte within", of((r, s) => [r, s, zero])],
  ["last byte missing", ({ r, s }) => writeDer(r, s).slice(0, -1)],
  ["first byte missing", ({ r, s }) => writeDer(r, s).slice(1)],
  ["nothing", () => new Uint8Array()],
  ["a SET", ({ r, s }) => {
    const [, ...rest] = writeDer(r, s);
    return Uint8Array.of(0x31, ...rest);
  }],
  ["r as bytes", of((r, s) => [Uint8Array.from([4, ...r.subarray(1)]), s])],
  ["a NULL within", of((r, s) => [r, s, der.nullValue()])],
  ["wrapped once more", ({ r, s }) => der.sequence(writeDer(r, s))],
  ["raw", raw],
];

/**
 * Writes CBOR (RFC 8949), as much of it as attestation documents need, and what
 * is wrong on purpose.
 *
 * Each function returns one complete encoding. Nothing here reads; what a lab
 * writes is read back by others in the tests.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";

/** One complete encoding. */
export type Cbor = Uint8Array<ArrayBuffer>;

/** An entry of a map: encodings of key and value. */
export type CborPair = readonly [key: Uint8Array, value: Uint8Array];

/** Major types (§3.1). */
export const CBOR_MAJOR = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;

/** Name of a major type. */
export type CborMajor = keyof typeof CBOR_MAJOR;

/** Bytes that a head can have behind its first, and what its low bits say then. */
const WIDTHS: readonly (readonly [bytes: number, info: number])[] = [
  [1, 24],
  [2, 25],
  [4, 26],
  [8, 27],
];

/**
 * First byte of an encoding with its number.
 *
 * @param major Major type.
 * @param argument The number, from zero up.
 * @param width Bytes of the number: 0, 1, 2, 4 or 8; default as few as it takes.
 * @throws {RangeError} if the number does not fit.
 */
export function cborHead(major: CborMajor, argument: number | bigint, width?: number): Cbor {
  const number = BigInt(argument);
  const type = CBOR_MAJOR[major] << 5;
  if (number < 24n && (width ?? 0) === 0) return Uint8Array.of(type | Number(number));
  const found = WIDTHS.find(([bytes]) =>
    width === bytes || width === undefined && fits(number, bytes)
  );
  if (found === undefined || !fits(number, found[0])) {
    throw new RangeError(`Cannot write CBOR: ${number} does not fit`);
  }
  const [bytes, info] = found;
  const digits = Array.from(
    { length: bytes },
    (_, i) => Number(number >> BigInt(8 * (bytes - 1 - i)) & 0xffn),
  );
  return Uint8Array.of(type | info, ...digits);
}

function fits(number: bigint, bytes: number): boolean {
  return number >= 0n && number >> BigInt(8 * bytes) === 0n;
}

/**
 * A whole number.
 *
 * @param value The number; negative ones down to -2^64.
 */
export function cborInteger(value: number | bigint): Cbor {
  const number = BigInt(value);
  return number < 0n ? cborHead("negative", -1n - number) : cborHead("unsigned", number);
}

/**
 * A byte string.
 *
 * @param value The bytes.
 */
export function cborBytes(value: Uint8Array): Cbor {
  return concat(cborHead("bytes", value.length), value);
}

/**
 * A text.
 *
 * @param value The text.
 */
export function cborText(value: string): Cbor {
  const utf8 = new TextEncoder().encode(value);
  return concat(cborHead("text", utf8.length), utf8);
}

/**
 * An array.
 *
 * @param items Encodings in order.
 */
export function cborArray(...items: readonly Uint8Array[]): Cbor {
  return concat(cborHead("array", items.length), ...items);
}

/**
 * A map, its entries in the given order, repeated ones too.
 *
 * @param entries The entries.
 */
export function cborMap(...entries: readonly CborPair[]): Cbor {
  return concat(cborHead("map", entries.length), ...entries.flat());
}

/**
 * A value with a tag in front.
 *
 * @param tag Number of the tag.
 * @param value Encoding of the value.
 */
export function cborTagged(tag: number, value: Uint8Array): Cbor {
  return concat(cborHead("tag", tag), value);
}

/** Null. */
export function cborNull(): Cbor {
  return cborHead("simple", 22);
}

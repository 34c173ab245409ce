/**
 * Reads DER (X.690) so strictly that a value has one encoding and an encoding
 * one value: identifiers of known types, lengths and integers in as few octets
 * as possible, nothing left over. Nothing is decoded unless a reader asks for
 * it, so nesting costs no stack.
 *
 * @module
 */

import { Malformed } from "../malformed.ts";

/** Identifier octets of universal types (X.680 §8.4; X.690 §8.1.2). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Universal types that certificates hold; DER leaves strings in one piece, so these are all (X.690 §10.2). */
const UNIVERSAL: ReadonlySet<number> = new Set<number>([
  ...Object.values(TAG),
  0x09, // REAL
  0x0a, // ENUMERATED
  0x0d, // RELATIVE-OID
  0x12, // NumericString
  0x14, // TeletexString
  0x15, // VideotexString
  0x1a, // VisibleString
  0x1b, // GeneralString
  0x1e, // BMPString
]);

/** First identifier octet beyond the universal class. */
const OTHER_CLASS = 0x40;
/** Low bits of an identifier whose number follows in octets of its own. */
const LONG_NUMBER = 0x1f;
/** Numbers of types beyond it are not read. */
const MAX_NUMBER = 0xffff_ffff;
/** Most octets of a length: more than any file here has. */
const MAX_LENGTH_OCTETS = 4;

/** One encoded value. */
export interface Element {
  /** First identifier octet. No type here has a number above 30, so it tells them apart. */
  readonly tag: number;
  /** Contents octets. */
  readonly content: Uint8Array;
  /** The whole encoding. */
  readonly der: Uint8Array;
}

/**
 * Identifier octet of a context-specific type, constructed (X.690 §8.14: EXPLICIT, or IMPLICIT of a SEQUENCE).
 *
 * @param number Its number, 0 to 30.
 */
export function constructed(number: number): number {
  return 0xa0 | number;
}

/**
 * Identifier octet of a context-specific type, primitive (IMPLICIT of a string or number).
 *
 * @param number Its number, 0 to 30.
 */
export function primitive(number: number): number {
  return 0x80 | number;
}

/** Reads the values that stand one after the other in some bytes. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  /**
   * Starts before the first value.
   *
   * @param bytes The values.
   */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether all was read. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /**
   * Identifier octet of the next value; undefined at the end.
   *
   * @throws {Malformed} where it is of no known type.
   */
  peek(): number | undefined {
    if (this.isAtEnd) return undefined;
    return readIdentifier(this.#bytes, this.#at).tag;
  }

  /**
   * Takes the next value, of any type.
   *
   * @throws {Malformed} where it is no DER or cut short.
   */
  element(): Element {
    const start = this.#at;
    const identifier = readIdentifier(this.#bytes, start);
    const length = readLength(this.#bytes, identifier.end);
    const end = length.end + length.value;
    if (end > this.#bytes.length) throw new Malformed("a value is cut short");
    this.#at = end;
    return {
      tag: identifier.tag,
      content: this.#bytes.subarray(length.end, end),
      der: this.#bytes.subarray(start, end),
    };
  }

  /**
   * Takes the next value, which must be of a type; gives its contents.
   *
   * @param tag Identifier octet.
   * @param what Name for a person.
   * @throws {Malformed} where it is another or none.
   */
  take(tag: number, what: string): Uint8Array {
    if (this.isAtEnd) throw new Malformed(`${what} is missing`);
    const found = this.element();
    if (found.tag !== tag) throw new Malformed(`${what} is of another type`);
    return found.content;
  }

  /**
   * Takes the next value where it is of a type; gives its contents.
   *
   * @param tag Identifier octet.
   * @returns Undefined where it is another or none.
   */
  optional(tag: number): Uint8Array | undefined {
    return this.peek() === tag ? this.element().content : undefined;
  }

  /**
   * Demands that all was read.
   *
   * @param what Name of the whole for a person.
   * @throws {Malformed} where something follows.
   */
  finish(what: string): void {
    if (!this.isAtEnd) throw new Malformed(`${what} has more parts than it may have`);
  }
}

/**
 * Reads bytes that are exactly one value of a type; gives its contents.
 *
 * @param der The encoding.
 * @param tag Identifier octet.
 * @param what Name for a person.
 * @throws {Malformed} where they are anything else.
 */
export function readOnly(der: Uint8Array, tag: number, what: string): Uint8Array {
  const reader = new DerReader(der);
  const content = reader.take(tag, what);
  reader.finish(what);
  return content;
}

/** A number and where it ends. */
interface Read {
  readonly value: number;
  readonly end: number;
}

function octetAt(bytes: Uint8Array, at: number): number {
  const octet = bytes[at];
  if (octet === undefined) throw new Malformed("a value is cut short");
  return octet;
}

/** X.690 §8.1.2. */
function readIdentifier(
  bytes: Uint8Array,
  at: number,
): { readonly tag: number; readonly end: number } {
  const tag = octetAt(bytes, at);
  if (tag < OTHER_CLASS) {
    if (UNIVERSAL.has(tag)) return { tag, end: at + 1 };
    throw new Malformed(
      `a value has the unknown identifier 0x${tag.toString(16).padStart(2, "0")}`,
    );
  }
  if ((tag & LONG_NUMBER) !== LONG_NUMBER) return { tag, end: at + 1 };
  return { tag, end: readLongNumber(bytes, at + 1).end };
}

/** §8.1.2.4: octets of seven bits, the first of them not zero, and only for numbers from 31 on. */
function readLongNumber(bytes: Uint8Array, start: number): Read {
  let value = 0;
  for (let at = start;; at++) {
    const octet = octetAt(bytes, at);
    value = value * 128 + (octet & 0x7f);
    if (value === 0 || value > MAX_NUMBER) throw new Malformed("a type's number is not minimal");
    if (octet >= 0x80) continue;
    if (value < LONG_NUMBER) throw new Malformed("a type's number is not minimal");
    return { value, end: at + 1 };
  }
}

/** §8.1.3 and §10.1: definite, in as few octets as possible. */
function readLength(bytes: Uint8Array, at: number): Read {
  const first = octetAt(bytes, at);
  if (first < 0x80) return { value: first, end: at + 1 };
  const count = first - 0x80;
  if (count === 0) throw new Malformed("a length is indefinite");
  if (count > MAX_LENGTH_OCTETS) throw new Malformed("a length is too long");
  const end = at + 1 + count;
  let value = 0;
  for (let i = at + 1; i < end; i++) value = value * 256 + octetAt(bytes, i);
  const least = count === 1 ? 0x80 : 256 ** (count - 1);
  if (value < least) throw new Malformed("a length has more octets than it needs");
  return { value, end };
}

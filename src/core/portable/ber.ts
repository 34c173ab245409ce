/**
 * Rewrites BER (X.690 §8) as DER for readers of DER. CMS may be in BER (RFC 5652
 * §2), and programs that write it as a stream use two freedoms of it: lengths
 * that are not known beforehand, and octet strings in several pieces. Only these
 * are taken; what is rewritten is read with all strictness afterwards.
 *
 * @module
 */

import { concat } from "../bytes.ts";
import { TAG } from "./der.ts";
import { Malformed } from "../malformed.ts";

/** Bit of identifiers of values that have parts (§8.1.2.5). */
const CONSTRUCTED = 0x20;
/** Low bits of an identifier whose number follows in octets of its own; nothing here has one. */
const LONG_NUMBER = 0x1f;
/** An octet string in pieces (§8.7.3). */
const PIECES = TAG.octetString | CONSTRUCTED;
/** First octet of a length that is not known beforehand (§8.1.3.6). */
const INDEFINITE = 0x80;
/** Most octets of a length. */
const MAX_LENGTH_OCTETS = 4;
/** Most values with parts that are open at once. CMS with a certificate in it has 11. */
const MAX_DEPTH = 16;

/** A value, rewritten, and where it ended. */
interface Rewritten {
  /** Identifier octet. */
  readonly tag: number;
  /** Contents octets. */
  readonly content: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * Rewrites one value.
 *
 * @param ber The value and nothing else.
 * @returns The same value with definite lengths and octet strings in one piece.
 * @throws {Malformed} where it is cut short, something follows it, a length is
 * not minimal, or it is nested too deeply.
 */
export function rewriteBer(ber: Uint8Array): Uint8Array {
  const value = rewrite(ber, 0, 0);
  if (value.end !== ber.length) throw new Malformed("bytes after the end");
  return encode(value);
}

function rewrite(bytes: Uint8Array, at: number, depth: number): Rewritten {
  const tag = octetAt(bytes, at);
  if (tag === 0 || (tag & LONG_NUMBER) === LONG_NUMBER) {
    throw new Malformed("a value has an unknown identifier");
  }
  const isConstructed = (tag & CONSTRUCTED) !== 0;
  if (isConstructed && depth === MAX_DEPTH) throw new Malformed("values are nested too deeply");
  if (octetAt(bytes, at + 1) === INDEFINITE) {
    if (!isConstructed) throw new Malformed("a length is indefinite");
    return joined(tag, ...partsOf(bytes, at + 2, undefined, depth + 1));
  }
  const { start, end } = extentOf(bytes, at + 1);
  if (!isConstructed) return { tag, content: bytes.subarray(start, end), end };
  return joined(tag, ...partsOf(bytes.subarray(0, end), start, end, depth + 1));
}

/** Parts up to an end, or, where none is known, up to the octets that mark it; and where that is. */
function partsOf(
  bytes: Uint8Array,
  start: number,
  end: number | undefined,
  depth: number,
): readonly [readonly Rewritten[], number] {
  const parts: Rewritten[] = [];
  let at = start;
  while (at !== end) {
    if (end === undefined && octetAt(bytes, at) === 0) {
      if (octetAt(bytes, at + 1) !== 0) throw new Malformed("the end of contents has contents");
      return [parts, at + 2];
    }
    const part = rewrite(bytes, at, depth);
    parts.push(part);
    at = part.end;
  }
  return [parts, at];
}

function joined(tag: number, parts: readonly Rewritten[], end: number): Rewritten {
  if (tag !== PIECES) return { tag, content: concat(...parts.map(encode)), end };
  if (parts.some((part) => part.tag !== TAG.octetString)) {
    throw new Malformed("a piece of an octet string is none");
  }
  return { tag: TAG.octetString, content: concat(...parts.map(({ content }) => content)), end };
}

function octetAt(bytes: Uint8Array, at: number): number {
  const octet = bytes[at];
  if (octet === undefined) throw new Malformed("a value is cut short");
  return octet;
}

/** Where contents begin and end, from a definite length in as few octets as possible. */
function extentOf(
  bytes: Uint8Array,
  at: number,
): { readonly start: number; readonly end: number } {
  const first = octetAt(bytes, at);
  const count = first < 0x80 ? 0 : first - 0x80;
  if (count > MAX_LENGTH_OCTETS) throw new Malformed("a length is too long");
  let length = count === 0 ? first : 0;
  for (let i = 1; i <= count; i++) length = length * 256 + octetAt(bytes, at + i);
  const least = count === 0 ? 0 : count === 1 ? 0x80 : 256 ** (count - 1);
  if (length < least) throw new Malformed("a length has more octets than it needs");
  const start = at + 1 + count;
  if (start + length > bytes.length) throw new Malformed("a value is cut short");
  return { start, end: start + length };
}

function encode({ tag, content }: Rewritten): Uint8Array {
  return concat(Uint8Array.of(tag), lengthOf(content.length), content);
}

/** §10.1; what is rewritten here has less than 65536 bytes. */
function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length < 0x100) return Uint8Array.of(0x81, length);
  if (length < 0x1_0000) return Uint8Array.of(0x82, length >> 8, length & 0xff);
  throw new RangeError(`Cannot write a value of ${length} bytes`);
}

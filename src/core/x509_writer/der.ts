/**
 * Writes DER (ITU-T X.690 §8, §10 and §11), as much of it as X.509 needs.
 *
 * Each function returns one complete encoding: tag, length, contents. Nothing
 * here reads; what a lab writes is read back by others in the tests.
 *
 * @module
 */

import { concat } from "../bytes.ts";

/** One complete DER encoding. */
export type Der = Uint8Array<ArrayBuffer>;

const utf8 = new TextEncoder();

/**
 * Any encoding with a tag of one byte.
 *
 * @param tag Identifier octet (X.690 §8.1.2), as 0x30 for SEQUENCE.
 * @param contents Contents octets, joined in order.
 */
export function tagged(tag: number, ...contents: readonly Uint8Array[]): Der {
  const body = concat(...contents);
  return concat(Uint8Array.of(tag), lengthOctets(body.length), body);
}

/** Length in as few octets as it takes (X.690 §10.1). */
function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets = base256(BigInt(length));
  return concat(Uint8Array.of(0x80 | octets.length), octets);
}

/** A number from zero up, big-endian, without leading zero octets; zero is one octet. */
function base256(value: bigint): Uint8Array {
  const octets: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) octets.unshift(Number(rest & 0xffn));
  return Uint8Array.from(octets.length === 0 ? [0] : octets);
}

/**
 * INTEGER from zero up (X.690 §8.3).
 *
 * @param value Number or bigint; X.509 has no negative ones.
 * @throws {RangeError} if negative or not whole.
 */
export function integer(value: number | bigint): Der {
  const whole = BigInt(value);
  if (whole < 0n) throw new RangeError(`Cannot write INTEGER: ${value} is negative`);
  const octets = base256(whole);
  const signed = (octets[0] ?? 0) & 0x80 ? concat(Uint8Array.of(0), octets) : octets;
  return tagged(0x02, signed);
}

/**
 * ENUMERATED from zero up (X.690 §8.4).
 *
 * @param value Number of the item.
 * @throws {RangeError} if negative or not whole.
 */
export function enumerated(value: number): Der {
  return retag(0x0a, integer(value));
}

/**
 * BOOLEAN (X.690 §11.1).
 *
 * @param value True is 0xff.
 */
export function boolean(value: boolean): Der {
  return tagged(0x01, Uint8Array.of(value ? 0xff : 0));
}

/** NULL (X.690 §8.8). */
export function nullValue(): Der {
  return tagged(0x05);
}

/**
 * OBJECT IDENTIFIER (X.690 §8.19).
 *
 * @param dotted At least two arcs, as `2.5.4.3`.
 * @throws {RangeError} if the text is not an object identifier.
 */
export function oid(dotted: string): Der {
  if (!/^[012](\.(0|[1-9]\d*))+$/.test(dotted)) {
    throw new RangeError(`Cannot write OBJECT IDENTIFIER: ${dotted} is not one`);
  }
  const [root = 0n, second = 0n, ...rest] = dotted.split(".").map(BigInt);
  if (root < 2n && second > 39n) {
    throw new RangeError(`Cannot write OBJECT IDENTIFIER: second arc of ${dotted} is above 39`);
  }
  return tagged(0x06, ...[root * 40n + second, ...rest].map(base128));
}

/** One arc, seven bits an octet, all octets but the last with the top bit. */
function base128(arc: bigint): Uint8Array {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from(octets);
}

/**
 * SEQUENCE or SEQUENCE OF (X.690 §8.9, §8.10).
 *
 * @param parts Encodings in order.
 */
export function sequence(...parts: readonly Uint8Array[]): Der {
  return tagged(0x30, ...parts);
}

/**
 * SET OF, sorted as DER wants it (X.690 §11.6).
 *
 * @param parts Encodings in any order.
 */
export function setOf(...parts: readonly Uint8Array[]): Der {
  return tagged(0x31, ...parts.toSorted(compare));
}

/** Order of two encodings: octet by octet, a prefix first. */
function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((octet, i) => octet !== b[i]);
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
}

/**
 * OCTET STRING (X.690 §8.7).
 *
 * @param contents Any bytes.
 */
export function octetString(contents: Uint8Array): Der {
  return tagged(0x04, contents);
}

/**
 * BIT STRING of whole octets (X.690 §8.6).
 *
 * @param contents Any bytes.
 */
export function bitString(contents: Uint8Array): Der {
  return tagged(0x03, Uint8Array.of(0), contents);
}

/**
 * BIT STRING of named bits; DER drops trailing zero bits (X.690 §11.2.2).
 *
 * @param bits Numbers of the bits that are one; bit 0 is the first.
 * @param size How many bits to write, where DER's rule shall be broken.
 */
export function namedBits(bits: readonly number[], size: number = Math.max(-1, ...bits) + 1): Der {
  const octets = new Uint8Array(Math.ceil(size / 8));
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return tagged(0x03, Uint8Array.of(8 * octets.length - size), octets);
}

/**
 * UTF8String (X.690 §8.23).
 *
 * @param text Any text.
 */
export function utf8String(text: string): Der {
  return tagged(0x0c, utf8.encode(text));
}

/**
 * PrintableString (X.680 §41.4).
 *
 * @param text Letters, digits, space and `'()+,-./:=?`.
 * @throws {RangeError} on any other character.
 */
export function printableString(text: string): Der {
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) {
    throw new RangeError(`Cannot write PrintableString: ${text} has other characters`);
  }
  return tagged(0x13, utf8.encode(text));
}

/**
 * IA5String (X.680 §41), which is ASCII.
 *
 * @param text Characters up to U+007F.
 * @throws {RangeError} on any other character.
 */
export function ia5String(text: string): Der {
  const octets = utf8.encode(text);
  if (octets.length !== text.length) {
    throw new RangeError(`Cannot write IA5String: ${text} is not ASCII`);
  }
  return tagged(0x16, octets);
}

/**
 * Time of X.509 (RFC 5280 §4.1.2.5): UTCTime from 1950 through 2049, else
 * GeneralizedTime. Fractions of a second are dropped, since there are none.
 *
 * @param moment Any moment of the years 0 to 9999.
 * @throws {RangeError} if the date is invalid or of another year.
 */
export function time(moment: Date): Der {
  const year = moment.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new RangeError(`Cannot write time: year is ${year}`);
  const digits = moment.toISOString().slice(0, 19).replaceAll(/\D/g, "") + "Z";
  const short = year >= 1950 && year < 2050;
  return short ? tagged(0x17, utf8.encode(digits.slice(2))) : tagged(0x18, utf8.encode(digits));
}

/**
 * Context tag around an encoding (X.690 §8.14, EXPLICIT).
 *
 * @param number Tag number, 0 to 30.
 * @param inner The encoding, or several for an implicitly tagged SEQUENCE.
 */
export function explicit(number: number, ...inner: readonly Uint8Array[]): Der {
  return tagged(0xa0 | number, ...inner);
}

/**
 * Context tag in place of an encoding's own (X.690 §8.14, IMPLICIT).
 *
 * @param number Tag number, 0 to 30.
 * @param inner The encoding whose tag gives way; a SEQUENCE stays constructed.
 */
export function implicit(number: number, inner: Uint8Array): Der {
  return retag(0x80 | ((inner[0] ?? 0) & 0x20) | number, inner);
}

/** The same encoding under another identifier octet. */
function retag(tag: number, inner: Uint8Array): Der {
  return concat(Uint8Array.of(tag), inner.subarray(1));
}

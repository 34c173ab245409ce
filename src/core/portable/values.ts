/**
 * Contents of DER's simple types (X.690 §8 and §11).
 *
 * @module
 */

import { TAG } from "./der.ts";
import { Malformed } from "../malformed.ts";

/**
 * INTEGER as it stands, two's complement, checked to be minimal (§8.3.2).
 *
 * @param content Contents octets.
 * @throws {Malformed} where the first nine bits are equal, or there are none.
 */
export function integerOf(content: Uint8Array): Uint8Array {
  const [first, second] = content;
  if (first === undefined) throw new Malformed("a number is empty");
  const isPadded = second !== undefined &&
    (first === 0 && second < 0x80 || first === 0xff && second >= 0x80);
  if (isPadded) throw new Malformed("a number has more octets than it needs");
  return content;
}

/**
 * INTEGER from zero up, big-endian, without the octet that only says its sign.
 *
 * @param content Contents octets.
 * @throws {Malformed} where it is negative or not minimal.
 */
export function unsignedOf(content: Uint8Array): Uint8Array {
  const [first] = integerOf(content);
  if (first !== undefined && first >= 0x80) throw new Malformed("a number is negative");
  return first === 0 && content.length > 1 ? content.subarray(1) : content;
}

/**
 * INTEGER from 0 to a small number.
 *
 * @param content Contents octets.
 * @param most Largest, at most 255.
 * @throws {Malformed} where it is another or not minimal.
 */
export function smallNumberOf(content: Uint8Array, most: number): number {
  const [value = 0, ...more] = unsignedOf(content);
  if (more.length > 0 || value > most) throw new Malformed(`a number is larger than ${most}`);
  return value;
}

/**
 * BOOLEAN: DER knows one octet for true (§11.1).
 *
 * @param content Contents octets.
 * @throws {Malformed} where it is neither.
 */
export function booleanOf(content: Uint8Array): boolean {
  const [value, ...more] = content;
  if (more.length > 0 || (value !== 0 && value !== 0xff)) {
    throw new Malformed("a truth value is neither 00 nor ff");
  }
  return value === 0xff;
}

/** A BIT STRING. */
export interface BitString {
  /** Its octets; unused bits of the last one are as they stand. */
  readonly bytes: Uint8Array;
  /** How many bits of the last octet do not count. */
  readonly unused: number;
}

/**
 * BIT STRING (§8.6.2). Whether unused bits are zero (§11.2.1) is asked where
 * bits are read; signatures and keys have none.
 *
 * @param content Contents octets.
 * @throws {Malformed} where the number of unused bits cannot be.
 */
export function bitStringOf(content: Uint8Array): BitString {
  const [unused] = content;
  const bytes = content.subarray(1);
  if (unused === undefined || unused > 7 || unused > 0 && bytes.length === 0) {
    throw new Malformed("a bit string says an impossible number of unused bits");
  }
  return { bytes, unused };
}

/**
 * Octets of a BIT STRING; none where it does not end with an octet, so that no signature and no key is in it.
 *
 * @param content Contents octets.
 * @throws {Malformed} those of {@linkcode bitStringOf}.
 */
export function wholeOctetsOf(content: Uint8Array): Uint8Array {
  const { bytes, unused } = bitStringOf(content);
  return unused === 0 ? bytes : new Uint8Array();
}

/** Text of ASCII octets; undefined where one is beyond. */
function asciiOf(content: Uint8Array): string | undefined {
  let text = "";
  for (const octet of content) {
    if (octet >= 0x80) return undefined;
    text += String.fromCharCode(octet);
  }
  return text;
}

/**
 * IA5String, which is ASCII (X.680 §41).
 *
 * @param content Contents octets.
 * @throws {Malformed} on other octets.
 */
export function ia5Of(content: Uint8Array): string {
  const text = asciiOf(content);
  if (text === undefined) throw new Malformed("a text is not ASCII");
  return text;
}

/**
 * Text of a value of one of the three types that names are written in today
 * (RFC 5280 §4.1.2.4; IA5String for domain components).
 *
 * @param tag Identifier octet of the value.
 * @param content Contents octets.
 * @returns Undefined where it is of another type, or has characters that its type does not.
 */
export function textOf(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case TAG.utf8String:
      return utf8Of(content);
    case TAG.ia5String:
      return asciiOf(content);
    case TAG.printableString: {
      const text = asciiOf(content);
      // X.680 §41.4.
      return text !== undefined && /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text) ? text : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * Text of UTF-8 octets; undefined where they are none. A byte order mark is a character like others.
 *
 * @param bytes The octets.
 */
export function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * Distinguished names (RFC 5280 §4.1.2.4).
 *
 * @module
 */

import { type Der, oid, printableString, sequence, setOf, utf8String } from "./der.ts";

/** One attribute of a name; each stands alone in its RelativeDistinguishedName. */
export interface NameAttribute {
  /** Attribute type, dotted. */
  readonly type: string;
  /** Attribute value. */
  readonly value: string;
  /** String type of the value. */
  readonly encoding: "utf8" | "printable";
}

/** A distinguished name (RFC 5280 §4.1.2.4), attributes in the order in which they are written. */
export type Name = readonly NameAttribute[];

/**
 * Writes a name.
 *
 * @param name The attributes.
 * @throws {RangeError} if a type is no object identifier or a value does not fit its string type.
 */
export function writeName(name: Name): Der {
  return sequence(...name.map(({ type, value, encoding }) => {
    const text = encoding === "utf8" ? utf8String(value) : printableString(value);
    return setOf(sequence(oid(type), text));
  }));
}

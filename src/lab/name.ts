/**
 * Distinguished names as AMD writes them.
 *
 * @module
 */

import { type Der, oid, printableString, sequence, setOf, utf8String } from "./der_writer.ts";

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

/** Organization in all names of the lab, where AMD has its own. */
export const LAB_ORGANIZATION = "Casemate lab, not AMD";

/**
 * Name of a certificate of the lab: AMD's attributes, order and string types, another organization.
 *
 * @param commonName Common name, as `ARK-Genoa`.
 */
export function labName(commonName: string): Name {
  return [
    { type: "2.5.4.11", value: "Engineering", encoding: "utf8" },
    { type: "2.5.4.6", value: "US", encoding: "printable" },
    { type: "2.5.4.7", value: "Santa Clara", encoding: "utf8" },
    { type: "2.5.4.8", value: "CA", encoding: "utf8" },
    { type: "2.5.4.10", value: LAB_ORGANIZATION, encoding: "utf8" },
    { type: "2.5.4.3", value: commonName, encoding: "utf8" },
  ];
}

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

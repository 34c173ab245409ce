/**
 * Directory names among the further names of a certificate's subject (RFC 5280 §4.2.1.6).
 *
 * @module
 */

import { constructed, DerReader, type Element, primitive, readOnly, TAG } from "./der.ts";
import { EXTENSION, type Extension, findExtension } from "./extensions.ts";
import { Malformed } from "../malformed.ts";

/** Number of a directory name among the kinds of GeneralName. */
const DIRECTORY_NAME = 4;
/** Highest number of a kind. */
const MAX_KIND = 8;

/** An attribute of a directory name. */
export interface NameAttribute {
  /** Contents octets of its identifier. */
  readonly type: Uint8Array;
  /** Its value, of any type. */
  readonly value: Element;
}

/**
 * Attributes of all directory names in the subject alternative name; names of
 * other kinds are passed over. Whether the attributes of a set are sorted is not
 * asked: nothing is compared with these names.
 *
 * @param extensions Extensions of a certificate.
 * @returns Undefined where the extension is absent.
 * @throws {Malformed} where it is not encoded as specified, or empty.
 */
export function directoryAttributes(
  extensions: readonly Extension[],
): readonly NameAttribute[] | undefined {
  const found = findExtension(extensions, EXTENSION.alternativeName);
  if (found === undefined) return undefined;
  const names = elementsOf(readOnly(found.value, TAG.sequence, "the alternative names"));
  if (names.length === 0) throw new Malformed("there are no alternative names");
  return names.flatMap(({ tag, content }) => {
    // A CHOICE, so the tag of a directory name stands around the name (X.680 §31.2.7 c).
    if (tag === constructed(DIRECTORY_NAME)) return attributesOf(content);
    if (isOtherKind(tag)) return [];
    throw new Malformed("an alternative name is of another type");
  });
}

/** X.690 §8.1.2.2, table 1: context-specific. */
function isOtherKind(tag: number): boolean {
  return tag >> 6 === 2 && (tag & 0x1f) <= MAX_KIND && tag !== primitive(DIRECTORY_NAME);
}

function attributesOf(name: Uint8Array): readonly NameAttribute[] {
  const parts = elementsOf(readOnly(name, TAG.sequence, "a directory name"));
  return parts.flatMap(({ tag, content }) => {
    const attributes = elementsOf(content);
    if (tag !== TAG.set || attributes.length === 0) {
      throw new Malformed("a part of a directory name is no set of attributes");
    }
    return attributes.map(({ tag, content }) => {
      if (tag !== TAG.sequence) throw new Malformed("an attribute is of another type");
      return readAttribute(content);
    });
  });
}

function readAttribute(content: Uint8Array): NameAttribute {
  const reader = new DerReader(content);
  const type = reader.take(TAG.oid, "the type of an attribute");
  const value = reader.element();
  reader.finish("an attribute");
  return { type, value };
}

function elementsOf(content: Uint8Array): readonly Element[] {
  const elements: Element[] = [];
  for (const rest = new DerReader(content); !rest.isAtEnd;) elements.push(rest.element());
  return elements;
}

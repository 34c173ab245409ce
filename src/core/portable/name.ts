/**
 * Distinguished names (RFC 5280 §4.1.2.4) and their text (RFC 4514).
 *
 * @module
 */

import { toHex } from "../bytes.ts";
import { DerReader, type Element, TAG } from "./der.ts";
import { Malformed } from "../malformed.ts";
import { shortOidOf } from "./oid.ts";
import { textOf } from "./values.ts";

const COMMON_NAME = "2.5.4.3";

/** Short names of RFC 4514 §3. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  [COMMON_NAME, "CN"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.6", "C"],
  ["2.5.4.9", "STREET"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["0.9.2342.19200300.100.1.1", "UID"],
]);

/** Characters that RFC 4514 §2.4 escapes wherever they stand. */
const SPECIAL = '"+,;<>\\';
/** Longest text of a foreign name that is shown, characters. */
const MAX_SHOWN = 200;

/** One attribute of a part of a name. */
interface Attribute {
  readonly type: string;
  readonly value: Element;
}

/** A name. */
export interface Name {
  /** Its encoding, by which names are compared: DER has one for each. */
  readonly der: Uint8Array;
  /** Its parts in their order, each one or several attributes. */
  readonly parts: readonly (readonly Attribute[])[];
}

/**
 * Takes a name.
 *
 * @param reader Stands before it.
 * @throws {Malformed} where there is none.
 */
export function takeName(reader: DerReader): Name {
  if (reader.peek() !== TAG.sequence) throw new Malformed("a name is missing");
  const { der, content } = reader.element();
  const parts: (readonly Attribute[])[] = [];
  for (const rest = new DerReader(content); !rest.isAtEnd;) {
    parts.push(readPart(rest.take(TAG.set, "a part of a name")));
  }
  return { der, parts };
}

/** Attributes of one part, which DER sorts (X.690 §11.6). */
function readPart(content: Uint8Array): readonly Attribute[] {
  const attributes: Attribute[] = [];
  let before: Uint8Array = new Uint8Array();
  for (const rest = new DerReader(content); !rest.isAtEnd;) {
    const { tag, der, content } = rest.element();
    if (tag !== TAG.sequence) throw new Malformed("an attribute of a name is of another type");
    if (isAfter(before, der)) throw new Malformed("the attributes of a name are not sorted");
    before = der;
    attributes.push(readAttribute(content));
  }
  if (attributes.length === 0) throw new Malformed("a part of a name is empty");
  return attributes;
}

function readAttribute(content: Uint8Array): Attribute {
  const reader = new DerReader(content);
  const type = shortOidOf(reader.take(TAG.oid, "the type of an attribute"));
  const value = reader.element();
  reader.finish("an attribute");
  return { type, value };
}

/** Whether encodings are in the wrong order; none starts with another one whole. */
function isAfter(first: Uint8Array, second: Uint8Array): boolean {
  const at = first.findIndex((octet, i) => octet !== second[i]);
  return at >= 0 && (first[at] ?? 0) > (second[at] ?? -1);
}

/**
 * A name as RFC 4514 text: the last part first, parts divided by commas.
 *
 * @param name The name.
 */
export function nameText(name: Name): string {
  const texts = name.parts.map((attributes) => attributes.map(attributeText).join("+"));
  return texts.reverse().join(",");
}

function attributeText({ type, value }: Attribute): string {
  const short = SHORT_NAMES.get(type);
  const text = textOf(value.tag, value.content);
  if (short === undefined || text === undefined) return `${type}=#${toHex(value.der)}`;
  return `${short}=${escape(text)}`;
}

/** RFC 4514 §2.4; control characters too, so that a name cannot move a terminal's cursor. */
function escape(text: string): string {
  const characters = [...text];
  const last = characters.length - 1;
  return characters.map((character, i) => {
    if (/\p{Cc}/u.test(character)) return escapeOctets(character);
    const isSpecial = SPECIAL.includes(character) || character === "#" && i === 0 ||
      character === " " && (i === 0 || i === last);
    return isSpecial ? `\\${character}` : character;
  }).join("");
}

function escapeOctets(character: string): string {
  const octets = Array.from(new TextEncoder().encode(character));
  return octets.map((octet) => `\\${octet.toString(16).padStart(2, "0")}`).join("");
}

/**
 * The common name, where the name has exactly one and it is text.
 *
 * @param name The name.
 */
export function commonName(name: Name): string | undefined {
  const [found, ...others] = name.parts.flat().filter(({ type }) => type === COMMON_NAME);
  if (found === undefined || others.length > 0) return undefined;
  return textOf(found.value.tag, found.value.content);
}

/**
 * Cuts a text to what a person reads: a foreign name can be as long as its file.
 *
 * @param text The text.
 */
export function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= MAX_SHOWN) return text;
  return `${characters.slice(0, MAX_SHOWN).join("")}…`;
}

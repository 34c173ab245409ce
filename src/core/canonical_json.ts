/**
 * The canonical form of JSON (RFC 8785), for what is hashed and signed.
 *
 * @module
 */

/** What the protocol's documents consist of. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | null
  | readonly CanonicalValue[]
  | { readonly [name: string]: CanonicalValue };

/**
 * A value in the one form of RFC 8785: no blank space, members by their names
 * in UTF-16, strings with the fewest escapes.
 *
 * @param value The value; its numbers are whole and at most 2^53 - 1 in size, as the protocol's are (§1).
 * @returns The text in UTF-8.
 * @throws {RangeError} on other numbers, on halves of surrogate pairs, and on what is no JSON.
 */
export function canonicalJson(value: CanonicalValue): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(textOf(value));
}

function textOf(value: CanonicalValue): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return digits(value);
  if (typeof value !== "object") throw new RangeError(`Cannot write ${typeof value} as JSON`);
  if (isList(value)) return `[${Array.from(value, textOf).join(",")}]`;
  // §3.2.3: by code units of UTF-16, which is how texts compare here.
  const members = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${members.map(([name, member]) => `${quoted(name)}:${textOf(member)}`).join(",")}}`;
}

function isList(value: object): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}

/** §3.2.2.2 is how ECMAScript writes strings, but for halves of pairs, which it must refuse. */
function quoted(text: string): string {
  if (!text.isWellFormed()) throw new RangeError("Cannot write half of a surrogate pair as JSON");
  return JSON.stringify(text);
}

/** §3.2.2.3, of whole numbers; a zero has no sign. */
function digits(number: number): string {
  if (Number.isSafeInteger(number)) return String(number);
  throw new RangeError(`Cannot write ${number} as a whole number of at most 2^53 - 1`);
}

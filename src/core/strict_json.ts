/**
 * JSON (RFC 8259) that has one reading. `JSON.parse` alone would not do: of two
 * members of one name it keeps the last in silence, where others keep the
 * first, and it rounds numbers.
 *
 * @module
 */

/** Deepest nesting: no document of the protocol has more than five levels. */
const MAX_DEPTH = 16;

/**
 * A string with the sign behind it that makes it a name, a number, or a sign
 * that opens or closes. A string without end matches too, up to the end of the
 * text: else each quote in it would be tried again as the start of one.
 */
const TOKEN =
  /("[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$))(?:[ \t\n\r]*(:))?|(-?[0-9][-+.0-9eE]*)|([{}[\]])/gs;

/**
 * Reads bytes that are one JSON value and nothing else.
 *
 * @param bytes UTF-8 without a byte order mark.
 * @returns The value; members of objects in their order.
 * @throws {SyntaxError} where it is none, nested deeper than 16 levels, has two members of one name
 * at any depth, a number beyond 2^53 - 1, or text that is not of Unicode.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = utf8Of(bytes);
  refuseSecondReadings(text);
  return parse(text);
}

/** Engines say in words of their own what is wrong, and put pieces of the text into them: here all say the same, and nothing of it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError("it is no JSON", { cause });
  }
}

function utf8Of(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError("it is not UTF-8", { cause });
  }
}

/** Walks over what `JSON.parse` then finds to be JSON or not; of JSON it sees every name and number. */
function refuseSecondReadings(text: string): void {
  const open: Set<string>[] = [];
  for (const [, string, colon, number, sign] of text.matchAll(TOKEN)) {
    if (string !== undefined) refuseString(string, colon === undefined ? undefined : open.at(-1));
    else if (number !== undefined) refuseNumber(number);
    else if (sign === "{" || sign === "[") open.push(new Set());
    else open.pop();
    if (open.length > MAX_DEPTH) throw new SyntaxError(`it is nested beyond ${MAX_DEPTH} levels`);
  }
}

/** A string, and the names before it in its object where it is a name itself. */
function refuseString(literal: string, names: Set<string> | undefined): void {
  const plain = !literal.includes("\\");
  if (plain && names === undefined) return;
  const string: unknown = plain ? literal.slice(1, -1) : parse(literal);
  if (typeof string !== "string") throw new SyntaxError("a string is none");
  // The text was UTF-8; halves of a pair can only come from escapes.
  if (!string.isWellFormed()) throw new SyntaxError("a string has half of a surrogate pair");
  if (names?.has(string)) throw new SyntaxError("a member is there twice");
  names?.add(string);
}

function refuseNumber(literal: string): void {
  if (Math.abs(Number(literal)) > Number.MAX_SAFE_INTEGER) {
    throw new SyntaxError("a number is beyond 2^53 - 1");
  }
}

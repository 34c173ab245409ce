/**
 * PEM (RFC 7468), read so strictly that a file has one reading.
 *
 * @module
 */

import { fromBase64, toBase64 } from "../bytes.ts";
import { Malformed } from "../malformed.ts";
import { utf8Of } from "./values.ts";

const BEGIN = "-----BEGIN ";
const END = "-----END ";
const CLOSE = "-----";
const NEITHER = "neither DER nor PEM";

/** One block. */
export interface PemBlock {
  /** What stands behind BEGIN, as `CERTIFICATE`. */
  readonly label: string;
  /** Its content. */
  readonly der: Uint8Array;
}

/**
 * Blocks of a file that consists of nothing else, but for blank space between them,
 * each read when it is asked for.
 *
 * @param input The file.
 * @param labels Labels that are known.
 * @throws {Malformed} where it holds anything else, or nothing.
 */
export function* splitPem(input: Uint8Array, labels: readonly string[]): Generator<PemBlock> {
  const text = utf8Of(input);
  if (text === undefined) throw new Malformed(NEITHER);
  let rest = trimmed(text);
  if (rest === "") throw new Malformed(NEITHER);
  while (rest !== "") {
    const block = readBlock(rest, labels);
    yield { label: block.label, der: block.der };
    rest = trimmed(block.rest);
  }
}

/**
 * Text without the blank space of ASCII at both ends; other blank characters have no place in PEM.
 *
 * @param text The text.
 */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text, start)) start++;
  while (start < end && isBlank(text, end - 1)) end--;
  return text.slice(start, end);
}

function isBlank(text: string, at: number): boolean {
  return " \t\n\f\r".includes(text.charAt(at));
}

/** One block at the start of a text. Lines may have any length (§2 lets parsers choose). */
function readBlock(
  text: string,
  labels: readonly string[],
): PemBlock & { readonly rest: string } {
  if (!text.startsWith(BEGIN)) throw new Malformed(NEITHER);
  const [label, afterLabel] = cut(text.slice(BEGIN.length), CLOSE, "a PEM border is cut short");
  if (!labels.includes(label)) {
    throw new Malformed(`a PEM block is none of ${labels.join(", ")}`);
  }
  const [body, afterBody] = cut(afterLabel, END, "a PEM block has no end");
  const [endLabel, rest] = cut(afterBody, CLOSE, "a PEM border is cut short");
  if (endLabel !== label) {
    throw new Malformed("a PEM block ends with another label than it starts with");
  }
  if (!startsLine(body) || rest !== "" && !startsLine(rest)) {
    throw new Malformed("something follows a PEM border on its line");
  }
  return { label, der: readBody(body), rest };
}

function cut(text: string, mark: string, missing: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Malformed(missing);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

function startsLine(text: string): boolean {
  return text.startsWith("\n") || text.startsWith("\r\n");
}

/** Base64 in the one form that RFC 4648 §3.5 calls canonical. */
function readBody(body: string): Uint8Array {
  const base64 = body.replaceAll("\r\n", "").replaceAll("\n", "");
  try {
    const der = fromBase64(base64);
    if (toBase64(der) === base64) return der;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new Malformed("a PEM block is not base64");
}

/**
 * Small documents with their own SHA-256 in front, so that one that was cut
 * short, overwritten in part or written by something else is none.
 *
 * @module
 */

import { concat, toHex } from "../core/bytes.ts";
import { DecodeError, type Decoder } from "../core/decode.ts";
import { plainHash } from "../core/labelled_hash.ts";
import { parseStrictJson } from "../core/strict_json.ts";

/** Hex digits of the digest; a line feed follows. */
const DIGEST_LENGTH = 64;

/**
 * Writes a document.
 *
 * @param document What JSON can write.
 */
export function seal(document: object): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(document));
  return concat(new TextEncoder().encode(`${sha256(text)}\n`), text);
}

/**
 * Reads a document.
 *
 * @param bytes What was written, or anything else.
 * @param decoder Its form.
 * @returns Null where it is none, none whole, or of another form, as of another version of this program.
 */
export function unseal<T>(bytes: Uint8Array | null, decoder: Decoder<T>): T | null {
  if (bytes === null || bytes.length <= DIGEST_LENGTH + 1) return null;
  const head = new TextDecoder().decode(bytes.subarray(0, DIGEST_LENGTH + 1));
  const text = bytes.subarray(DIGEST_LENGTH + 1);
  if (head !== `${sha256(text)}\n`) return null;
  try {
    return decoder.decode(parseStrictJson(text), "");
  } catch (error) {
    if (error instanceof DecodeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * SHA-256, hex.
 *
 * @param bytes Of what.
 */
export function sha256(bytes: Uint8Array): string {
  return toHex(plainHash("sha256", bytes));
}

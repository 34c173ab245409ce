/**
 * Bytes that somebody wrote as text: hex or base64, as terminals and consoles give them.
 *
 * @module
 */

import { fromBase64, fromHex } from "../core/bytes.ts";

/** How bytes were written. */
export type Written = "hex" | "base64";

/** Bytes, and how they were written; null where they came as they are. */
export interface Plain {
  /** The bytes themselves. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How they were written. */
  readonly written: Written | null;
}

/** Fewest characters that are taken for bytes: any short word could be. */
const LEAST = 32;

/**
 * Text of a file; null where it is none.
 *
 * @param bytes The file.
 */
export function textOf(bytes: Uint8Array): string | null {
  // Binary files have zeros; to decode a large one only to see that would take its time.
  if (bytes.subarray(0, 512).includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * Undoes hex and base64, once; what is neither stays as it is.
 *
 * @param given The file, or what was pasted.
 */
export function plainOf(given: Uint8Array): Plain {
  const bytes = new Uint8Array(given);
  const digits = textOf(bytes)?.replace(/\s+/g, "").replace(/^0x/i, "") ?? "";
  if (digits.length < LEAST) return { bytes, written: null };
  if (/^(?:[0-9a-f]{2})+$/i.test(digits)) return { bytes: fromHex(digits), written: "hex" };
  // Of 4n + 1 characters none are base64, whichever alphabet it has.
  if (!/^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/.test(digits) || isWord(digits)) {
    return { bytes, written: null };
  }
  const bare = digits.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
  if (bare.length % 4 === 1) return { bytes, written: null };
  return {
    bytes: fromBase64(bare.padEnd(Math.ceil(bare.length / 4) * 4, "=")),
    written: "base64",
  };
}

/** A long word of small letters alone is no base64 of anything here. */
function isWord(text: string): boolean {
  return /^[a-z-]+$/.test(text);
}

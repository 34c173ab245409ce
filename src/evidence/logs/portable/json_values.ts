/**
 * Values in canonical event logs in JSON.
 *
 * @module
 */

import { fromHex } from "../../../core/bytes.ts";
import type { JsonScanner } from "../../../core/portable/json_scanner.ts";
import { Malformed } from "../../../core/malformed.ts";

/** Largest number: all of them have 32 bits at most. */
export const MAX_NUMBER = 0xffff_ffff;

/**
 * Reads bytes in hex, any number of them.
 *
 * @param scanner Stands before them.
 * @throws {Malformed} where there is something else.
 */
export function hexOf(scanner: JsonScanner): Uint8Array {
  const text = scanner.string();
  if (text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text)) return fromHex(text);
  throw new Malformed("a text is not bytes in hex");
}

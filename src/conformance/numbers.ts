/**
 * Numbers as the contract writes them.
 *
 * @module
 */

import { fromHex, toHex } from "../core/bytes.ts";

/**
 * Bytes the other way round, hex: from a number's digits to memory and back.
 *
 * @param hex Hex, with or without `0x`.
 */
export function swapped(hex: string): string {
  return toHex(fromHex(plain(hex)).reverse());
}

/**
 * Digits of a number without `0x`.
 *
 * @param hex Hex, as `0x0000000000030000`.
 */
export function plain(hex: string): string {
  return hex.replace(/^0x/, "");
}

/**
 * Bends bytes at a place.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";

/** A copy with one byte changed. */
export function edited(
  bytes: Uint8Array,
  at: number,
  change: (byte: number) => number,
): Uint8Array<ArrayBuffer> {
  const copy = concat(bytes);
  copy[at] = change(copy[at] ?? 0);
  return copy;
}

/** A copy with one bit flipped, another in each byte. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  return edited(bytes, at, (byte) => byte ^ (1 << (at % 8)));
}

/** A copy with bytes written over it. */
export function overwritten(
  bytes: Uint8Array,
  at: number,
  piece: Uint8Array | readonly number[],
): Uint8Array<ArrayBuffer> {
  const copy = concat(bytes);
  copy.set(piece, at);
  return copy;
}

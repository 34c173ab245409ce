/**
 * Writes what commands are made of (Part 1 §11.4: big-endian, no padding).
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";

/**
 * UINT8.
 *
 * @param value 0 to 255.
 */
export function u8(value: number): Uint8Array {
  return unsigned(value, 1);
}

/**
 * UINT16.
 *
 * @param value 0 to 65535.
 */
export function u16(value: number): Uint8Array {
  return unsigned(value, 2);
}

/**
 * UINT32.
 *
 * @param value 0 to 2^32 - 1.
 */
export function u32(value: number): Uint8Array {
  return unsigned(value, 4);
}

/**
 * TPM2B: the size as UINT16, then the bytes.
 *
 * @param parts The bytes, joined.
 * @throws {RangeError} where they are more than 65535.
 */
export function sized(...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  return concat(u16(content.length), content);
}

function unsigned(value: number, bytes: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** bytes) {
    throw new RangeError(`Cannot write ${value} in ${bytes} bytes`);
  }
  return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)));
}

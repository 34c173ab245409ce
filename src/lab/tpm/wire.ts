/**
 * Numbers and sized buffers as a TPM writes them (Part 2 §4, §10.4).
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { littleEndian } from "../fields.ts";

/**
 * A whole number from zero up in exactly that many bytes, most significant first.
 *
 * @param value The number.
 * @param size Bytes of the field.
 * @throws {RangeError} if it is negative, not whole or too large.
 */
export function bigEndian(value: number | bigint, size: number): Uint8Array<ArrayBuffer> {
  return littleEndian(value, size).reverse();
}

/**
 * Numbers of two bytes each.
 *
 * @param values The numbers.
 */
export function words(...values: readonly number[]): Uint8Array<ArrayBuffer> {
  return concat(...values.map((value) => bigEndian(value, 2)));
}

/**
 * A TPM2B: bytes behind their size.
 *
 * @param bytes The bytes.
 */
export function sized(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(bigEndian(bytes.length, 2), bytes);
}

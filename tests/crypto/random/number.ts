/**
 * Numbers as bytes.
 *
 * @module
 */

import { toHex } from "../../../src/core/bytes.ts";

/** Unsigned, big-endian. */
export function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

/**
 * Unsigned, big-endian.
 *
 * @param value The number.
 * @param length How many bytes; higher ones are cut off.
 */
export function bytesOf(value: bigint, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    { length },
    (_, i) => Number(value >> BigInt(8 * (length - 1 - i)) & 0xffn),
  );
}

/** Two's complement in as few bytes as possible, as INTEGER has it. */
export function signedBytesOf(value: bigint): Uint8Array<ArrayBuffer> {
  const magnitude = value < 0n ? ~value : value;
  const length = Math.floor(magnitude.toString(2).length / 8) + 1;
  return bytesOf(value, magnitude === 0n ? 1 : length);
}

/** A copy with one bit flipped. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte, i) => i === bit >> 3 ? byte ^ 0x80 >> (bit & 7) : byte);
}

/**
 * Fields of the TLV encoding (CEL §5.1): type in one byte, length in four,
 * big-endian, value.
 *
 * @module
 */

import type { LogBytes } from "./log_bytes.ts";

/** A field. */
export interface Field {
  /** Its type. */
  readonly type: number;
  /** Its value. */
  readonly value: Uint8Array;
  /** All of it. */
  readonly whole: Uint8Array;
}

/** Refusals of the record that fields belong to. */
export interface TlvPlace {
  /** Where a field is longer than what it stands in. */
  readonly short: () => Error;
  /** Where a field is not what must stand there. */
  readonly wrong: (reason: string) => Error;
}

/**
 * Takes a field.
 *
 * @param bytes Stand before it.
 * @throws {RejectedError} `logs.truncated`
 */
export function takeField(bytes: LogBytes): Field {
  const start = bytes.taken;
  const type = bytes.u8();
  const value = bytes.take(bytes.u32BigEndian());
  return { type, value, whole: bytes.since(start) };
}

/**
 * A number, big-endian; zeros in front count for nothing.
 *
 * @param bytes Its bytes.
 * @param most Most bytes that it may have.
 * @param place What it stands in.
 * @throws {RejectedError} `logs.syntax`
 */
export function numberOf(bytes: Uint8Array, most: number, place: TlvPlace): bigint {
  if (bytes.length >= 1 && bytes.length <= most) return bigEndianOf(bytes);
  throw place.wrong(`a number has ${bytes.length} bytes`);
}

function bigEndianOf(bytes: Uint8Array): bigint {
  let number = 0n;
  for (const byte of bytes) number = number << 8n | BigInt(byte);
  return number;
}

/**
 * Fields of fixed size, as reports and quotes lay them out.
 *
 * @module
 */

import { concat } from "../core/bytes.ts";

/**
 * A whole number from zero up in exactly that many bytes, least significant first.
 *
 * @param value The number.
 * @param size Bytes of the field.
 * @throws {RangeError} if it is negative, not whole or too large.
 */
export function littleEndian(value: number | bigint, size: number): Uint8Array<ArrayBuffer> {
  const whole = BigInt(value);
  if (whole < 0n || whole >> BigInt(8 * size) !== 0n) {
    throw new RangeError(`Cannot write field: ${value} does not fit ${size} bytes`);
  }
  return Uint8Array.from({ length: size }, (_, i) => Number(whole >> BigInt(8 * i) & 0xffn));
}

/**
 * The bytes, if there are exactly that many.
 *
 * @param size Bytes of the field.
 * @param bytes Its contents.
 * @throws {RangeError} if there are more or fewer.
 */
export function exactly(size: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length === size) return bytes;
  throw new RangeError(`Cannot write field: it has ${bytes.length} bytes, its place ${size}`);
}

/**
 * The bytes and zeros after them.
 *
 * @param bytes At most so many as the field has.
 * @param size Bytes of the field.
 * @throws {RangeError} if there are more.
 */
export function padded(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  if (bytes.length > size) {
    throw new RangeError(`Cannot write field: ${bytes.length} bytes do not fit ${size}`);
  }
  return concat(bytes, new Uint8Array(size - bytes.length));
}

/**
 * Digest of a text, for measurements that stand for nothing.
 *
 * @param algorithm Hash in the words of WebCrypto.
 * @param text The text.
 */
export async function digestOf(algorithm: string, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, new TextEncoder().encode(text)));
}

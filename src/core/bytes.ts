/**
 * Bytes and their text forms.
 *
 * `Uint8Array.fromHex`, `toHex` and `toBase64` are missing in Node 20, so they
 * are ours. Comparison here is of public values; it is not constant-time.
 *
 * @module
 */

/** The two digits of each byte. */
const PAIRS: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);

/** Stands for the value of a character that is no digit. */
const NO_DIGIT = 16;

/** Values of hex digits of either case, by the code of the character. */
const DIGITS: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const at = "0123456789abcdef".indexOf(String.fromCharCode(code).toLowerCase());
  return at < 0 ? NO_DIGIT : at;
});

/**
 * Bytes as lowercase hex.
 *
 * @param bytes Any number of bytes.
 */
export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += PAIRS[byte];
  return hex;
}

/**
 * Reads hex, upper or lower case, without prefix or separators.
 *
 * @param hex An even number of hex digits; empty gives no bytes.
 * @throws {RangeError} on any other text.
 */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length >> 1);
  let seen = hex.length % 2 === 0 ? 0 : NO_DIGIT;
  for (let i = 0; i < bytes.length; i++) {
    const high = DIGITS[hex.charCodeAt(2 * i)] ?? NO_DIGIT;
    const low = DIGITS[hex.charCodeAt(2 * i + 1)] ?? NO_DIGIT;
    seen |= high | low;
    bytes[i] = high << 4 | low;
  }
  if (seen < NO_DIGIT) return bytes;
  throw new RangeError(
    `Cannot read hex: ${hex.length} characters that are not pairs of hex digits`,
  );
}

/** Base64 of the runtime itself (ECMA-262 of 2026): a hundred times as fast, and Node 20 has none. */
export const OWN_BASE64: Partial<Pick<Uint8ArrayConstructor, "fromBase64">> = Uint8Array;

/** Bytes that are made text at once: arguments of one call, of which engines take a limited number. */
const CHUNK = 8192;

/**
 * Bytes as base64 (RFC 4648 §4, with padding).
 *
 * @param bytes Any number of bytes.
 */
export function toBase64(bytes: Uint8Array): string {
  const own: Partial<Pick<Uint8Array, "toBase64">> = bytes;
  const text = own.toBase64?.();
  if (text !== undefined) return text;
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += Reflect.apply(String.fromCharCode, null, bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

/**
 * Reads base64 (RFC 4648 §4, with padding).
 *
 * @param text Base64 without line breaks.
 * @throws {RangeError} on any other text.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new RangeError(`Cannot read base64: ${text.length} characters that are not base64`);
  }
  const own = OWN_BASE64.fromBase64?.(text);
  if (own !== undefined) return own;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * Whether a value is bytes in memory: what only says so, as a proxy or an object
 * of that prototype, fails at the first use.
 *
 * @param value Anything.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && value instanceof Uint8Array;
}

/**
 * Joins byte strings in order.
 *
 * @param parts Any number of byte strings.
 */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * Whether two byte strings are the same, length included.
 *
 * @param a One.
 * @param b The other.
 */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * Frames a list of byte strings: for each its length as four bytes big-endian,
 * then the bytes (`lp` of the protocol, §1). A nested list is framed twice.
 *
 * @param parts The list; may be empty.
 */
export function frame(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const framed: Uint8Array[] = [];
  for (const part of parts) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, part.length);
    framed.push(length, part);
  }
  return concat(...framed);
}

/**
 * An unsigned 64-bit number, big-endian.
 *
 * @param value A whole number from 0 to 2^53 - 1.
 * @throws {RangeError} on any other number.
 */
export function uint64(value: number): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`Cannot write ${value} as an unsigned 64-bit number`);
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

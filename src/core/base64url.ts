/**
 * Base64url without padding (RFC 4648 §5), so strictly that bytes have one text.
 *
 * @module
 */

import { fromBase64, OWN_BASE64, toBase64 } from "./bytes.ts";
import { DecodeError, type Decoder } from "./decode.ts";

/** Bits beyond the last byte are zero (§3.5). */
const PATTERN =
  "^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$";

/**
 * Bytes as base64url without padding.
 *
 * @param bytes Any number of bytes.
 */
export function toBase64url(bytes: Uint8Array): string {
  const own: Partial<Pick<Uint8Array, "toBase64">> = bytes;
  const text = own.toBase64?.({ alphabet: "base64url", omitPadding: true });
  return text ?? toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Reads base64url without padding.
 *
 * @param url The text.
 * @throws {RangeError} on any text that {@linkcode toBase64url} would not write.
 */
export function fromBase64url(url: string): Uint8Array<ArrayBuffer> {
  const bytes = decoded(url);
  // Readers pass over white space, padding and bits beyond the last byte.
  if (bytes !== null && toBase64url(bytes) === url) return bytes;
  throw new RangeError(`Cannot read base64url: ${url.length} characters in no or a second form`);
}

function decoded(url: string): Uint8Array<ArrayBuffer> | null {
  try {
    const own = OWN_BASE64.fromBase64?.(url, { alphabet: "base64url" });
    if (own !== undefined) return own;
    const padding = "=".repeat((4 - url.length % 4) % 4);
    return fromBase64(`${url.replaceAll("-", "+").replaceAll("_", "/")}${padding}`);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Reads bytes that are written as base64url without padding.
 *
 * @param max Most bytes; there is at least one.
 */
export function base64url(max: number): Decoder<Uint8Array> {
  return {
    schema: { type: "string", minLength: 2, maxLength: Math.ceil(max * 4 / 3), pattern: PATTERN },
    decode(value, path) {
      const bytes = typeof value === "string" ? bytesOf(value) : undefined;
      if (bytes !== undefined && bytes.length > 0 && bytes.length <= max) return bytes;
      const wanted = `1 to ${max} bytes in base64url without padding`;
      const actual = bytes === undefined ? "something else" : `${bytes.length} bytes`;
      throw new DecodeError(path, "value", `expected ${wanted}, got ${actual}`);
    },
  };
}

function bytesOf(text: string): Uint8Array | undefined {
  try {
    return fromBase64url(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

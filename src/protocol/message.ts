/**
 * How messages of the channel are read and written: JSON of one reading, short
 * byte values in lowercase hex, long ones in base64url.
 *
 * @module
 */

import { isBytes } from "../core/bytes.ts";
import { toBase64url } from "../core/base64url.ts";
import { canonicalJson, type CanonicalValue } from "../core/canonical_json.ts";
import { DecodeError, type Decoder } from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import type { ProtocolCode } from "./codes.ts";
import { MAX_BODY_BYTES } from "./limits.ts";

/** A form of message. */
export interface Message<T extends object> {
  /** What to call it in errors, as `join request`. */
  readonly name: string;
  /** Its members. */
  readonly form: Decoder<T>;
  /** Whether it holds secrets: what is wrong with one is then told without its values. */
  readonly secret?: true;
  /** Most bytes of what is kept and not sent; absent for the 1 MiB of a body. */
  readonly maxBytes?: number;
}

/**
 * Reads a message.
 *
 * @param message Its form.
 * @param bytes JSON in UTF-8, at most 1 MiB unless the form says otherwise.
 * @throws {InputError} `protocol.malformed`, `protocol.too_large`
 */
export function readMessage<T extends object>(
  { name, form, secret, maxBytes = MAX_BODY_BYTES }: Message<T>,
  bytes: Uint8Array,
): T {
  if (bytes.length > maxBytes) {
    throw refuse(name, "protocol.too_large", `it has ${bytes.length} bytes`);
  }
  try {
    return form.decode(parseStrictJson(bytes), "");
  } catch (cause) {
    if (!(cause instanceof DecodeError || cause instanceof SyntaxError)) throw cause;
    const where = cause instanceof DecodeError && cause.path !== "" ? `${cause.path} ` : "";
    if (secret === true) throw refuse(name, "protocol.malformed", `${where}is of another form`);
    throw refuse(name, "protocol.malformed", `${where}${cause.message}`, cause);
  }
}

/**
 * Writes a message in canonical form (RFC 8785).
 *
 * @param _message Its form, for the type.
 * @param value The message.
 */
export function writeMessage<T extends object>(
  _message: Message<T>,
  value: T,
): Uint8Array<ArrayBuffer> {
  return canonicalJson(plain(value));
}

function plain(value: unknown): CanonicalValue {
  if (isBytes(value)) return toBase64url(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  }
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "boolean") return value;
  throw new TypeError(`Cannot write ${typeof value} into a message`);
}

function refuse(name: string, code: ProtocolCode, reason: string, cause?: unknown): InputError {
  return new InputError(`Cannot read ${name}: ${reason}`, { code, fields: { name }, cause });
}

/**
 * How what a node or a peer sent is refused.
 *
 * @module
 */

import { DecodeError, type Decoder } from "../../core/decode.ts";
import { type ErrorFields, InputError } from "../../core/errors.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import { ENVELOPE_CODES, type EnvelopeCode } from "./codes.ts";

/**
 * A refusal.
 *
 * @param code Its code.
 * @param fields What explains it.
 * @param cause What caused it.
 */
export function refuse(code: EnvelopeCode, fields: ErrorFields, cause?: unknown): InputError {
  const explained = Object.entries(fields).map(([name, text]) => `${name} ${text}`).join(", ");
  const message = `${ENVELOPE_CODES[code].says}${explained === "" ? "" : `: ${explained}`}`;
  return new InputError(message, { code, fields, cause });
}

/**
 * Refuses what is larger than any genuine one before anything looks at it.
 *
 * @param bytes The bytes.
 * @param limit Most of them.
 * @throws {InputError} `input.too_large`
 */
export function refuseLarge(bytes: Uint8Array, limit: number): void {
  if (bytes.length <= limit) return;
  const fields = { input: "envelope", limit: `${limit} bytes`, actual: `${bytes.length} bytes` };
  const message = `Cannot read the envelope: ${fields.actual}, at most ${fields.limit}`;
  throw new InputError(message, { code: "input.too_large", fields });
}

/**
 * Reads strict JSON.
 *
 * @param bytes The bytes.
 * @param code Code of a refusal.
 * @throws {InputError} of that code, with `reason`.
 */
export function parseOr(bytes: Uint8Array, code: EnvelopeCode): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw refuse(code, { reason: cause.message }, cause);
    throw cause;
  }
}

/**
 * Reads a value by its form.
 *
 * @param decoder Reads it.
 * @param value The value.
 * @throws {InputError} `envelope.member`, with `member` and `reason`.
 */
export function decodeMembers<T>(decoder: Decoder<T>, value: unknown): T {
  try {
    return decoder.decode(value, "");
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw refuse("envelope.member", { member: cause.path, reason: cause.message }, cause);
  }
}

/**
 * The strict reading of where endorsements came from.
 *
 * @module
 */

import { DecodeError, type Decoder, list, object, required, text } from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import type { CollateralUsed } from "../results/result.ts";

/** Most things that one verification has of vendors; a pairing needs six. */
const MAX_USED = 32;

const WORDS = text("[^\\u0000-\\u001f\\u007f]{1,500}", "a line of text");
const MOMENT = text(
  "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z",
  "a moment as 2026-11-21T12:00:00.000Z",
);

const USED: Decoder<readonly CollateralUsed[]> = list(
  object<CollateralUsed>({
    key: required(WORDS, "Service, path and parameters"),
    title: required(WORDS, "What it is"),
    from: required(WORDS, "Where it came from"),
    issued: required(MOMENT, "Since when it holds"),
    expires: required(MOMENT, "Until when"),
    confirmed: required(orNull(MOMENT), "When a source last gave it"),
    stale: required(orNull(WORDS), "Why it was not asked for again"),
  }),
  MAX_USED,
);

function orNull<T>(decoder: Decoder<T>): Decoder<T | null> {
  return {
    schema: { anyOf: [decoder.schema, { type: "null" }] },
    decode: (value, path) => value === null ? null : decoder.decode(value, path),
  };
}

/**
 * Reads where endorsements came from, and copies it.
 *
 * @param given What a caller gave; may be anything.
 * @throws {InputError} `input.value`
 */
export function readCollateralUsed(given: unknown): readonly CollateralUsed[] {
  if (given === undefined || (Array.isArray(given) && given.length === 0)) return [];
  try {
    return USED.decode(given, "collateral");
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new InputError(`Cannot verify: \`${cause.path}\` ${cause.message}`, {
      code: "input.value",
      fields: { field: cause.path },
      cause,
    });
  }
}

/**
 * Strict reading of what comes on standard input.
 *
 * @module
 */

import { fromBase64 } from "../core/bytes.ts";
import {
  DecodeError,
  type Decoder,
  hex,
  type Key,
  oneOf,
  optional,
  required,
} from "../core/decode.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import { malformed } from "./answer.ts";

/**
 * Reads an input: JSON that has one reading, of known members only.
 *
 * @param bytes What was on standard input.
 * @param decoder The form.
 * @throws {NotJudged} exit 30 where it is anything else.
 */
export function readInput<T>(bytes: Uint8Array, decoder: Decoder<T>): T {
  try {
    return decoder.decode(parseStrictJson(bytes), "");
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(`not JSON: ${error.message}`, error);
    if (!(error instanceof DecodeError)) throw error;
    const where = error.path === "" ? "the input" : error.path;
    throw malformed(`${where}: ${error.message}`, error);
  }
}

/** Bytes as base64 with padding; at least one. */
export function base64(): Decoder<Uint8Array> {
  return {
    schema: { type: "string", contentEncoding: "base64" },
    decode(value, path) {
      try {
        if (typeof value === "string" && value !== "") return fromBase64(value);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
      throw new DecodeError(path, "value", "expected base64");
    },
  };
}

/** Any text, as bytes in UTF-8: PEM, or JSON inside JSON, whose exact bytes are signed. */
export function textBytes(): Decoder<Uint8Array> {
  return {
    schema: { type: "string" },
    decode(value, path) {
      if (typeof value === "string") return new TextEncoder().encode(value);
      throw new DecodeError(path, "value", "expected text");
    },
  };
}

/** Any text. */
export function anyText(): Decoder<string> {
  return {
    schema: { type: "string" },
    decode(value, path) {
      if (typeof value === "string") return value;
      throw new DecodeError(path, "value", "expected text");
    },
  };
}

/**
 * A list that may be empty, unlike those of policies: an empty one lets nothing through.
 *
 * @param item Reads each item.
 * @param max Most items.
 */
export function items<T>(item: Decoder<T>, max: number): Decoder<readonly T[]> {
  return {
    schema: { type: "array", items: item.schema, maxItems: max },
    decode(value, path) {
      if (!Array.isArray(value) || value.length > max) {
        throw new DecodeError(path, "value", `expected a list of at most ${max} items`);
      }
      return Array.from(value, (entry: unknown, i) => item.decode(entry, `${path}[${i}]`));
    },
  };
}

/**
 * A value or `null`.
 *
 * @param decoder Reads the value.
 */
export function nullable<T>(decoder: Decoder<T>): Decoder<T | null> {
  return {
    schema: { oneOf: [{ type: "null" }, decoder.schema] },
    decode: (value, path) => value === null ? null : decoder.decode(value, path),
  };
}

/** Seconds since 1970, up to the last moment that certificates can write. */
export function unixTime(): Decoder<Date> {
  const last = Date.UTC(9999, 11, 31) / 1000;
  return {
    schema: { type: "integer", minimum: 0, maximum: last },
    decode(value, path) {
      if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= last) {
        return new Date(value * 1000);
      }
      throw new DecodeError(path, "value", `expected seconds since 1970, at most ${last}`);
    },
  };
}

/** Version of the contract, which each input states. */
export const schemaVersion: Key<"1"> = required(oneOf("1"), "Version of the contract");

/**
 * A value that the evidence must have, hex.
 *
 * @param bytes Its length.
 */
export function pin(bytes: number): Key<string | null> {
  return optional(hex(bytes), null, `The value that the evidence must have, hex of ${bytes} bytes`);
}

/**
 * A member that may be absent.
 *
 * @param decoder Reads the value.
 */
export function maybe<T>(decoder: Decoder<T>): Key<T | null> {
  return optional(decoder, null, "");
}

/** A value that is not looked at. */
export function anything(): Decoder<unknown> {
  return { schema: {}, decode: (value) => value };
}

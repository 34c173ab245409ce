/**
 * Short ways to write fragments of a JSON Schema, draft 2020-12.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";

/** A property: its fragment and what it means. */
export type Property = readonly [JsonSchema, string];

/**
 * An object that has exactly these properties.
 *
 * @param properties Fragment and meaning of each.
 */
export function exactly(properties: Readonly<Record<string, Property>>): JsonSchema {
  return {
    type: "object",
    additionalProperties: false,
    required: Object.keys(properties),
    properties: Object.fromEntries(
      Object.entries(properties).map((
        [name, [schema, says]],
      ) => [name, { ...schema, description: says }]),
    ),
  };
}

/** Text. */
export const TEXT: JsonSchema = { type: "string" };

/** `true` or `false`. */
export const YES_OR_NO: JsonSchema = { type: "boolean" };

/** A moment, ISO 8601 in UTC. */
export const MOMENT: JsonSchema = { type: "string", format: "date-time" };

/** Any number of bytes in lowercase hex. */
export const ANY_HEX: JsonSchema = { type: "string", pattern: "^(?:[0-9a-f]{2})*$" };

/** A 64-bit number as `0x` and 16 hex digits. */
export const WORD: JsonSchema = { type: "string", pattern: "^0x[0-9a-f]{16}$" };

/**
 * Bytes in lowercase hex.
 *
 * @param bytes How many.
 */
export function hexOf(bytes: number): JsonSchema {
  return { type: "string", pattern: `^[0-9a-f]{${2 * bytes}}$` };
}

/**
 * A whole number.
 *
 * @param max Largest; the smallest is 0.
 */
export function upTo(max: number): JsonSchema {
  return { type: "integer", minimum: 0, maximum: max };
}

/**
 * One of some words.
 *
 * @param words The words.
 */
export function words(...words: readonly string[]): JsonSchema {
  return { enum: words };
}

/**
 * Something, or null.
 *
 * @param schema The something.
 */
export function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: "null" }] };
}

/**
 * A list.
 *
 * @param items Each of its items.
 */
export function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

/** `CertificateSummary` of `src/core/x509.ts`. */
export const CERTIFICATE = exactly({
  subject: [TEXT, "Subject, RFC 4514"],
  issuer: [TEXT, "Issuer, RFC 4514"],
  serial: [ANY_HEX, "Serial number"],
  notBefore: [MOMENT, "Start of validity"],
  notAfter: [MOMENT, "End of validity"],
  sha256: [hexOf(32), "SHA-256 of the DER"],
  spkiSha256: [hexOf(32), "SHA-256 of the SubjectPublicKeyInfo"],
});

/**
 * Properties that are true or false.
 *
 * @param names Meaning by name.
 */
export function bits(names: Readonly<Record<string, string>>): Readonly<Record<string, Property>> {
  return Object.fromEntries(
    Object.entries(names).map(([name, says]): [string, Property] => [name, [YES_OR_NO, says]]),
  );
}

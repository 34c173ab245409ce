/**
 * Policies of any kind that are valid: each setting of each section with values
 * that its own schema names.
 *
 * @module
 */

import fc from "fast-check";
import type { Decoder, JsonSchema, Key } from "../src/core/decode.ts";
import { technologies } from "../src/evidence/registry.ts";
import { policyDecoder } from "../src/policy/policy.ts";

/** A setting that is no section, and where it stands. */
export interface AnySetting {
  /** Where it stands, name by name. */
  readonly path: readonly string[];
  /** Its key. */
  readonly key: Key<unknown>;
  /** Some of its values, as a document writes them. */
  readonly values: readonly unknown[];
}

/** Every setting of a policy but the version. */
export const SETTINGS: readonly AnySetting[] = settingsIn(policyDecoder(technologies), [])
  .filter(({ path }) => path[0] !== "version");

function settingsIn({ keys = {} }: Decoder<unknown>, path: readonly string[]): AnySetting[] {
  return Object.entries(keys).flatMap(([name, key]): AnySetting[] => {
    const here = [...path, name];
    return key.decoder.keys === undefined
      ? [{ path: here, key, values: valuesOf(key.decoder.schema) }]
      : settingsIn(key.decoder, here);
  });
}

/** Values of a schema; none where it has a form of its own, as digests. */
function valuesOf(schema: JsonSchema): readonly unknown[] {
  const { type, minimum, items, format, properties } = schema;
  if (Array.isArray(schema["enum"])) return schema["enum"];
  if (type === "boolean") return [true, false];
  if (format === "date") return ["2020-02-29", "2030-01-31"];
  if (type === "integer" && typeof minimum === "number") return [minimum, minimum + 1];
  if (type === "array" && isSchema(items)) {
    const words = valuesOf(items);
    return [...words.map((word) => [word]), ...(words.length > 1 ? [words.slice(0, 2)] : [])];
  }
  const [name, inner] = isSchema(properties) ? Object.entries(properties)[0] ?? [] : [];
  if (name === undefined || !isSchema(inner)) return [];
  return valuesOf(inner).map((value) => ({ [name]: value }));
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A document with a value at a path.
 *
 * @param document The document.
 * @param path Where, name by name.
 * @param value The value.
 */
export function withValue(
  document: Readonly<Record<string, unknown>>,
  [name = "", ...rest]: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> {
  const inner = document[name];
  const member = isSchema(inner) ? inner : {};
  return { ...document, [name]: rest.length === 0 ? value : withValue(member, rest, value) };
}

/** One setting and one of its values. */
export interface Choice {
  /** The setting. */
  readonly setting: AnySetting;
  /** The value. */
  readonly value: unknown;
}

/** A setting with one of its values. */
export const anyChoice: fc.Arbitrary<Choice> = fc
  .constantFrom(...SETTINGS.filter(({ values }) => values.length > 0))
  .chain((setting) => fc.constantFrom(...setting.values).map((value) => ({ setting, value })));

/** A policy of a few settings, some of them in the long form. */
export const anyPolicy: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .array(fc.tuple(anyChoice, fc.constantFrom(null, "2020-01-31", "2030-01-31")), { maxLength: 12 })
  .map((chosen) =>
    chosen.reduce<Readonly<Record<string, unknown>>>(
      (document, [{ setting, value }, until]) =>
        withValue(
          document,
          setting.path,
          until === null || setting.key.costs === undefined ? value : { value, until },
        ),
      { version: 1 },
    )
  );

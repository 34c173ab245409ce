/**
 * What reference values say of one variant: the keys of its policy section that
 * say what should run, each with a word about how its value is known.
 *
 * @module
 */

import {
  DecodeError,
  type Decoder,
  isPlain,
  joinPath,
  type JsonSchema,
  list,
  nearest,
  object,
  oneOf,
  optional,
  required,
  shortened,
} from "../../core/decode.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { LINE } from "./line.ts";
import { KNOWN, type Known } from "./known.ts";
import { RUNTIME_KEY, runtimeDecoder } from "./runtime.ts";
import { unite } from "./unite.ts";

/** A value, and how it is known. */
export interface OriginValue {
  /** How. */
  readonly known: Known;
  /** From what; null where nothing is said. */
  readonly from: string | null;
  /** The value as the policy's section has it, read. */
  readonly value: unknown;
}

/** All that is said of one key. */
export interface KeyValues {
  /** The key, dotted, as `tee.measurements`; `runtime` is none of the policy. */
  readonly key: string;
  /** The values, at least one. */
  readonly values: readonly OriginValue[];
  /** All of them as one value of the section. */
  readonly united: unknown;
}

/** What is said of one variant; none where the section is empty. */
export type ReferenceSection = readonly KeyValues[];

/** Most values of one key with a word about each. */
const MAX_ORIGINS = 256;

/**
 * The decoder of a variant's section.
 *
 * @param technology The variant.
 */
export function sectionDecoder(technology: AnyTechnology): Decoder<ReferenceSection> {
  const keys = keysOf(technology);
  return {
    // Made when it is asked for: a verification reads few of the keys, and writes no schema.
    get schema() {
      return sectionSchema(new Map(keys.map((key) => [key, keyDecoder(technology, key)])));
    },
    decode: (value, path) => leavesOf(value, { technology, keys, at: path, prefix: "" }),
  };
}

/** Its reference values, and that of the register which holds the phase, where it has one. */
function keysOf({ references, facts }: AnyTechnology): readonly string[] {
  return typeof facts?.runtimeRegister === "string" ? [...references, RUNTIME_KEY] : references;
}

interface Place {
  readonly technology: AnyTechnology;
  readonly keys: readonly string[];
  readonly at: string;
  readonly prefix: string;
}

/** Parts of a pairing have sections inside of its own. */
function leavesOf(value: unknown, place: Place): readonly KeyValues[] {
  const { keys, at, prefix } = place;
  if (typeof value !== "object" || value === null || Array.isArray(value) || !isPlain(value)) {
    throw new DecodeError(at, "value", "is no plain object");
  }
  return Object.entries(value).flatMap(([name, member]) => {
    const key = joinPath(prefix, name);
    const here = joinPath(at, shortened(name));
    if (keys.includes(key)) return [keyDecoder(place.technology, key).decode(member, here)];
    const isPart = keys.some((one) => one.startsWith(`${key}.`));
    if (!isPart) throw new DecodeError(here, "unknown_key", unknownKey(key, place));
    return leavesOf(member, { ...place, at: here, prefix: key });
  });
}

function unknownKey(key: string, { technology, keys }: Place): string {
  if (key === RUNTIME_KEY) {
    return `is no reference value of ${technology.id}: no register of it holds the phase of the boot`;
  }
  const isSetting = decoderAt(technology.policy, key.split(".")) !== undefined;
  const near = isSetting ? undefined : nearest(key, keys);
  const hint = near === undefined ? "it belongs in the policy" : `did you mean ${near}?`;
  return `is no reference value; ${hint}`;
}

function decoderAt(top: Decoder<unknown>, path: readonly string[]): Decoder<unknown> | undefined {
  return path.reduce<Decoder<unknown> | undefined>(
    (decoder, name) => decoder?.keys?.[name]?.decoder,
    top,
  );
}

function keyDecoder(technology: AnyTechnology, key: string): Decoder<KeyValues> {
  const plain: Decoder<unknown> = key === RUNTIME_KEY
    ? runtimeDecoder
    : settingDecoder(technology, key);
  const origin = originDecoder(plain);
  const origins = list(origin, MAX_ORIGINS);
  return {
    schema: { anyOf: [plain.schema, origin.schema, origins.schema] },
    decode(value, path) {
      const values = isOrigin(value)
        ? [origin.decode(value, path)]
        : Array.isArray(value) && value.some(isOrigin)
        ? origins.decode(value, path)
        : [{ known: "given" as const, from: null, value: plain.decode(value, path) }];
      const united = values.map((one) => one.value).reduce((a, b) => unite(a, b, path));
      return { key, values, united };
    },
  };
}

/** No reference value has members of these names. */
function isOrigin(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    (Object.hasOwn(value, "known") || Object.hasOwn(value, "value"));
}

function originDecoder(plain: Decoder<unknown>): Decoder<OriginValue> {
  return object<OriginValue>({
    known: required(oneOf(...KNOWN), "How the value is known"),
    from: optional(LINE, null, "From what, for a person, as `OVMF 2025.11, 4 vCPUs`"),
    value: required(plain, "The value, as a policy has it"),
  });
}

/**
 * The decoder of a key alone. What a section demands of several keys together
 * depends on the policy, and is looked at when the values are in their place.
 */
function settingDecoder({ id, policy }: AnyTechnology, key: string): Decoder<unknown> {
  const decoder = decoderAt(policy, key.split("."));
  if (decoder !== undefined) return decoder;
  throw new RangeError(`Cannot read reference values: the policy of ${id} has no key ${key}`);
}

/**
 * A value at a dotted key, which may be inside of other keys.
 *
 * @param path The key's parts.
 * @param value The value.
 */
export function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

/** An object of keys, those with a dot inside of parts. */
function sectionSchema(keys: ReadonlyMap<string, Decoder<unknown>>): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const parts = new Map<string, Map<string, Decoder<unknown>>>();
  for (const [key, decoder] of keys) {
    const [head = "", ...rest] = key.split(".");
    if (rest.length === 0) properties[head] = decoder.schema;
    else parts.set(head, (parts.get(head) ?? new Map()).set(rest.join("."), decoder));
  }
  for (const [head, inner] of parts) properties[head] = sectionSchema(inner);
  return { type: "object", additionalProperties: false, minProperties: 1, properties };
}

/**
 * Strict reading of plain data (from YAML, JSON or a caller) into typed values.
 *
 * A decoder refuses what it does not know: unknown keys, empty lists, numbers
 * out of range. It also describes itself as JSON Schema, so that the published
 * schema cannot differ from what is read.
 *
 * @module
 */

import type { Direction } from "./direction.ts";
import { nearest } from "./nearest.ts";

export { nearest } from "./nearest.ts";

/** A fragment of a JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Reads an unknown value. */
export interface Decoder<T> {
  /** The values that are accepted. */
  readonly schema: JsonSchema;
  /** The keys, where the value is an object of known ones. */
  readonly keys?: Readonly<Record<string, Key<unknown>>>;
  /**
   * Reads a value.
   *
   * @param value Anything.
   * @param path Where the value stands, as `sev-snp.vmpl[0]`; empty at the top.
   * @throws {DecodeError} when it is not accepted.
   */
  decode(value: unknown, path: string): T;
}

/** A value was not accepted. */
export class DecodeError extends Error {
  /** Name of the class, which survives minification. */
  override readonly name = "DecodeError";
  /** Where the value stands; empty at the top. */
  readonly path: string;
  /** `unknown_key` or `value`. */
  readonly reason: "unknown_key" | "value";

  /**
   * @param path Where the value stands.
   * @param reason What kind of refusal it is.
   * @param message What is wrong and what is accepted.
   */
  constructor(path: string, reason: "unknown_key" | "value", message: string) {
    super(message);
    this.path = path;
    this.reason = reason;
  }
}

function refuse(path: string, wanted: string, value: unknown): never {
  throw new DecodeError(path, "value", `expected ${wanted}, got ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return isPlain(value) ? "an object" : "an object of a class";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return shortened(text);
}

/** Longest word of a caller in a message, characters. */
const MAX_WORD = 60;

/**
 * A word of a caller as a message repeats it: its beginning where it is long.
 *
 * @param word The word.
 */
export function shortened(word: string): string {
  return word.length > MAX_WORD ? `${word.slice(0, MAX_WORD - 1)}…` : word;
}

/** Reads `true` or `false`. */
export function boolean(): Decoder<boolean> {
  return {
    schema: { type: "boolean" },
    decode: (value, path) =>
      typeof value === "boolean" ? value : refuse(path, "true or false", value),
  };
}

/**
 * Reads a whole number.
 *
 * @param min Smallest.
 * @param max Largest.
 */
export function integer(min: number, max: number): Decoder<number> {
  return {
    schema: { type: "integer", minimum: min, maximum: max },
    decode(value, path) {
      if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
        return value;
      }
      return refuse(path, `a whole number from ${min} to ${max}`, value);
    },
  };
}

/**
 * Reads one of some words.
 *
 * @param words The words.
 */
export function oneOf<const T extends string>(...words: readonly T[]): Decoder<T> {
  return {
    schema: { enum: words },
    decode(value, path) {
      const word = words.find((candidate) => candidate === value);
      return word ?? refuse(path, words.map((w) => JSON.stringify(w)).join(" or "), value);
    },
  };
}

/**
 * Reads one number out of some.
 *
 * @param numbers The numbers.
 */
export function oneNumber<const T extends number>(...numbers: readonly T[]): Decoder<T> {
  return {
    schema: { enum: numbers },
    decode(value, path) {
      return numbers.find((candidate) => candidate === value) ??
        refuse(path, numbers.join(" or "), value);
    },
  };
}

/**
 * Reads text of a given form.
 *
 * @param pattern Regular expression for the whole text, without anchors.
 * @param form The form in words.
 */
export function text(pattern: string, form: string): Decoder<string> {
  const whole = new RegExp(`^(?:${pattern})$`);
  return {
    schema: { type: "string", pattern: `^(?:${pattern})$` },
    decode: (value, path) =>
      typeof value === "string" && whole.test(value) ? value : refuse(path, form, value),
  };
}

/**
 * Reads hex of an exact number of bytes and gives it in lowercase.
 *
 * @param bytes How many bytes.
 */
export function hex(bytes: number): Decoder<string> {
  const plain = text(`[0-9a-fA-F]{${2 * bytes}}`, `${bytes} bytes in hex`);
  return { schema: plain.schema, decode: (value, path) => plain.decode(value, path).toLowerCase() };
}

/** Reads a calendar date, `2027-06-30`, which stands for the end of that day in UTC. */
export function date(): Decoder<string> {
  const form = "a date as 2027-06-30";
  const plain = text("[0-9]{4}-[0-9]{2}-[0-9]{2}", form);
  return {
    schema: { type: "string", format: "date" },
    decode(value, path) {
      const day = plain.decode(value, path);
      const moment = new Date(`${day}T00:00:00Z`);
      if (Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(day)) {
        refuse(path, form, value);
      }
      return day;
    },
  };
}

/**
 * Reads a list that has at least one item: an empty expectation is an error, not a wish to skip.
 *
 * @param item Reads each item.
 * @param max Most items.
 */
export function list<T>(item: Decoder<T>, max: number): Decoder<readonly T[]> {
  return {
    schema: { type: "array", items: item.schema, minItems: 1, maxItems: max },
    decode(value, path) {
      if (!Array.isArray(value) || value.length === 0 || value.length > max) {
        return refuse(path, `a list of 1 to ${max} items`, value);
      }
      // Not `map`, which would pass over holes.
      return Array.from(value, (entry: unknown, i) => item.decode(entry, `${path}[${i}]`));
    },
  };
}

/**
 * Reads a list that may be empty: what there is of something, where none says something as well.
 *
 * @param item Reads each item.
 * @param max Most items.
 */
export function listOrNone<T>(item: Decoder<T>, max: number): Decoder<readonly T[]> {
  const some = list(item, max);
  return {
    schema: { type: "array", items: item.schema, maxItems: max },
    decode: (value, path) =>
      Array.isArray(value) && value.length === 0 ? [] : some.decode(value, path),
  };
}

/** A key of an object: how it is read, what stands where it is absent, and which of its values are weaker than others. */
export interface Key<T> extends Direction<T> {
  /** Reads the value. */
  readonly decoder: Decoder<T>;
  /** What stands where the key is absent; undefined makes the key required. */
  readonly absent: { readonly value: T } | undefined;
  /** What the key is for, one sentence, for the schema and for `policy explain`. */
  readonly says: string;
}

/**
 * A key that must be there.
 *
 * @param decoder Reads the value.
 * @param says What the key is for.
 */
export function required<T>(decoder: Decoder<T>, says: string): Key<T> {
  return { decoder, absent: undefined, says };
}

/**
 * A key that may be absent.
 *
 * @param decoder Reads the value.
 * @param value What stands where it is absent.
 * @param says What the key is for.
 * @param direction Which values are weaker than others, and what they cost, where it is a setting of a policy.
 */
export function optional<T, D>(
  decoder: Decoder<T>,
  value: D,
  says: string,
  direction: Direction<T | D> = {},
): Key<T | D> {
  return { decoder, absent: { value }, says, ...direction };
}

function plainObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !isPlain(value)) {
    refuse(path, "an object", value);
  }
  return Object.fromEntries(Object.entries(value));
}

/**
 * Whether an object is one whose keys are all that it has: what a Map, a Set or
 * an object of a class holds is not in its own keys, and would be passed over.
 *
 * @param value Any object.
 */
export function isPlain(value: object): boolean {
  const parent: object | null = Object.getPrototypeOf(value);
  // Object.prototype of any realm, or none.
  return parent === null || Object.hasOwn(parent, "hasOwnProperty");
}

/**
 * Reads an object of known keys.
 *
 * @param keys The keys.
 */
export function object<T extends object>(keys: { readonly [K in keyof T]: Key<T[K]> }): Decoder<T> {
  const entries = Object.entries<Key<unknown>>(keys);
  const names = entries.map(([name]) => name);
  return {
    keys,
    schema: {
      type: "object",
      additionalProperties: false,
      required: entries.filter(([, key]) => key.absent === undefined).map(([name]) => name),
      properties: Object.fromEntries(
        entries.map(([name, key]) => [name, { ...schemaOf(key), description: key.says }]),
      ),
    },
    decode(value, path) {
      const given = plainObject(value, path);
      for (const name of Object.keys(given)) {
        if (!Object.hasOwn(keys, name)) throw unknownKey(path, name, names);
      }
      const read = entries.map((
        [name, key],
      ) => [name, readKey(given[name], key, joinPath(path, name))]);
      // Each key of T was read by its own decoder just above.
      return Object.fromEntries(read) as T;
    },
  };
}

/** Where a value can be weaker than the default, a policy may say until when, and why (`policy/settle.ts`). */
function schemaOf({ decoder, costs }: Key<unknown>): JsonSchema {
  if (costs === undefined) return decoder.schema;
  return { anyOf: [decoder.schema, dated(decoder).schema] };
}

/** A setting in its long form. */
export interface Dated<T> {
  /** The value. */
  readonly value: T;
  /** Last day on which it counts, UTC; null where it has no end. */
  readonly until: string | null;
  /** Why it is there; null where nothing is said. */
  readonly because: string | null;
}

/** One line of at most 200 characters, none of which controls a terminal or turns the direction of writing. */
const REASON =
  "[ -~\\u00a0-\\u061b\\u061d-\\u1fff\\u2010-\\u2027\\u2030-\\u205e\\u2070-\\ud7ff\\uf900-\\ufefe\\uff00-\\ufffd]{1,200}";

/**
 * Reads a setting in its long form: value, last day, and why it is there.
 *
 * @param decoder Reads the value.
 */
export function dated<T>(decoder: Decoder<T>): Decoder<Dated<T>> {
  return object<Dated<T>>({
    value: required(decoder, "The value"),
    until: optional(date(), null, "Last day on which the value counts, UTC; then the default does"),
    because: optional(
      text(REASON, "one line of at most 200 characters"),
      null,
      "Why it is there, for a person",
    ),
  });
}

/**
 * A decoder with a further check, which sees the value that was read.
 *
 * @param decoder Reads the value.
 * @param check Refuses what it must, with a {@linkcode DecodeError}.
 */
export function refined<T>(
  decoder: Decoder<T>,
  check: (value: T, path: string) => void,
): Decoder<T> {
  return {
    ...decoder,
    decode(value, path) {
      const read = decoder.decode(value, path);
      check(read, path);
      return read;
    },
  };
}

function readKey(value: unknown, key: Key<unknown>, path: string): unknown {
  if (value !== undefined) return key.decoder.decode(value, path);
  if (key.absent !== undefined) return key.absent.value;
  throw new DecodeError(path, "value", "is required");
}

/**
 * Reads an object whose keys are out of some words and all optional.
 *
 * @param words The keys that are known.
 * @param item Reads each value.
 */
export function record<const K extends string, T>(
  words: readonly K[],
  item: Decoder<T>,
): Decoder<Readonly<Partial<Record<K, T>>>> {
  return {
    schema: {
      type: "object",
      additionalProperties: false,
      minProperties: 1,
      properties: Object.fromEntries(words.map((word) => [word, item.schema])),
    },
    decode(value, path) {
      const given = plainObject(value, path);
      if (Object.keys(given).length === 0) {
        return refuse(path, `at least one of ${words.join(", ")}`, {});
      }
      const read: Partial<Record<K, T>> = {};
      for (const [name, entry] of Object.entries(given)) {
        const word = words.find((candidate) => candidate === name);
        if (word === undefined) throw unknownKey(path, name, words);
        read[word] = item.decode(entry, joinPath(path, name));
      }
      return read;
    },
  };
}

/**
 * Where a member of an object stands.
 *
 * @param path Where the object stands; empty at the top.
 * @param name Name of the member.
 */
export function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function unknownKey(path: string, name: string, known: readonly string[]): DecodeError {
  const near = nearest(name, known);
  const hint = near === undefined
    ? `known are ${known.join(", ")}`
    : `did you mean ${JSON.stringify(near)}?`;
  return new DecodeError(
    joinPath(path, shortened(name)),
    "unknown_key",
    `is not known here; ${hint}`,
  );
}

/**
 * Reads null, or a value.
 *
 * @param inner Reads the value.
 */
export function orNull<T>(inner: Decoder<T>): Decoder<T | null> {
  return {
    schema: { anyOf: [inner.schema, { type: "null" }] },
    decode: (value, path) => value === null ? null : inner.decode(value, path),
  };
}

/**
 * Several values of one key as one: what each lists is accepted.
 *
 * @module
 */

import { DecodeError, isPlain, joinPath } from "../../core/decode.ts";

/**
 * Unites two values of one key. Lists are joined, objects by their members; of
 * anything else, as a floor, both must say the same.
 *
 * @param one A value, read.
 * @param other Another, read.
 * @param path Where it stands.
 * @throws {DecodeError} where they contradict each other.
 */
export function unite(one: unknown, other: unknown, path: string): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return joined(one, other);
  if (isObject(one) && isObject(other)) return members(one, other, path);
  if (Object.is(one, other)) return one;
  const both = `${JSON.stringify(one)} and ${JSON.stringify(other)}`;
  throw new DecodeError(path, "value", `has two values that contradict each other: ${both}`);
}

function joined(one: readonly unknown[], other: readonly unknown[]): readonly unknown[] {
  const known = new Set(one.map((item) => JSON.stringify(item)));
  return [...one, ...other.filter((item) => !known.has(JSON.stringify(item)))];
}

function members(one: object, other: object, path: string): object {
  const united = new Map<string, unknown>(Object.entries(one));
  for (const [name, value] of Object.entries(other)) {
    const before = united.get(name);
    united.set(name, before === undefined ? value : unite(before, value, joinPath(path, name)));
  }
  return Object.fromEntries(united);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && isPlain(value);
}

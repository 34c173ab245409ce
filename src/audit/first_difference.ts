/**
 * Where two pieces of data first differ.
 *
 * @module
 */

import type { CanonicalValue } from "../core/canonical_json.ts";
import { shortened } from "../core/decode.ts";

/** Where two pieces of data differ, and how. */
export interface Difference {
  /** Path of the first member that differs, as `findings[3].kind`, of long names the beginning; empty where all of it does. */
  readonly path: string;
  /** What the first has there, as JSON; `nothing` where it has no such member. */
  readonly before: string;
  /** What the second has there. */
  readonly after: string;
}

/** Most characters of a value in a message. */
const MAX_VALUE = 80;

/**
 * The first difference, by the order of the canonical form; null where both are the same.
 *
 * @param before One.
 * @param after The other.
 * @param path Where they stand.
 */
export function firstDifference(
  before: CanonicalValue | undefined,
  after: CanonicalValue | undefined,
  path = "",
): Difference | null {
  if (isList(before) && isList(after)) {
    const length = Math.max(before.length, after.length);
    return first(
      Array.from({ length }, (_, i) => i),
      (i) => firstDifference(before[i], after[i], `${path}[${i}]`),
    );
  }
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return first(names, (name) =>
      firstDifference(
        own(before, name),
        own(after, name),
        path === "" ? shortened(name) : `${path}.${shortened(name)}`,
      ));
  }
  return before === after ? null : { path, before: shown(before), after: shown(after) };
}

function first<T>(items: readonly T[], find: (item: T) => Difference | null): Difference | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

type Members = { readonly [name: string]: CanonicalValue };

function own(members: Members, name: string): CanonicalValue | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function isList(value: CanonicalValue | undefined): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}

function isObject(value: CanonicalValue | undefined): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: CanonicalValue | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
}

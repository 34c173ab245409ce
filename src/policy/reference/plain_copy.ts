/**
 * A caller's document as JSON of its own, so that what is read, what is digested
 * and what is signed is one and the same.
 *
 * @module
 */

import type { CanonicalValue } from "../../core/canonical_json.ts";
import { DecodeError, isPlain, joinPath, shortened } from "../../core/decode.ts";

/** Deepest nesting: registers of a part of a variant in a set stand eleven levels deep. */
const MAX_DEPTH = 16;

/** Most values of all kinds: ten times what 500 nodes with a register each need. */
const MAX_ITEMS = 100_000;

/**
 * Copies what JSON can hold and the canonical form takes.
 *
 * @param value Plain data; members that are undefined are left out.
 * @throws {DecodeError} on anything else: objects of classes, holes, fractions, half characters, nesting beyond 16 levels.
 */
export function plainCopy(value: unknown): CanonicalValue {
  let items = 0;
  const copy = (given: unknown, path: string, depth: number): CanonicalValue => {
    if (++items > MAX_ITEMS) throw refuse(path, `has more than ${MAX_ITEMS} values`);
    if (depth > MAX_DEPTH) throw refuse(path, `is nested deeper than ${MAX_DEPTH} levels`);
    if (typeof given !== "object" || given === null) return scalarOf(given, path);
    if (Array.isArray(given)) {
      return Array.from(given, (item: unknown, at) => copy(item, `${path}[${at}]`, depth + 1));
    }
    if (!isPlain(given)) throw refuse(path, "is no plain object");
    const members = Object.entries(given).filter(([, member]) => member !== undefined);
    return Object.fromEntries(
      members.map(([name, member]) => {
        const here = joinPath(path, shortened(name));
        return [wellFormed(name, here), copy(member, here, depth + 1)];
      }),
    );
  };
  return copy(value, "", 1);
}

function scalarOf(value: unknown, path: string): CanonicalValue {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return wellFormed(value, path);
  if (typeof value !== "number") throw refuse(path, `is ${typeof value}, which JSON cannot hold`);
  if (Number.isSafeInteger(value)) return value;
  throw refuse(path, "is no whole number of at most 2^53 - 1");
}

function wellFormed(text: string, path: string): string {
  if (text.isWellFormed()) return text;
  throw refuse(path, "has half of a surrogate pair");
}

function refuse(path: string, problem: string): DecodeError {
  return new DecodeError(path, "value", problem);
}

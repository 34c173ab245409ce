/**
 * JSON of which not every member is known by name, read whole: each value is
 * looked at, so that what is repeated, out of range or not of Unicode is found
 * wherever it stands.
 *
 * @module
 */

import { Malformed } from "../malformed.ts";
import { JsonScanner } from "./json_scanner.ts";

/** Most lists and objects that are open at once. What is read here has three. */
const MAX_DEPTH = 32;
/** A whole number in its one form. */
const WHOLE = /^(?:0|-?[1-9][0-9]*)$/;

/** An object; its members in order. */
export interface JsonObject {
  /** Tells values apart. */
  readonly kind: "object";
  /** Names and values, in order. */
  readonly members: ReadonlyMap<string, JsonTree>;
}

/** A value, and what is in it. */
export type JsonTree =
  | JsonObject
  | { readonly kind: "list"; readonly items: readonly JsonTree[] }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "name"; readonly value: boolean | null };

/**
 * Reads text that is one object and nothing else.
 *
 * @param text The text.
 * @throws {Malformed} where it is anything else, a name stands twice in an
 * object, a number is not whole or beyond 2^53 - 1, or a string has half of a
 * surrogate pair.
 */
export function readTree(text: string): JsonObject {
  const scanner = new JsonScanner(text);
  if (scanner.peek() !== "{") throw new Malformed("it is no object");
  const object = takeObject(scanner, 1);
  scanner.finish();
  return object;
}

function takeValue(scanner: JsonScanner, depth: number): JsonTree {
  switch (scanner.peek()) {
    case "{":
      return takeObject(scanner, depth);
    case "[":
      return { kind: "list", items: takeItems(scanner, depth) };
    case '"':
      return { kind: "string", text: scanner.string() };
    default:
      return takeNumber(scanner) ?? takeName(scanner);
  }
}

function takeObject(scanner: JsonScanner, depth: number): JsonObject {
  const members = new Map<string, JsonTree>();
  eachPart(scanner, ["{", "}"], depth, () => {
    const name = scanner.string();
    scanner.need(":");
    if (members.has(name)) throw new Malformed("a member is there twice");
    members.set(name, takeValue(scanner, depth + 1));
  });
  return { kind: "object", members };
}

function takeItems(scanner: JsonScanner, depth: number): readonly JsonTree[] {
  const items: JsonTree[] = [];
  eachPart(scanner, ["[", "]"], depth, () => items.push(takeValue(scanner, depth + 1)));
  return items;
}

function eachPart(
  scanner: JsonScanner,
  [opener, closer]: readonly [string, string],
  depth: number,
  take: () => void,
): void {
  if (depth > MAX_DEPTH) throw new Malformed(`more than ${MAX_DEPTH} values are nested`);
  scanner.need(opener);
  if (scanner.takes(closer)) return;
  do take(); while (scanner.takes(","));
  scanner.need(closer);
}

/** Of other numbers readers differ over which they are (RFC 8259 §6); documents that are read here have none. */
function takeNumber(scanner: JsonScanner): JsonTree | undefined {
  const text = scanner.number();
  if (text === undefined) return undefined;
  const value = Number(text);
  if (WHOLE.test(text) && Number.isSafeInteger(value)) return { kind: "number", value };
  throw new Malformed("a number is not whole, or beyond 2^53 - 1");
}

function takeName(scanner: JsonScanner): JsonTree {
  const name = scanner.name();
  if (name === undefined) throw new Malformed("there is no value where one must be");
  return { kind: "name", value: name === "null" ? null : name === "true" };
}

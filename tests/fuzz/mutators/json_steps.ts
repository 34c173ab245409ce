/**
 * Changes of JSON as a tree, as text and as bytes.
 *
 * @module
 */

import { canonicalJson, type CanonicalValue } from "../../../src/core/canonical_json.ts";
import { editText } from "../../bends/byte_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import { editJson, type JsonWords } from "../../bends/json_edits.ts";
import type { StepTable } from "../steps.ts";
import { BYTE_STEPS } from "./bytes.ts";

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What every reader of JSON is tried with, beside the words of its own form. */
export const ODD_WORDS: JsonWords = {
  raws: [
    ...['""', "null", "true", "[]", "{}", "0", "-0", "1", "2", "1.0", "1e0", "1e400", "01", "-1"],
    ...["9007199254740991", "9007199254740992", "0.5", '"\\ud800"', '"\\u0000"', '"__proto__"'],
    ...["1.00000000000000000001", '"\u202e"', '"\\u001b[2J"', '{"a":{"a":[1]}}', '"A"', '"AA"'],
  ],
  names: ["", "x", "v", "__proto__", "constructor", "prototype", "toString", "\\u0076", "\u0000"],
};

/** The value of a text; a step before may have left none. */
export function valueOf(file: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(file));
  } catch (error) {
    // Steps say by a RangeError that they do not fit.
    if (error instanceof SyntaxError) throw new RangeError("It is no JSON", { cause: error });
    throw error;
  }
}

/** Whether a value has only what canonical JSON has. */
function isPlain(value: unknown): value is CanonicalValue {
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value === "string") return value.isWellFormed();
  return typeof value !== "object" || value === null || Object.values(value).every(isPlain);
}

/** The text with its members in canonical form, for steps that shall reach what is behind it. */
export function inCanonicalForm(file: Uint8Array): Uint8Array {
  const value = valueOf(file);
  if (!isPlain(value)) throw new RangeError("It has no canonical form");
  return canonicalJson(value);
}

/** Lists and objects, one in another, as many as make a reader descend. */
function nested(file: Uint8Array, dice: Dice): Uint8Array {
  const [open, close] = dice.pick([["[", "]"], ['{"a":', "}"], ['[{"a":', "}]"]] as const);
  const depth = dice.pick([2, 15, 16, 17, 5000]);
  const inner = open.repeat(depth) + "1" + close.repeat(depth);
  return utf8(textOf(file).replace(/:("[^"]*"|\d+)/, () => `:${inner}`));
}

/**
 * Steps over a document.
 *
 * @param words What its form knows.
 */
export function jsonSteps(words: JsonWords): StepTable<Uint8Array> {
  const all: JsonWords = {
    raws: [...words.raws, ...ODD_WORDS.raws],
    names: [...words.names, ...ODD_WORDS.names],
  };
  const tree = (file: Uint8Array, dice: Dice): Uint8Array => {
    // That it is JSON is said before the tree is made of it.
    valueOf(file);
    return utf8(editJson(textOf(file), dice, all));
  };
  return {
    ...BYTE_STEPS,
    "as it is": (file) => file,
    "tree": tree,
    "canonical tree": (file, dice) => inCanonicalForm(tree(file, dice)),
    "letters": (file, dice) => utf8(editText(textOf(file), dice)),
    "blank": (file, dice) =>
      utf8(textOf(file).replace(/[{,:]/, `$&${" \t\n\r".repeat(dice.pick([1, 20_000]))}`)),
    "nested": nested,
  };
}

/**
 * Edits of bytes and of text that know nothing of what these mean.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import type { Dice } from "./dice.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type ByteEdit = (bytes: Uint8Array, dice: Dice) => Bytes;

const flip: ByteEdit = (bytes, dice) => {
  const copy = concat(bytes);
  const at = dice.below(copy.length);
  copy[at] = (copy[at] ?? 0) ^ 1 << dice.below(8);
  return copy;
};

const overwrite: ByteEdit = (bytes, dice) => {
  const copy = concat(bytes);
  const at = dice.below(copy.length);
  copy.fill(dice.pick([0, 0x7f, 0x80, 0xff]), at, at + dice.pick([1, 2, 4, 32]));
  return copy;
};

const cut: ByteEdit = (bytes, dice) => concat(bytes.subarray(0, dice.below(bytes.length)));

const extend: ByteEdit = (bytes, dice) => {
  const size = dice.pick([1, 2, 16, 3000]);
  return concat(bytes, dice.once(2) ? new Uint8Array(size) : dice.bytes(size));
};

const remove: ByteEdit = (bytes, dice) => {
  const at = dice.below(bytes.length);
  return concat(bytes.subarray(0, at), bytes.subarray(at + dice.pick([1, 2, 8])));
};

const insert: ByteEdit = (bytes, dice) => {
  const at = dice.below(bytes.length);
  return concat(bytes.subarray(0, at), dice.bytes(dice.pick([1, 2, 8])), bytes.subarray(at));
};

/** One edit; flips are as frequent as all others together. */
export function editBytes(bytes: Uint8Array, dice: Dice): Bytes {
  if (bytes.length === 0) return dice.bytes(4);
  return dice.pick([flip, flip, flip, flip, overwrite, cut, extend, remove, insert])(bytes, dice);
}

/** What texts are spoilt with: signs of JSON and PEM, blanks of all kinds, what is no ASCII. */
const PIECES = [
  ...' \t\r\n{}[],:"\\-=+/.0aAeE',
  "\r\n",
  "\0",
  "\u007f",
  "\u0085",
  "\u00a0",
  "\u00e4",
  "\u2028",
  "\u{1f600}",
  "\ufeff",
  "null",
  "1e5",
  "\\u0041",
  "\\ud800",
  "//",
  "-----",
] as const;

/** One edit of a text: a piece put in, put in place of something, or something left out. */
export function editText(text: string, dice: Dice): string {
  const at = dice.below(text.length + 1);
  const rest = text.slice(at + dice.pick([0, 0, 1, 1, 2, 5]));
  return text.slice(0, at) + (dice.once(4) ? "" : dice.pick(PIECES)) + rest;
}

/** A value for a field: zeros, ones, a bit turned, another number near it, chance. */
export function otherValue(field: Uint8Array, dice: Dice): Uint8Array {
  const [first = 0, ...rest] = field;
  const at = dice.below(field.length);
  const turned = field.map((byte, i) => i === at ? byte ^ (1 << dice.below(8)) : byte);
  return dice.pick([
    new Uint8Array(field.length),
    new Uint8Array(field.length).fill(0xff),
    turned,
    turned,
    turned,
    Uint8Array.of(first + 1, ...rest),
    Uint8Array.of(first - 1, ...rest),
    Uint8Array.of(dice.below(8), ...new Uint8Array(field.length - 1)),
    dice.bytes(field.length),
  ]);
}

/**
 * Changes of bytes that know nothing of what these mean.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import { editBytes, editText } from "../../bends/byte_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import type { StepTable } from "../steps.ts";

/** Most bytes that one step lets a file grow by. */
const MAX_GROWTH = 128 * 1024;

/** Numbers at which readers of sizes stumble, before they are cut to their bytes. */
const NUMBERS: readonly number[] = [
  ...[0, 1, 2, 3, 4, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000],
  ...[0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff],
];

/** A copy with a number of 1, 2, 4 or 8 bytes written somewhere, in either order. */
export function withOddNumber(bytes: Uint8Array, dice: Dice): Uint8Array {
  const size = dice.pick([1, 2, 4, 4, 8]);
  if (bytes.length < size) throw new RangeError("There is no room for a number");
  const copy = concat(bytes);
  const value = dice.pick(NUMBERS);
  const octets = Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 0xff);
  const early = dice.once(2) ? Math.min(64, bytes.length - size) : bytes.length - size;
  copy.set(dice.once(2) ? octets : octets.reverse(), dice.below(early + 1));
  return copy;
}

/** A part of it over and over. */
export function grown(bytes: Uint8Array, dice: Dice): Uint8Array {
  const start = dice.below(bytes.length);
  const part = bytes.subarray(start, start + dice.pick([1, 4, 64, 2000]));
  if (part.length === 0) throw new RangeError("There is nothing to repeat");
  const times = Math.ceil(dice.below(dice.pick([256, 4096, MAX_GROWTH])) / part.length) + 1;
  const repeated = concat(...Array.from({ length: times }, () => part));
  return concat(bytes.subarray(0, start), repeated, bytes.subarray(start));
}

/** A part of it somewhere else. */
export function moved(bytes: Uint8Array, dice: Dice): Uint8Array {
  const [from, to] = [dice.below(bytes.length), dice.below(bytes.length)];
  const part = bytes.slice(from, from + dice.pick([1, 8, 48, 400]));
  const copy = concat(bytes);
  copy.set(part.subarray(0, copy.length - to), to);
  return copy;
}

/** Read as text, and that changed. */
export function respelled(bytes: Uint8Array, dice: Dice): Uint8Array {
  return new TextEncoder().encode(editText(new TextDecoder().decode(bytes), dice));
}

/** All of them. */
export const BYTE_STEPS: StepTable<Uint8Array> = {
  "bytes": editBytes,
  "number": withOddNumber,
  "grown": grown,
  "moved": moved,
  "text": respelled,
};

/** One of them, the small ones mostly. */
export async function anyByteStep(bytes: Uint8Array, dice: Dice): Promise<Uint8Array> {
  const names = ["bytes", "bytes", "bytes", "number", "number", "moved", "text", "grown"];
  return await BYTE_STEPS[dice.pick(names)]?.(bytes, dice) ?? bytes;
}

/**
 * Edits of CBOR that know nothing of what it means.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import {
  cborArray,
  cborBytes,
  cborHead,
  cborInteger,
  cborMap,
  cborNull,
  type CborPair,
  cborTagged,
  cborText,
} from "../../src/lab/mod.ts";
import type { Dice } from "./dice.ts";

/** Encodings that stand for nothing, right and wrong. */
const ODD: readonly (readonly number[])[] = [
  [],
  [0xf4],
  [0xf5],
  [0xf7],
  [0xf8, 0x20],
  [0xf9, 0x3c, 0x00],
  [0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0],
  [0xff],
  [0x1c],
  [0x18, 0x17],
  [0x58, 0x00],
  [0x5f, 0xff],
  [0x9f, 0xff],
  [0xbf, 0xff],
  [0x62, 0xc3, 0x28],
  [0x63, 0xed, 0xa0, 0x80],
  [0xa2, 0x00, 0x00, 0x00, 0x01],
  [0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
];

/** Numbers at the ends of what fields take. */
const NUMBERS = [
  0,
  1,
  18,
  31,
  32,
  255,
  2 ** 32,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 64n - 1n,
  -1,
  -35,
];

/** Lengths at the ends of what fields take. */
const LENGTHS = [0, 1, 47, 48, 49, 96, 256, 257, 512, 513, 1024, 1025];

/** Any value, mostly well-made. */
export function anyCbor(dice: Dice): Uint8Array {
  const length = dice.pick(LENGTHS);
  const values: readonly (() => Uint8Array)[] = [
    () => cborNull(),
    () => cborInteger(dice.pick(NUMBERS)),
    () => cborBytes(dice.bytes(length)),
    () => cborText(dice.pick(["SHA384", "", "pcrs", "\u0000", "é", "x".repeat(length)])),
    () => cborArray(cborBytes(dice.bytes(length)), cborNull()),
    () =>
      cborArray(...Array.from({ length: dice.pick([0, 8, 9]) }, () => cborBytes(dice.bytes(1)))),
    () => cborMap([cborInteger(dice.pick(NUMBERS)), cborBytes(new Uint8Array(48))]),
    () => nested(dice.pick([6, 7, 8, 9, 40])),
    () => cborTagged(dice.pick([1, 18]), cborNull()),
    () => Uint8Array.from(dice.pick(ODD)),
    () => concat(cborHead("bytes", 3, dice.pick([1, 2, 4, 8])), dice.bytes(3)),
  ];
  return dice.pick(values)();
}

function nested(depth: number): Uint8Array {
  return depth === 0 ? cborNull() : cborArray(nested(depth - 1));
}

/** One edit of the entries of a map. */
export function editEntries(entries: readonly CborPair[], dice: Dice): readonly CborPair[] {
  const at = dice.below(entries.length);
  const [key = cborNull(), value = cborNull()] = entries[at] ?? [];
  const edits: readonly (() => readonly CborPair[])[] = [
    () => entries.with(at, [key, anyCbor(dice)]),
    () => entries.with(at, [key, anyCbor(dice)]),
    () => entries.with(at, [key, anyCbor(dice)]),
    () => entries.with(at, [anyCbor(dice), value]),
    () => entries.toSpliced(at, 1),
    () => entries.toSpliced(at, 0, [key, anyCbor(dice)]),
    () => [...entries, [anyCbor(dice), anyCbor(dice)]],
    () => entries.toReversed(),
  ];
  return dice.pick(edits)();
}

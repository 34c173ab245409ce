/**
 * Values of registers as the engines take them, and edits of their list.
 *
 * @module
 */

import { concat, fromHex } from "../../src/core/bytes.ts";
import { type GivenRegisters, LAB_HASHES, type LabBank } from "../../src/lab/mod.ts";
import { editBytes } from "../bends/byte_edits.ts";
import type { Dice } from "../bends/dice.ts";

const BANKS: readonly LabBank[] = ["sha1", "sha256", "sha384", "sha512"];

/** One value: bank, register, value. */
export function registerItem(bank: LabBank, register: number, value: Uint8Array): Uint8Array {
  const { id } = LAB_HASHES[bank];
  return concat(Uint8Array.of(id >> 8, id & 0xff, register), value);
}

/** Values as they were minted. */
export function registerItems(given: GivenRegisters): readonly Uint8Array[] {
  return BANKS.flatMap((bank) =>
    Object.entries(given[bank] ?? {}).map(([register, value]) =>
      registerItem(bank, Number(register), fromHex(value))
    )
  );
}

function anyItem(dice: Dice): Uint8Array {
  const bank = dice.pick(BANKS);
  const size = dice.once(4) ? dice.pick([0, 20, 32, 48, 64, 65]) : LAB_HASHES[bank].bytes;
  return registerItem(bank, dice.once(12) ? 24 : dice.below(24), dice.bytes(size));
}

/** One edit of the list. */
export function editRegisters(items: readonly Uint8Array[], dice: Dice): readonly Uint8Array[] {
  const at = dice.below(items.length);
  const one = items[at] ?? anyItem(dice);
  const edits: readonly (() => readonly Uint8Array[])[] = [
    () => items.toSpliced(at, 1),
    () => items.toSpliced(at, 0, one),
    () => [...items, anyItem(dice)],
    () => [...items, anyItem(dice)],
    () => [anyItem(dice), anyItem(dice), ...items],
    () => items.toReversed(),
    () => items.with(at, concat(one.subarray(0, 3), editBytes(one.subarray(3), dice))),
    () =>
      items.with(at, concat(one.subarray(0, 2), Uint8Array.of(dice.below(26)), one.subarray(3))),
    () => items.with(at, editBytes(one, dice)),
    () => [],
    () => [...items, ...Array.from({ length: 200 }, () => anyItem(dice))],
  ];
  return items.length === 0 ? [anyItem(dice)] : dice.pick(edits)();
}

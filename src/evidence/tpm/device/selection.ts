/**
 * Selections of registers: TPML_PCR_SELECTION (Part 2 §10.9.7).
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import type { Selection } from "../report.ts";
import type { FieldReader } from "./bytes_in.ts";
import { u16, u32, u8 } from "./bytes_out.ts";
import { algorithmOf, bankOf } from "./numbers.ts";

/** Bytes of a bitmap of registers: 24, as the PC Client profile has. */
const BITMAP_BYTES = 3;

/** Most registers of a bank. */
export const REGISTERS = 8 * BITMAP_BYTES;

/** Most banks that a list has room for (HASH_COUNT). */
const MAX_BANKS = 16;

/**
 * Writes selections.
 *
 * @param selections Banks and registers.
 */
export function selectionBytes(selections: readonly Selection[]): Uint8Array {
  const items = selections.map(({ bank, registers }) =>
    concat(u16(algorithmOf(bank)), u8(BITMAP_BYTES), bitmap(registers))
  );
  return concat(u32(items.length), ...items);
}

/** Register 0 is the lowest bit of the first byte. */
function bitmap(registers: readonly number[]): Uint8Array {
  const bits = new Uint8Array(BITMAP_BYTES);
  for (const register of registers) {
    if (!Number.isInteger(register) || register < 0 || register >= REGISTERS) {
      throw new RangeError(`Cannot select register ${register}: they are 0 to ${REGISTERS - 1}`);
    }
    const at = register >> 3;
    bits[at] = (bits[at] ?? 0) | 1 << (register & 7);
  }
  return bits;
}

/**
 * Reads selections. Banks that are not known here, and such without registers, are left out.
 *
 * @param answer Where they stand.
 */
export function readSelections(answer: FieldReader): readonly Selection[] {
  const count = answer.u32();
  if (count > MAX_BANKS) answer.refuse(`${count} selections`);
  return Array.from({ length: count }, () => readSelection(answer)).flatMap((item) => item);
}

function readSelection(answer: FieldReader): readonly Selection[] {
  const bank = bankOf(answer.u16());
  const bytes = [...answer.bytes(answer.u8())];
  const registers = bytes.flatMap((byte, at) =>
    Array.from({ length: 8 }, (_, bit) => bit)
      .filter((bit) => (byte >> bit & 1) === 1)
      .map((bit) => 8 * at + bit)
  );
  return bank === undefined || registers.length === 0 ? [] : [{ bank, registers }];
}

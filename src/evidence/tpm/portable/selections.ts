/**
 * Which registers a quote is over: TPML_PCR_SELECTION (Part 2 §10.9.7, §10.6.2).
 *
 * @module
 */

import type { CasemateError } from "../../../core/errors.ts";
import type { Selection } from "../report.ts";
import { algorithmText, bankOf } from "./algorithms.ts";
import type { Marshalled } from "./marshalled.ts";
import { refuseTpm } from "./refuse.ts";

/** Most selections: HASH_COUNT of no TPM is larger. A forged count must cost nothing. */
const MAX_SELECTIONS = 8;
/** Most bytes of a bitmap: 24 registers (PC Client Platform TPM Profile §4.6). */
const MAX_BITMAP_BYTES = 3;

const malformed = (reason: string): CasemateError =>
  refuseTpm("tpm.selection_malformed", { reason });
const empty = (): CasemateError =>
  refuseTpm("tpm.selection_empty", { reason: "no register is selected" });
const repeated = (bank: string): CasemateError =>
  refuseTpm("tpm.selection_repeated", { reason: `bank ${bank} stands there twice` });

/**
 * Takes the selections of a quote; banks without a register are left out.
 *
 * @param fields Stand before them.
 * @throws {RejectedError} `tpm.selection_malformed`, `tpm.selection_repeated`,
 * `tpm.selection_empty`
 */
export function takeSelections(fields: Marshalled): readonly Selection[] {
  const count = fields.number(4, "the count of selections");
  if (count === 0) throw empty();
  if (count > MAX_SELECTIONS) throw malformed(`more than ${MAX_SELECTIONS} selections`);
  const selections: Selection[] = [];
  for (let i = 0; i < count; i++) {
    const one = takeSelection(fields);
    // Twice, it would let the same digest be over other values.
    if (selections.some(({ bank }) => bank === one.bank)) throw repeated(one.bank);
    selections.push(one);
  }
  const chosen = selections.filter(({ registers }) => registers.length > 0);
  if (chosen.length === 0) throw empty();
  return chosen;
}

function takeSelection(fields: Marshalled): Selection {
  const algorithm = fields.number(2, "the bank of a selection");
  const bank = bankOf(algorithm);
  if (bank === undefined) throw malformed(`bank ${algorithmText(algorithm)} is not known`);
  const size = fields.number(1, "the size of a selection");
  if (size < 1 || size > MAX_BITMAP_BYTES) {
    throw malformed(`a selection has ${size} bytes, not 1 to ${MAX_BITMAP_BYTES}`);
  }
  return { bank, registers: registersOf(fields.take(size, "a selection")) };
}

/** Bit 0 of the first byte is register 0. */
function registersOf(bitmap: Uint8Array): readonly number[] {
  const all = Array.from({ length: 8 * bitmap.length }, (_, register) => register);
  return all.filter((register) => ((bitmap[register >> 3] ?? 0) >> (register & 7) & 1) === 1);
}

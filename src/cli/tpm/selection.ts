/**
 * Registers as a person names them: `sha256:0,1,7` or `sha256:0-7+sha1:0-7`.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import type { InputError } from "../../core/errors.ts";
import type { PcrBank, Selection } from "../../evidence/tpm/report.ts";
import { flagError } from "../input/given.ts";

/** The flag as it is typed. */
const FLAG = "--pcrs";

const BANKS: readonly PcrBank[] = ["sha1", "sha256", "sha384", "sha512"];

/** Highest register of a TPM in a PC (PC Client Platform TPM Profile §4.6). */
const LAST_REGISTER = 23;

/**
 * Reads registers.
 *
 * @param text What was given.
 * @throws {InputError} `input.value`
 */
export function readSelectionFlag(text: string): readonly Selection[] {
  const selections = text.split("+").map((part) => readBank(text, part.trim()));
  const banks = selections.map(({ bank }) => bank);
  const twice = banks.find((bank, i) => banks.indexOf(bank) !== i);
  if (twice !== undefined) throw refuse(text, `${twice} stands there twice`);
  return selections;
}

/**
 * Registers as they are read back: runs with a dash.
 *
 * @param selections The registers.
 */
export function selectionText(selections: readonly Selection[]): string {
  return selections.map(({ bank, registers }) => `${bank}:${runs(registers).join(",")}`).join("+");
}

function readBank(text: string, part: string): Selection {
  const [name = "", list, ...more] = part.split(":");
  if (list === undefined || more.length > 0) {
    throw refuse(text, `${JSON.stringify(part)} is no BANK:LIST`);
  }
  const bank = BANKS.find((known) => known === name.toLowerCase());
  if (bank === undefined) {
    const near = nearest(name, BANKS);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    throw refuse(text, `${JSON.stringify(name)} is no bank${hint}`);
  }
  const registers = list.split(",").flatMap((item) => readRun(text, item.trim()));
  return { bank, registers: [...new Set(registers)].sort((a, b) => a - b) };
}

function readRun(text: string, item: string): readonly number[] {
  const found = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(item);
  const first = Number(found?.[1]);
  const last = Number(found?.[2] ?? found?.[1]);
  if (found === null || first > last || last > LAST_REGISTER) {
    throw refuse(text, `${JSON.stringify(item)} is no register from 0 to ${LAST_REGISTER}`);
  }
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function runs(registers: readonly number[]): readonly string[] {
  const found: { first: number; last: number }[] = [];
  for (const register of registers) {
    const run = found.at(-1);
    if (run !== undefined && run.last + 1 === register) run.last = register;
    else found.push({ first: register, last: register });
  }
  return found.map(({ first, last }) => first === last ? String(first) : `${first}-${last}`);
}

function refuse(text: string, reason: string): InputError {
  const message = `Cannot use ${FLAG} ${
    JSON.stringify(text)
  }: expected registers as sha256:0,1,7 or sha256:0-7+sha1:0-7, but ${reason}`;
  return flagError("input.value", message, FLAG);
}

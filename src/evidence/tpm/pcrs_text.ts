/**
 * Values of registers as `tpm2_pcrread` prints them: YAML of one shape.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import { bankOf, type GivenRegister, refuse, registerOf } from "./registers.ts";
import type { PcrBank } from "./report.ts";

/** `sha256:` */
const BANK_LINE = /^\s*([A-Za-z][\w-]*)\s*:\s*$/;

/** `11: 0x1B36…`; the tool pads the number to two places. */
const VALUE_LINE = /^\s*([0-9]+)\s*:\s*0x((?:[0-9a-fA-F]{2})*)\s*$/;

/**
 * Reads the text.
 *
 * @param text The text.
 * @returns Null where its first line is no bank.
 * @throws {InputError} `input.encoding`, `input.value`
 */
export function readPcrsText(text: string): readonly GivenRegister[] | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (!BANK_LINE.test(lines[0] ?? "")) return null;
  const values: GivenRegister[] = [];
  let bank: PcrBank | null = null;
  for (const line of lines) {
    const name = BANK_LINE.exec(line)?.[1];
    if (name === undefined) values.push(valueOf(line, bank));
    else bank = bankOf(name);
  }
  return values;
}

function valueOf(line: string, bank: PcrBank | null): GivenRegister {
  const [, digits, hex] = VALUE_LINE.exec(line) ?? [];
  if (digits !== undefined && hex !== undefined && bank !== null) {
    return { bank, register: registerOf(digits), value: fromHex(hex) };
  }
  const shown = JSON.stringify(line.slice(0, 60));
  throw refuse("input.encoding", `expected a line as "11: 0x1B36…", got ${shown}`);
}

/**
 * Registers and banks by their names and numbers.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import type { PcrBank } from "./report.ts";

/** A value as it was given: neither its length nor whether it was quoted is known. */
export interface GivenRegister {
  /** Bank. */
  readonly bank: PcrBank;
  /** Number, 0 to 23. */
  readonly register: number;
  /** Value. */
  readonly value: Uint8Array;
}

/** Algorithm ids of banks (TCG Algorithm Registry §6.2). */
export const BANK_IDS: Readonly<Record<PcrBank, number>> = {
  sha1: 0x0004,
  sha256: 0x000b,
  sha384: 0x000c,
  sha512: 0x000d,
};

/** Banks by the order of their ids. */
export const BANKS: readonly PcrBank[] = ["sha1", "sha256", "sha384", "sha512"];

/** Registers of a PC's TPM (PC Client Platform TPM Profile §4.6). */
export const REGISTERS = 24;

/**
 * A refusal of a file of values.
 *
 * @param code Code.
 * @param problem What is wrong.
 */
export function refuse(code: string, problem: string): InputError {
  const fields = { role: "pcrs", reason: problem };
  return new InputError(`Cannot read the pcrs: ${problem}`, { code, fields });
}

/**
 * A bank by its name, in either case.
 *
 * @param name Name, as `sha256`.
 * @throws {InputError} `input.value`
 */
export function bankOf(name: string): PcrBank {
  const bank = BANKS.find((known) => known === name.toLowerCase());
  if (bank !== undefined) return bank;
  throw refuse("input.value", `no bank is called ${JSON.stringify(name.slice(0, 40))}`);
}

/**
 * The number of a register.
 *
 * @param digits Decimal, without leading zeros.
 * @throws {InputError} `input.value`
 */
export function registerOf(digits: string): number {
  const register = /^(?:0|[1-9][0-9]?)$/.test(digits) ? Number(digits) : REGISTERS;
  if (register < REGISTERS) return register;
  const known = `known are 0 to ${REGISTERS - 1}`;
  throw refuse(
    "input.value",
    `no register is called ${JSON.stringify(digits.slice(0, 40))}; ${known}`,
  );
}

/**
 * Values as the engine takes them: bank, register, value.
 *
 * @param values The values.
 */
export function encodeRegisters(values: readonly GivenRegister[]): readonly Uint8Array[] {
  return values.map(({ bank, register, value }) => {
    const id = BANK_IDS[bank];
    return concat(Uint8Array.of(id >> 8, id & 0xff, register), value);
  });
}

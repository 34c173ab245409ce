/**
 * Values of registers, and whether they are those that were quoted.
 *
 * @module
 */

import { concat, fromHex, toHex } from "../../../core/bytes.ts";
import { digestOf } from "../../../core/portable/digest.ts";
import { misuse } from "../../../core/portable/frame.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";
import type { PcrBank, Quote, RegisterValue, StrongHash, VerifiedQuote } from "../report.ts";
import { BANK_BYTES, bankOf } from "./algorithms.ts";
import { refuseTpm } from "./refuse.ts";

/** Registers of a bank. */
const REGISTERS = 24;
/** Most values: those of eight banks. */
const MAX_VALUES = 8 * REGISTERS;

/** Values by their register. */
type Values = ReadonlyMap<string, RegisterValue>;

/**
 * Compares values with the digest of a quote.
 *
 * @param items Values: number of the bank, two bytes; register, one byte; value.
 * @param quote The quote.
 * @param hash Hash of its signature, which the digest was made with (Part 3 §18.4).
 * @throws {RejectedError} `tpm.pcr_*`
 * @throws {InputError} `input.too_large`
 */
export function verifyRegisters(
  items: readonly Uint8Array[],
  { selections, pcrDigest }: Quote,
  hash: StrongHash,
): Pick<VerifiedQuote, "registers" | "notQuoted"> {
  const values = readValues(items);
  const registers = selections.flatMap(({ bank, registers }) =>
    registers.map((register) => valueOf(values, bank, register))
  );
  const joined = concat(...registers.map(({ value }) => fromHex(value)));
  const actual = toHex(digestOf(hash, joined));
  if (actual !== pcrDigest) {
    throw refuseTpm("tpm.pcr_digest_mismatch", { expected: pcrDigest, actual });
  }
  const quoted = new Set<RegisterValue>(registers);
  const others = [...values.values()].filter((value) => !quoted.has(value));
  return { registers, notQuoted: others.map(({ bank, register }) => ({ bank, register })) };
}

function readValues(items: readonly Uint8Array[]): Values {
  if (items.length > MAX_VALUES) {
    const counts = { limit: `${MAX_VALUES} values`, actual: `${items.length} values` };
    throw refuseCore("input.too_large", { input: "pcrs", ...counts });
  }
  const values = new Map<string, RegisterValue>();
  for (const { bank, register, bytes } of items.map(readItem)) {
    checkLength(bank, register, bytes);
    const key = keyOf(bank, register);
    if (values.has(key)) throw refuseTpm("tpm.pcr_repeated", { register: key });
    values.set(key, { bank, register, value: toHex(bytes) });
  }
  return values;
}

/** An item of the list, taken apart. */
interface Item extends Omit<RegisterValue, "value"> {
  readonly bytes: Uint8Array;
}

function readItem(item: Uint8Array): Item {
  const [high = 0, low = 0, register] = item;
  const bank = bankOf(high * 256 + low);
  if (register === undefined || register >= REGISTERS || bank === undefined) {
    throw misuse("a value is of no register");
  }
  return { bank, register, bytes: item.subarray(3) };
}

/** Lengths are exact: two values that are cut elsewhere give the same digest together. */
function checkLength(bank: PcrBank, register: number, { length }: Uint8Array): void {
  if (length === BANK_BYTES[bank]) return;
  throw refuseTpm("tpm.pcr_length", {
    register: keyOf(bank, register),
    expected: `${BANK_BYTES[bank]} bytes`,
    actual: `${length} bytes`,
  });
}

function keyOf(bank: PcrBank, register: number): string {
  return `${bank}:${register}`;
}

function valueOf(values: Values, bank: PcrBank, register: number): RegisterValue {
  const key = keyOf(bank, register);
  const value = values.get(key);
  if (value === undefined) throw refuseTpm("tpm.pcr_missing", { register: key });
  return value;
}

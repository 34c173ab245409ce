/**
 * Values of registers, and whether they are those that were quoted.
 *
 * @module
 */

import { concat, fromHex, toHex } from "../../../core/bytes.ts";
import { digestOf } from "../../../core/portable/digest.ts";
import { misuse } from "../../../core/portable/frame.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";
import type { Quote, RegisterValue, StrongHash, VerifiedQuote } from "../report.ts";
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
  for (const item of items) {
    const value = readValue(item);
    const key = keyOf(value);
    if (values.has(key)) throw refuseTpm("tpm.pcr_repeated", placeOf(value));
    values.set(key, value);
  }
  return values;
}

/** Lengths are exact: two values that are cut elsewhere give the same digest together. */
function readValue(item: Uint8Array): RegisterValue {
  const [high = 0, low = 0, register] = item;
  const bank = bankOf(high * 256 + low);
  if (register === undefined || register >= REGISTERS || bank === undefined) {
    throw misuse("a value is of no register");
  }
  const bytes = item.subarray(3);
  if (bytes.length !== BANK_BYTES[bank]) {
    throw refuseTpm("tpm.pcr_length", {
      ...placeOf({ bank, register }),
      expected: `${BANK_BYTES[bank]} bytes`,
      actual: `${bytes.length} bytes`,
    });
  }
  return { bank, register, value: toHex(bytes) };
}

type Place = Omit<RegisterValue, "value">;

function keyOf({ bank, register }: Place): string {
  return `${bank} ${register}`;
}

function placeOf({ bank, register }: Place): { readonly bank: string; readonly register: string } {
  return { bank, register: `${register}` };
}

function valueOf(values: Values, bank: Place["bank"], register: number): RegisterValue {
  const value = values.get(keyOf({ bank, register }));
  if (value === undefined) throw refuseTpm("tpm.pcr_missing", placeOf({ bank, register }));
  return value;
}

/**
 * Values of registers in an envelope, `{"sha256": {"0": "HEX"}}`.
 *
 * @module
 */

import { type Decoder, type Key, object, optional, record, text } from "../../core/decode.ts";
import { canonicalJson, type CanonicalValue } from "../../core/canonical_json.ts";
import { notEmpty } from "./not_empty.ts";

/** Registers of a PC, 0 to 23. */
const REGISTERS: readonly string[] = Array.from({ length: 24 }, (_, register) => String(register));

/** Values of one bank by register, lowercase hex. */
type BankValues = Readonly<Partial<Record<string, string>>>;

/** Values of registers by bank. */
export type PcrValues = Readonly<Record<string, BankValues | undefined>>;

function bank(bytes: number): Key<BankValues | undefined> {
  const value = text(`[0-9a-f]{${2 * bytes}}`, `${bytes} bytes in lowercase hex`);
  return optional(record(REGISTERS, value), undefined, `Values of ${bytes} bytes by register`);
}

/** Reads values; there is at least one bank, and in each at least one register. */
export const PCR_VALUES: Decoder<PcrValues> = notEmpty(object<PcrValues>({
  sha1: bank(20),
  sha256: bank(32),
  sha384: bank(48),
  sha512: bank(64),
}));

/**
 * The values without what is absent.
 *
 * @param values The values.
 */
export function pcrMembers(values: PcrValues): { readonly [bank: string]: CanonicalValue } {
  const banks = defined(values).map(([name, bank]) => [name, Object.fromEntries(defined(bank))]);
  return Object.fromEntries(banks);
}

/**
 * The values as a file, in canonical form.
 *
 * @param values The values.
 */
export function pcrsFile(values: PcrValues): Uint8Array {
  return canonicalJson(pcrMembers(values));
}

function defined<T>(record: Readonly<Record<string, T | undefined>>): readonly [string, T][] {
  return Object.entries(record).flatMap(([name, value]): [string, T][] =>
    value === undefined ? [] : [[name, value]]
  );
}

/**
 * Values that the events of a log lead to (TPM 2.0 Part 1 §17.3).
 *
 * @module
 */

import { concat, toHex } from "../../../core/bytes.ts";
import type { Bank, EventLog } from "../event_log.ts";
import { type Algorithm, algorithmOf } from "./banks.ts";
import type { ReadLog } from "./entry.ts";

/**
 * Extends registers as the events say, in every bank that is computed here.
 *
 * All begin with zeros, PCR 17 to 22 too: what extends them begins with a reset
 * of theirs (DRTM). PCR 0 begins with the locality from which the TPM
 * was started (PFP §10.4.5.3).
 *
 * @param log The log.
 */
export function replay(log: ReadLog): EventLog["replay"] {
  const banks: Partial<Record<Bank, Readonly<Record<string, string>>>> = {};
  for (const name of log.banks) {
    const algorithm = algorithmOf(name);
    if (algorithm !== undefined) banks[algorithm.name] = replayBank(log, algorithm);
  }
  return banks;
}

function replayBank(
  { entries, startupLocality }: ReadLog,
  { name, size, hash }: Algorithm,
): Readonly<Record<string, string>> {
  const values = new Map<number, Uint8Array>();
  for (const { register, digests } of entries) {
    const digest = digests.get(name);
    if (register === null || digest === undefined) continue;
    const value = values.get(register) ?? startOf(register, size, startupLocality ?? 0);
    values.set(register, hash(concat(value, digest)));
  }
  return Object.fromEntries([...values].map(([register, value]) => [register, toHex(value)]));
}

function startOf(register: number, size: number, locality: number): Uint8Array {
  const value = new Uint8Array(size);
  if (register === 0) value[size - 1] = locality;
  return value;
}

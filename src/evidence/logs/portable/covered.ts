/**
 * Which part of the data of events their digests cover. What no digest covers
 * is nobody's word: whoever passes the log on could have written it.
 *
 * @module
 */

import { equal } from "../../../core/bytes.ts";
import { refusal } from "../../../core/refusal.ts";
import type { LogsCode } from "../codes.ts";
import type { Covered } from "../event_log.ts";
import { type Algorithm, ALGORITHMS } from "./banks.ts";
import { formsOf } from "./covered_forms.ts";
import type { Entry, ReadLog } from "./entry.ts";

const EV_SEPARATOR = 0x04;
/** Types of which all data are hashed (PFP Table 27): EV_ACTION, EV_EFI_VARIABLE_DRIVER_CONFIG, EV_EFI_GPT_EVENT, EV_EFI_ACTION. */
const HASHED_WHOLE: readonly number[] = [EV_SEPARATOR, 0x05, 0x8000_0001, 0x8000_0006, 0x8000_0007];
/** What a firmware that failed has extended in place of the data of its separator (PFP Table 27). */
const SEPARATOR_ERROR = Uint8Array.of(1, 0, 0, 0);

/** Banks by which data are believed. */
interface Judges {
  /** SHA-256 and better; SHA-1 where there is none of them. */
  readonly algorithms: readonly Algorithm[];
  /** Whether they are of SHA-256 or better. */
  readonly areStrong: boolean;
}

/**
 * Judges the data of every event.
 *
 * @param log The log.
 * @returns For each event what its digests cover.
 * @throws {RejectedError} `logs.data_mismatch`
 */
export function judgeData({ banks, entries }: ReadLog): readonly Covered[] {
  const judges = judgesOf(banks);
  return entries.map((entry, number) => {
    const covered = coveredOf(entry, judges);
    if (covered !== "whole" && judges.areStrong) checkWhole(entry, number, judges);
    return covered;
  });
}

function judgesOf(banks: readonly string[]): Judges {
  const known = ALGORITHMS.filter(({ name }) => banks.includes(name));
  const strong = known.filter(({ name }) => name !== "sha1");
  const areStrong = strong.length > 0;
  return { algorithms: areStrong ? strong : known, areStrong };
}

function coveredOf({ register, type, data, digests }: Entry, { algorithms }: Judges): Covered {
  if (register === null || algorithms.length === 0) return null;
  const forms = formsOf(type, data);
  const form = forms.find(({ bytes }) => firstOther(bytes, digests, algorithms) === undefined);
  return form?.name ?? null;
}

/** The first bank in which a digest is not the hash of some bytes. */
function firstOther(
  bytes: Uint8Array,
  digests: Entry["digests"],
  algorithms: readonly Algorithm[],
): Algorithm | undefined {
  return algorithms.find(({ name, hash }) => {
    const digest = digests.get(name);
    return digest === undefined || !equal(digest, hash(bytes));
  });
}

/**
 * Refuses data that were changed where the specification has all of them hashed.
 *
 * A separator may have the digest of the error instead, which says so much
 * that nothing before it is believed.
 */
function checkWhole(entry: Entry, number: number, { algorithms }: Judges): void {
  const { register, type, data, digests } = entry;
  if (register === null || type === null || !HASHED_WHOLE.includes(type)) return;
  const isError = type === EV_SEPARATOR &&
    firstOther(SEPARATOR_ERROR, digests, algorithms) === undefined;
  const bank = firstOther(data, digests, algorithms);
  if (isError || bank === undefined) return;
  throw refusal("logs.data_mismatch" satisfies LogsCode, {
    event: `${number}`,
    type: `0x${type.toString(16).padStart(8, "0")}`,
    bank: bank.name,
  });
}

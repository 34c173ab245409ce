/**
 * Judges the registers: which were quoted, and whether they have the values
 * that the policy accepts.
 *
 * @module
 */

import type { Verified } from "../evidence.ts";
import type { Judgement } from "../judgement.ts";
import type { TpmCode } from "./codes.ts";
import { STRONG_BANKS } from "./policy_registers.ts";
import type { TpmPolicy } from "./policy.ts";
import type { RegisterValue, Selection, StrongHash, TpmEvidence } from "./report.ts";

/** A register that the policy pins, and what the quote says of it. */
interface Pinned {
  readonly bank: StrongHash;
  readonly register: string;
  readonly accepted: readonly string[];
  /** Null where it was not quoted. */
  readonly actual: string | null;
}

/**
 * Judges the registers.
 *
 * @param proven What `verify` established.
 * @param policy The `tpm` section.
 */
export function judgeRegisters(
  proven: Verified<TpmEvidence>,
  policy: TpmPolicy,
): readonly Judgement<TpmCode>[] {
  const pinned = pinnedOf(proven.registers, policy);
  return [
    ...pinned.map(judgePin),
    judgeWhatRuns(pinned, policy),
    judgeSelection(
      [proven.quote, ...proven.furtherQuotes].flatMap(({ selections }) => selections),
      policy.selection,
    ),
    ...judgeRest(proven, pinned),
  ];
}

function pinnedOf(
  registers: readonly RegisterValue[],
  policy: TpmPolicy,
): readonly Pinned[] {
  const values = new Map(registers.map((one) => [`${one.bank}:${one.register}`, one.value]));
  return STRONG_BANKS.flatMap((bank) =>
    Object.entries(policy.registers[bank] ?? {}).map(([register, accepted]) => ({
      bank,
      register,
      accepted,
      actual: values.get(`${bank}:${register}`) ?? null,
    }))
  );
}

function matches({ actual, accepted }: Pinned): boolean {
  return actual !== null && accepted.includes(actual);
}

function judgePin(pin: Pinned): Judgement<TpmCode> {
  const { bank, register, accepted, actual } = pin;
  return {
    id: `tpm.registers.${bank}.${register}`,
    title: `PCR ${register} (${bank})`,
    link: "guest",
    holds: matches(pin),
    expected: accepted.join(" or "),
    actual: actual ?? "not quoted",
    code: actual === null ? "tpm.register_not_quoted" : "tpm.register_mismatch",
  };
}

/** Each register that says what runs must be pinned in some bank, and every bank in which it is pinned must match. */
function judgeWhatRuns(pinned: readonly Pinned[], policy: TpmPolicy): Judgement<TpmCode> {
  const needed = [...new Set(policy.whatRuns)];
  const of = (register: number): readonly Pinned[] =>
    pinned.filter((pin) => pin.register === String(register));
  const open = needed.filter((register) => of(register).length === 0);
  const wrong = needed.flatMap(of).find((pin) => !matches(pin));
  const mismatch = wrong?.actual === null ? "tpm.register_not_quoted" : "tpm.register_mismatch";
  return {
    id: "tpm.what-runs",
    title: "What runs",
    link: "guest",
    holds: open.length > 0 ? null : wrong === undefined,
    expected: `PCR ${needed.join(", ")} pinned`,
    actual: open.length > 0
      ? `PCR ${open.join(", ")} not pinned`
      : wrong === undefined
      ? "pinned, and as expected"
      : `PCR ${wrong.register} of ${wrong.bank} differs`,
    code: open.length > 0 ? "tpm.registers_not_pinned" : mismatch,
  };
}

/** In which order a TPM tells banks is its own choice; the registers of each are in order anyway. */
function judgeSelection(
  actual: readonly Selection[],
  wanted: readonly Selection[] | null,
): Judgement<TpmCode> {
  return {
    id: "tpm.selection",
    title: "Registers as asked for",
    link: "evidence",
    holds: wanted === null ? null : selectionText(actual) === selectionText(wanted),
    required: wanted !== null,
    expected: wanted === null ? null : selectionText(wanted),
    actual: selectionText(actual),
    code: "tpm.selection_mismatch",
  };
}

function selectionText(selections: readonly Selection[]): string {
  return selections.map(({ bank, registers }) => `${bank}:${registers.join(",")}`).sort().join(
    "; ",
  );
}

/** Registers that decide nothing, so that nobody takes them for judged. */
function judgeRest(
  { registers, notQuoted }: TpmEvidence,
  pinned: readonly Pinned[],
): readonly Judgement<TpmCode>[] {
  const known = new Set(pinned.map(({ bank, register }) => `${bank}:${register}`));
  const strong = registers.filter(({ bank, register }) =>
    bank !== "sha1" && !known.has(`${bank}:${register}`)
  );
  return [
    aside("tpm.registers-not-pinned", "Quoted, but not pinned", strong),
    aside(
      "tpm.registers-sha1",
      "Registers of SHA-1, which proves nothing",
      registers.filter(({ bank }) => bank === "sha1"),
    ),
    aside("tpm.registers-not-quoted", "Values that were given, but not quoted", notQuoted),
  ].flatMap((judgement) => judgement === null ? [] : [judgement]);
}

function aside(
  id: string,
  title: string,
  registers: readonly Omit<RegisterValue, "value">[],
): Judgement<TpmCode> | null {
  if (registers.length === 0) return null;
  const banks = [...new Set(registers.map(({ bank }) => bank))];
  const parts = banks.map((bank) => ({
    bank,
    registers: registers.filter((one) => one.bank === bank).map(({ register }) => register),
  }));
  return {
    id,
    title,
    link: "guest",
    holds: null,
    required: false,
    expected: null,
    actual: selectionText(parts),
    code: null,
  };
}

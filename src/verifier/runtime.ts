/**
 * Holds the register of the phase against what the reference values list.
 *
 * @module
 */

import type { AnyTechnology, Freshness, Rooted, RuntimeRegister } from "../evidence/evidence.ts";
import type { Finding } from "../evidence/finding.ts";
import { type Judgement, toFinding } from "../evidence/judgement.ts";
import { type Phase, PHASES } from "../evidence/statement/statement.ts";
import type { ReferenceCode } from "../policy/reference/codes.ts";
import type { Runtime } from "../policy/reference/runtime.ts";

const RUNTIME = {
  id: "reference.runtime",
  title: "Runtime register as listed",
  link: "guest",
  source: "reference values",
} as const;

type Proven = Parameters<AnyTechnology["appraise"]>[0];

/**
 * Judges the register where the reference values list it: against the phase that
 * the statement claims; without a statement against each phase that is listed.
 *
 * @param technology Technology of the evidence.
 * @param proven What `verify` established.
 * @param rooted Whose word that rests on.
 * @param wanted Accepted values, and the question.
 */
export function runtimeFindings(
  technology: AnyTechnology,
  proven: Proven,
  rooted: Rooted,
  { runtime, freshness }: { readonly runtime: Runtime | null; readonly freshness: Freshness },
): readonly Finding[] {
  if (runtime === null) return [];
  const claimed = freshness.kind === "statement" ? freshness.statement.phase : null;
  const registers = technology.runtimeRegisters?.(proven) ?? null;
  const judgement = judgeRuntime(runtime, registers, claimed);
  return [toFinding(judgement, rooted.of?.("phase.measured") ?? rooted.root)];
}

/**
 * Judges the register.
 *
 * @param runtime Accepted values.
 * @param registers Every bank that the evidence proves; null where nothing was ever extended into it.
 * @param claimed The phase that the statement claims; null without a statement.
 */
export function judgeRuntime(
  runtime: Runtime,
  registers: readonly RuntimeRegister[] | null,
  claimed: Phase | null,
): Judgement<ReferenceCode> {
  const phases = claimed === null ? PHASES.filter((phase) => runtime[phase]) : [claimed];
  const expected = phases.map((phase) => acceptedOf(runtime, phase)).join(", or ");
  const differs = {
    ...RUNTIME,
    holds: false,
    expected,
    code: "reference.runtime_mismatch",
  } as const;
  if (registers === null) return { ...differs, actual: "never extended" };
  const actual = registers.map(named).join(", ");
  const listed = phases.filter((phase) => runtime[phase] !== undefined);
  if (listed.length === 0) {
    const known = PHASES.filter((phase) => runtime[phase] !== undefined).join(" or ");
    return { ...differs, expected: `phase ${known}`, actual: `phase ${claimed}` };
  }
  if (!listed.some((phase) => compared(runtime, phase, registers).length > 0)) {
    return { ...differs, holds: null, actual: null, code: "reference.runtime_not_quoted" };
  }
  const met = listed.find((phase) => isMet(runtime, phase, registers));
  return met === undefined
    ? { ...differs, actual }
    : { ...differs, holds: true, actual: `${actual}: phase ${met}` };
}

/** Registers in banks for which the phase has values. */
function compared(
  runtime: Runtime,
  phase: Phase,
  registers: readonly RuntimeRegister[],
): readonly RuntimeRegister[] {
  return registers.filter(({ bank }) => runtime[phase]?.[bank] !== undefined);
}

/** Every bank that is listed and quoted must have one of its values. */
function isMet(runtime: Runtime, phase: Phase, registers: readonly RuntimeRegister[]): boolean {
  const both = compared(runtime, phase, registers);
  return both.length > 0 &&
    both.every(({ bank, value }) => runtime[phase]?.[bank]?.includes(value) === true);
}

function acceptedOf(runtime: Runtime, phase: Phase): string {
  const banks = Object.entries(runtime[phase] ?? {}).map(([bank, values]) =>
    `${bank} ${values.join(" or ")}`
  );
  return `phase ${phase}: ${banks.join(", ")}`;
}

function named({ bank, register, value }: RuntimeRegister): string {
  return `${register === 15 ? "PCR 15" : "RTMR 3"} ${bank} ${value}`;
}

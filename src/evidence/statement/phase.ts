/**
 * Holds the phase that a statement claims against the register that was
 * extended on the way (protocol §3).
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { RuntimeRegister } from "../evidence.ts";
import type { Judgement } from "../judgement.ts";
import { runtimeRegisterOf } from "./binding.ts";
import type { StatementCode } from "./codes.ts";
import type { Statement } from "./statement.ts";

const MEASURED = {
  id: "phase.measured",
  title: "Runtime register holds the phase",
  link: "guest",
  source: "protocol §3",
} as const;

/**
 * Judges the phase.
 *
 * @param statement The statement, read.
 * @param registers Every bank of the register that the evidence proves, none where it was not
 * quoted; null where the variant has no register that holds the phase.
 */
export function judgePhase(
  statement: Statement,
  registers: readonly RuntimeRegister[] | null,
): Judgement<StatementCode> {
  if (registers === null) return unmeasured(statement);
  if (registers.length === 0) return notQuoted(statement);
  const differing = registers.find((given) => wantedOf(given, statement) !== given.value);
  const shown = differing ?? registers[0];
  return {
    ...MEASURED,
    holds: differing === undefined,
    expected: shown === undefined ? null : named(shown, wantedOf(shown, statement)),
    actual: shown === undefined ? null : named(shown, shown.value),
    code: "statement.phase_mismatch",
  };
}

function unmeasured({ phase }: Statement): Judgement<StatementCode> {
  return {
    ...MEASURED,
    id: "phase.unmeasured",
    title: "Phase is only the statement's word: no register of this variant holds it",
    holds: null,
    required: false,
    expected: null,
    actual: phase,
    code: null,
  };
}

function notQuoted(statement: Statement): Judgement<StatementCode> {
  return {
    ...MEASURED,
    holds: null,
    expected: `sha256 ${toHex(runtimeRegisterOf("sha256", statement))}`,
    actual: null,
    code: "statement.phase_not_quoted",
  };
}

function wantedOf({ bank }: RuntimeRegister, statement: Statement): string {
  return toHex(runtimeRegisterOf(bank, statement));
}

function named({ bank, register }: RuntimeRegister, value: string): string {
  return `${register === 15 ? "PCR 15" : "RTMR 3"} ${bank} ${value}`;
}

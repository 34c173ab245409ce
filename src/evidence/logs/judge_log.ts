/**
 * Judges an event log beside signed registers: whether it leads to them, and what it says.
 *
 * @module
 */

import type { Judgement } from "../judgement.ts";
import { LOG_CHECKS } from "./checks.ts";
import type { LogsCode } from "./codes.ts";
import type { ComparedRegister, ReplayState } from "./compare.ts";
import type { ComparedLog } from "./compared_log.ts";
import type { Registers } from "./event_log.ts";
import { firmwareRegisters } from "./registers.ts";
import type { RemarkKind } from "./remark.ts";

/** What a policy demands of a log. */
export interface LogDemands {
  /** Registers that need not be what the log leads to. */
  readonly notInLog: readonly number[];
  /** Whether Secure Boot must have been on. */
  readonly secureBoot: "require" | "any";
  /** Whether a log must be given. */
  readonly eventLog: "require" | "any";
}

/** What is called otherwise where other evidence stands beside the log. */
export interface LogNames<Code extends string> {
  /** Kind of registers. */
  readonly registers: Registers;
  /** Id of the finding about Secure Boot. */
  readonly secureBoot: string;
  /** Code where a log is demanded and none was given. */
  readonly missing: Code;
  /** Code where Secure Boot is demanded and was off. */
  readonly off: Code;
  /** Code where it is demanded and the log does not show it. */
  readonly unknown: Code;
}

/** Banks that count: SHA-1 is none of them, since values of it can be made to order. */
const STRONG_BANKS: readonly string[] = ["sha256", "sha384", "sha512"];

/** A log, and what is asked of it. */
interface Asked<Code extends string> {
  readonly log: ComparedLog;
  readonly demands: LogDemands;
  readonly names: LogNames<Code>;
}

/**
 * Judges the log, or that there is none.
 *
 * @param log The log.
 * @param demands What the policy demands.
 * @param names What things are called beside this evidence.
 */
export function judgeLog<Code extends string>(
  log: ComparedLog | null,
  demands: LogDemands,
  names: LogNames<Code>,
): readonly Judgement<Code | LogsCode>[] {
  const secureBoot = judgeSecureBoot(log, demands, names);
  if (log === null) return [...judgeAbsence(demands, names), secureBoot];
  const asked = { log, demands, names };
  return [
    ...judgeData(log),
    judgeReplay(asked),
    ...judgeUnmentioned(asked),
    judgeSeparators(asked),
    secureBoot,
  ];
}

function judgeAbsence<Code extends string>(
  { eventLog }: LogDemands,
  { missing }: LogNames<Code>,
): readonly Judgement<Code>[] {
  return LOG_CHECKS.map((check) => ({
    ...check,
    holds: null,
    required: eventLog === "require" && check.id === "logs.log",
    expected: eventLog === "require" ? "an event log" : null,
    actual: "none was given",
    code: missing,
  }));
}

/** Of a log of SHA-1 alone `verify` refuses no data: such a digest can be had for other data, too. */
function judgeData({ banks }: ComparedLog): readonly Judgement<LogsCode>[] {
  if (STRONG_BANKS.some((bank) => banks.includes(bank))) return [];
  return LOG_CHECKS.filter(({ id }) => id === "logs.data").map((check) => ({
    ...check,
    holds: null,
    required: false,
    expected: "digests of SHA-256 or better",
    actual: banks.join(", "),
    code: null,
  }));
}

function judgeReplay<Code extends string>(
  { log, demands, names: { registers } }: Asked<Code>,
): Judgement<LogsCode> {
  const counting = log.registers.filter(({ counts, register }) =>
    counts && !demands.notInLog.includes(register)
  );
  const differing = counting.filter(({ state }) => state === "mismatch");
  const unknown = counting.filter(({ state }) => state === "no-bank");
  const explained = log.registers.filter(({ counts, state }) => counts && state === "explained");
  const good = differing.length === 0 && unknown.length === 0 && explained.length > 0;
  return {
    id: "logs.replay",
    title: "Event log leads to the registers",
    link: "guest",
    holds: differing.length > 0 ? false : good ? true : null,
    expected: "every quoted register that it mentions, but those in notInLog",
    actual: differing.length > 0
      ? `not ${namesOf(differing, registers)}`
      : unknown.length > 0
      ? `no digests for ${namesOf(unknown, registers)}`
      : explained.length === 0
      ? "no register of SHA-256 or better"
      : namesOf(explained, registers),
    code: differing.length > 0 ? "logs.replay_mismatch" : "logs.bank_missing",
    source: "TCG PC Client Platform Firmware Profile §10.3",
  };
}

/**
 * Registers that somebody extended without a word in the log, as Linux does with
 * PCR 10 (IMA). That is no contradiction: nothing is claimed of such a register,
 * and its value still has to be the one that the policy pins.
 */
function judgeUnmentioned<Code extends string>(
  { log, names: { registers } }: Asked<Code>,
): readonly Judgement<LogsCode>[] {
  const unmentioned = log.registers.filter(({ counts, state }) =>
    counts && state === "unexplained"
  );
  if (unmentioned.length === 0) return [];
  return [{
    id: "logs.unmentioned",
    title: "Registers extended without a word in the log",
    link: "guest",
    holds: null,
    required: false,
    expected: null,
    actual: namesOf(unmentioned, registers),
    code: null,
    source: "TCG PC Client Platform Firmware Profile §10.3",
  }];
}

function namesOf(compared: readonly ComparedRegister[], kind: Registers): string {
  const banks = [...new Set(compared.map(({ bank }) => bank))];
  return banks.map((bank) => {
    const numbers = compared.filter((one) => one.bank === bank).map(({ register }) => register);
    return `${listed(kind, numbers)} (${bank})`;
  }).join("; ");
}

/** Remarks about separators, the gravest first. */
const SEPARATORS: readonly (readonly [RemarkKind, LogsCode, string])[] = [
  ["separator-error", "logs.separator_error", "the firmware failed"],
  ["separator-missing", "logs.separator_missing", "missing"],
  ["separator-repeated", "logs.separator_repeated", "repeated"],
];

/**
 * Nothing is read past a separator that is not as it should be, so it counts only where
 * the policy asks for the log. What the log says of a register that was not quoted is
 * nobody's word, for good or ill.
 */
function judgeSeparators<Code extends string>(asked: Asked<Code>): Judgement<LogsCode> {
  const { log, demands, names: { registers } } = asked;
  const { confirmed, open } = handedOver(asked);
  const quoted = [...confirmed, ...open];
  const fault = separatorFault(log, quoted);
  const known = quoted.length > 0 && open.length === 0;
  return {
    id: "logs.separators",
    title: "Firmware handed over once",
    link: "guest",
    holds: fault !== undefined ? false : known ? true : null,
    required: quoted.length > 0 && demands.eventLog === "require",
    expected: "one separator in each quoted register of the firmware",
    actual: fault !== undefined
      ? `${fault.says} in ${listed(registers, fault.registers)}`
      : known
      ? `one in each of ${listed(registers, confirmed)}`
      : quoted.length === 0
      ? "no register of the firmware was quoted"
      : `not known of ${listed(registers, open)}`,
    code: fault?.code ?? "logs.separator_missing",
    source: "TCG PC Client Platform Firmware Profile §3.3.2.2",
  };
}

/** What is wrong about separators. */
interface SeparatorFault {
  readonly code: LogsCode;
  readonly says: string;
  readonly registers: readonly number[];
}

function separatorFault(
  { remarks }: ComparedLog,
  quoted: readonly number[],
): SeparatorFault | undefined {
  const faults = SEPARATORS.map(([kind, code, says]) => ({
    code,
    says,
    registers: quoted.filter((register) =>
      remarks.some((one) => one.kind === kind && one.register === register)
    ),
  }));
  return faults.find(({ registers }) => registers.length > 0);
}

/** Quoted registers of the firmware: those that the log leads to, and others that it should. */
function handedOver<Code extends string>(
  { log: { registers }, demands: { notInLog }, names }: Asked<Code>,
): { readonly confirmed: readonly number[]; readonly open: readonly number[] } {
  const states = (register: number): readonly ReplayState[] =>
    registers.filter((one) => one.counts && one.register === register).map(({ state }) => state);
  const quoted = firmwareRegisters(names.registers).filter((register) =>
    states(register).length > 0
  );
  const isConfirmed = (register: number): boolean =>
    states(register).every((state) => state === "explained" || state === "untouched");
  return {
    confirmed: quoted.filter(isConfirmed),
    open: quoted.filter((register) => !isConfirmed(register) && !notInLog.includes(register)),
  };
}

function listed(kind: Registers, registers: readonly number[]): string {
  return `${kind.toUpperCase()} ${registers.join(", ")}`;
}

/** A state beside which something stands that nobody can read may not be the only one that was measured. */
function judgeSecureBoot<Code extends string>(
  log: ComparedLog | null,
  { secureBoot }: LogDemands,
  names: LogNames<Code>,
): Judgement<Code> {
  const claim = log?.claims.secureBoot ?? null;
  const demanded = secureBoot === "require";
  const enabled = claim === null || (claim.enabled && !claim.complete) ? null : claim.enabled;
  return {
    id: names.secureBoot,
    title: "Secure Boot",
    link: "guest",
    // What the policy alone lets through is no pass.
    holds: enabled === false && !demanded ? null : enabled,
    required: demanded,
    expected: demanded ? "on" : null,
    actual: claim === null
      ? "not known"
      : `${claim.enabled ? "on" : "off"}${
        claim.complete ? "" : ", beside events that cannot be read"
      }`,
    code: enabled === false ? names.off : names.unknown,
    source: "UEFI 2.10 §32.3, TCG PC Client Platform Firmware Profile §3.3.4.8",
  };
}

/**
 * Judges the event log: whether it leads to the registers, and what it says.
 *
 * @module
 */

import type { ComparedRegister, LogsCode, RemarkKind, ReplayState } from "../logs/mod.ts";
import type { Judgement } from "../judgement.ts";
import { LOG_CHECKS } from "./checks.ts";
import type { TpmCode } from "./codes.ts";
import type { TpmPolicy } from "./policy.ts";
import { STRONG_BANKS } from "./policy_registers.ts";
import type { TpmLog } from "./report.ts";

/** Codes of both folders. */
type Code = TpmCode | LogsCode;

/**
 * Judges the log, or that there is none.
 *
 * @param log The log.
 * @param policy The `tpm` section.
 */
export function judgeLog(log: TpmLog | null, policy: TpmPolicy): readonly Judgement<Code>[] {
  const about = log === null ? judgeAbsence(policy) : [
    ...judgeData(log),
    judgeReplay(log, policy),
    ...judgeUnmentioned(log),
    judgeSeparators(log, policy),
  ];
  return [...about, judgeSecureBoot(log, policy)];
}

function judgeAbsence({ eventLog }: TpmPolicy): readonly Judgement<Code>[] {
  return LOG_CHECKS.map((check) => ({
    ...check,
    holds: null,
    required: eventLog === "require" && check.id === "logs.log",
    expected: eventLog === "require" ? "an event log" : null,
    actual: "none was given",
    code: "tpm.event_log_missing",
  }));
}

/** Of a log of SHA-1 alone `verify` refuses no data: such a digest can be had for other data, too. */
function judgeData({ banks }: TpmLog): readonly Judgement<Code>[] {
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

function judgeReplay(log: TpmLog, policy: TpmPolicy): Judgement<Code> {
  const counting = log.registers.filter(({ counts, register }) =>
    counts && !policy.notInLog.includes(register)
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
      ? `not ${namesOf(differing)}`
      : unknown.length > 0
      ? `no digests for ${namesOf(unknown)}`
      : explained.length === 0
      ? "no register of SHA-256 or better"
      : namesOf(explained),
    code: differing.length > 0 ? "logs.replay_mismatch" : "logs.bank_missing",
    source: "TCG PC Client Platform Firmware Profile §10.3",
  };
}

/**
 * Registers that somebody extended without a word in the log, as Linux does with
 * PCR 10 (IMA). That is no contradiction: nothing is claimed of such a register,
 * and its value still has to be the one that the policy pins.
 */
function judgeUnmentioned({ registers }: TpmLog): readonly Judgement<Code>[] {
  const unmentioned = registers.filter(({ counts, state }) => counts && state === "unexplained");
  if (unmentioned.length === 0) return [];
  return [{
    id: "logs.unmentioned",
    title: "Registers extended without a word in the log",
    link: "guest",
    holds: null,
    required: false,
    expected: null,
    actual: namesOf(unmentioned),
    code: null,
    source: "TCG PC Client Platform Firmware Profile §10.3",
  }];
}

function namesOf(registers: readonly ComparedRegister[]): string {
  const banks = [...new Set(registers.map(({ bank }) => bank))];
  return banks.map((bank) => {
    const numbers = registers.filter((one) => one.bank === bank).map(({ register }) => register);
    return `PCR ${numbers.join(", ")} (${bank})`;
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
function judgeSeparators(log: TpmLog, policy: TpmPolicy): Judgement<Code> {
  const { confirmed, open } = firmwareRegisters(log, policy);
  const quoted = [...confirmed, ...open];
  const fault = separatorFault(log, quoted);
  const known = quoted.length > 0 && open.length === 0;
  return {
    id: "logs.separators",
    title: "Firmware handed over once",
    link: "guest",
    holds: fault !== undefined ? false : known ? true : null,
    required: quoted.length > 0 && policy.eventLog === "require",
    expected: "one separator in each quoted register of the firmware",
    actual: fault !== undefined
      ? `${fault.says} in ${pcrs(fault.registers)}`
      : known
      ? `one in each of ${pcrs(confirmed)}`
      : quoted.length === 0
      ? "no register of the firmware was quoted"
      : `not known of ${pcrs(open)}`,
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
  { remarks }: TpmLog,
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

/** Registers that the firmware ends with a separator. */
const FIRMWARE_REGISTERS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7];

/** Quoted registers of the firmware: those that the log leads to, and others that it should. */
function firmwareRegisters(
  { registers }: TpmLog,
  { notInLog }: TpmPolicy,
): { readonly confirmed: readonly number[]; readonly open: readonly number[] } {
  const states = (register: number): readonly ReplayState[] =>
    registers.filter((one) => one.counts && one.register === register).map(({ state }) => state);
  const quoted = FIRMWARE_REGISTERS.filter((register) => states(register).length > 0);
  const isConfirmed = (register: number): boolean =>
    states(register).every((state) => state === "explained" || state === "untouched");
  return {
    confirmed: quoted.filter(isConfirmed),
    open: quoted.filter((register) => !isConfirmed(register) && !notInLog.includes(register)),
  };
}

function pcrs(registers: readonly number[]): string {
  return `PCR ${registers.join(", ")}`;
}

/** A state beside which something stands that nobody can read may not be the only one that was measured. */
function judgeSecureBoot(log: TpmLog | null, { secureBoot }: TpmPolicy): Judgement<Code> {
  const claim = log?.claims.secureBoot ?? null;
  const demanded = secureBoot === "require";
  const enabled = claim === null || (claim.enabled && !claim.complete) ? null : claim.enabled;
  return {
    id: "tpm.secure-boot",
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
    code: enabled === false ? "tpm.secure_boot_off" : "tpm.secure_boot_unknown",
    source: "UEFI 2.10 §32.3, TCG PC Client Platform Firmware Profile §3.3.4.8",
  };
}

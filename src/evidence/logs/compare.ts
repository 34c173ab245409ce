/**
 * Whether a log leads to the registers that somebody signed.
 *
 * @module
 */

import type { Bank, EventLog } from "./event_log.ts";

/** A register as a quote has it. */
export interface QuotedRegister {
  /** Bank. */
  readonly bank: Bank;
  /** Register: PCR 0 to 23, or RTMR 0 to 3. */
  readonly register: number;
  /** Value, hex. */
  readonly value: string;
}

/** What a log says of a quoted register. */
export type ReplayState =
  /** Its events lead to the value. */
  | "explained"
  /** It has no event, and the register was never extended. */
  | "untouched"
  /** It has no event, and the register was extended. */
  | "unexplained"
  /** Its events lead to another value. */
  | "mismatch"
  /** It has no digests of this bank. */
  | "no-bank"
  /** Something else than the log extends the register, as the caller knows. */
  | "not-in-log";

/** A quoted register beside the log. */
export interface ComparedRegister extends QuotedRegister {
  /** What came of it. */
  readonly state: ReplayState;
  /** Value that the events lead to, hex; null where there is none. */
  readonly replayed: string | null;
  /** Whether it counts; SHA-1 never does. */
  readonly counts: boolean;
}

/**
 * Registers of which the log says all, each with the banks in which it does: its events may be
 * believed, and where it has none nothing was extended.
 */
export type Believed = ReadonlyMap<number, readonly Bank[]>;

/** What came of the comparison. */
export interface ReplayComparison {
  /** Each quoted register, in the order given. */
  readonly registers: readonly ComparedRegister[];
  /** Registers that the log explains, or leaves untouched, in every bank of SHA-256 or better that is quoted of any. */
  readonly believed: Believed;
}

/** States in which the log says all of a register. */
const CONFIRMED: readonly ReplayState[] = ["explained", "untouched"];

/** Registers of a D-RTM launch, which hold ones until there was one (PFP §3.3.1, PTP §4.6.3). */
const DRTM_REGISTERS: readonly number[] = [17, 18, 19, 20, 21, 22];

/** Register that a D-RTM launch extends before all others. */
const DRTM_FIRST = 17;

/**
 * Holds a log against quoted registers.
 *
 * @param log The log.
 * @param quoted Registers that a verified quote covers; nothing else.
 * @param notInLog Registers that something else than the log extends; one of them that does not
 * agree is no mismatch, and nothing of it is believed.
 */
export function compareReplay(
  log: EventLog,
  quoted: readonly QuotedRegister[],
  notInLog: readonly number[],
): ReplayComparison {
  const registers = quoted.map((one) => compareRegister(log, one, notInLog));
  return { registers, believed: believedOf(registers) };
}

function compareRegister(
  log: EventLog,
  quoted: QuotedRegister,
  notInLog: readonly number[],
): ComparedRegister {
  const replayed = log.replay[quoted.bank]?.[String(quoted.register)] ?? null;
  const state = stateOf(log, quoted, replayed);
  const excused = state !== "explained" && state !== "untouched" &&
    notInLog.includes(quoted.register);
  return {
    ...quoted,
    state: excused ? "not-in-log" : state,
    replayed,
    counts: quoted.bank !== "sha1",
  };
}

function stateOf(log: EventLog, quoted: QuotedRegister, replayed: string | null): ReplayState {
  const { bank, register, value } = quoted;
  if (replayed !== null) return replayed === value.toLowerCase() ? "explained" : "mismatch";
  if (log.events.some((event) => event.register === register)) return "no-bank";
  if (initialValues(log, register, value.length).includes(value.toLowerCase())) return "untouched";
  return log.banks.includes(bank) ? "unexplained" : "no-bank";
}

/** Values that a register holds before anything extends it, in hex of `digits`. */
function initialValues(log: EventLog, register: number, digits: number): readonly string[] {
  const zeros = "0".repeat(digits);
  if (log.registers === "rtmr") return [zeros];
  if (register === 0) {
    const locality = (log.startupLocality ?? 0).toString(16).padStart(2, "0");
    return [zeros.slice(2) + locality];
  }
  if (!DRTM_REGISTERS.includes(register)) return [zeros];
  // A launch sets all of them to zeros; without one these mean something that the log keeps silent about.
  const launched = log.events.some((event) => event.register === DRTM_FIRST);
  return launched ? [zeros] : ["f".repeat(digits)];
}

/**
 * A register that one quoted bank does not explain was not extended as the log says.
 * One that is quoted in fewer banks than others proves nothing, either: in a bank
 * that the firmware left alone, who came later extends what it likes.
 */
function believedOf(registers: readonly ComparedRegister[]): Believed {
  const counting = registers.filter(({ counts }) => counts);
  const banks = [...new Set(counting.map(({ bank }) => bank))];
  const believed = new Map<number, readonly Bank[]>();
  for (const register of new Set(counting.map((one) => one.register))) {
    const all = counting.filter((one) => one.register === register);
    const inEachBank = banks.every((bank) => all.some((one) => one.bank === bank));
    if (inEachBank && all.every(({ state }) => CONFIRMED.includes(state))) {
      believed.set(register, banks);
    }
  }
  return believed;
}

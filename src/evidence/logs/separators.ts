/**
 * Where the firmware handed over, in each of its registers (PFP §3.3.2.2).
 *
 * What stands before the first separator of a register is the firmware's word.
 * What comes behind it could have been extended by whatever ran then.
 *
 * @module
 */

import type { EventLog, LogEvent } from "./event_log.ts";
import { EVENT } from "./event_types.ts";
import { eventsOf, firmwareRegisters } from "./registers.ts";
import { isErrorForm, isHandOver } from "./separator_digests.ts";

/** The separators of one register. */
export interface RegisterSeparators {
  /** Register. */
  readonly register: number;
  /** Number of the event that is the first separator; null where there is none. */
  readonly first: number | null;
  /** Numbers of further ones. */
  readonly repeated: readonly number[];
  /** Numbers of those by which the firmware says that it failed. */
  readonly errors: readonly number[];
}

/** What separators allow to extract of a register. */
export type SeparatorState =
  /** One: what is before it is the firmware's word, what is behind it comes later. */
  | "one"
  /** None: nobody can tell the firmware's word. */
  | "missing"
  /** Several: nothing is extracted behind the first. */
  | "repeated"
  /** The firmware failed: nothing is extracted. */
  | "error";

/**
 * Finds the separators of all registers that the firmware ends with one. An event
 * is one by its digests, since its type is signed by nothing (LOG-01, LOG-03).
 *
 * @param log The log.
 */
export function findSeparators(log: EventLog): readonly RegisterSeparators[] {
  return firmwareRegisters(log.registers).map((register) => {
    const events = eventsOf(log, register);
    const [first, ...repeated] = events.filter(isHandOver);
    const errors = events.filter((event) => isError(event, first, log));
    return {
      register,
      first: first?.number ?? null,
      repeated: repeated.map(({ number }) => number),
      errors: errors.map(({ number }) => number),
    };
  });
}

/**
 * A BootOrder of entry 1, then 0, is 01000000, too, and is measured as its value
 * alone by much firmware: in PCR 1, of which nothing is extracted, and behind the
 * first separator of RTMR 0. A boot variable in these places is no error.
 */
function isError(event: LogEvent, first: LogEvent | undefined, { registers }: EventLog): boolean {
  if (!isErrorForm(event)) return false;
  const variable = event.type === EVENT.variableBoot || event.type === EVENT.variableBoot2;
  const behind = first !== undefined && event.number > first.number;
  const expected = registers === "pcr" ? event.register === 1 : event.register === 0 && behind;
  return !(variable && expected);
}

/**
 * What the separators of a register allow to extract.
 *
 * @param separators The separators of the register.
 */
export function stateOf({ first, repeated, errors }: RegisterSeparators): SeparatorState {
  if (errors.length > 0) return "error";
  if (first === null) return "missing";
  return repeated.length > 0 ? "repeated" : "one";
}

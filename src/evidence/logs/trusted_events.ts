/**
 * The events of a log that may be believed, and the places from which claims are made.
 *
 * @module
 */

import type { Believed } from "./compare.ts";
import type { Bank, EventLog, LogEvent } from "./event_log.ts";
import { eventsOf, registerOf } from "./registers.ts";
import { findSeparators, type RegisterSeparators, stateOf } from "./separators.ts";

/** Who measured something, where what ran before did as it should. */
export type Measurer = "firmware" | "shim" | "boot loader" | "stub";

/** Digests of one event, hex, by bank; only banks that are quoted. */
export type BelievedDigests = Readonly<Partial<Record<Bank, string>>>;

/** Where a claim comes from. */
export interface Origin {
  /** Register, as the log counts them: PCR or RTMR. */
  readonly register: number;
  /** Numbers of the events that it rests on. */
  readonly events: readonly number[];
  /** Who measured it. */
  readonly by: Measurer;
  /** Whether the firmware had handed over: then whatever ran could have measured the same. */
  readonly handedOver: boolean;
  /**
   * Whether each other event of the same place of the register is accounted for by
   * what it hashes to, so that none can be a second, hidden one that says otherwise.
   */
  readonly complete: boolean;
}

/** Events of one register. */
export interface Place {
  /** Register. */
  readonly register: number;
  /** Whether it takes what several registers of a TPM take. */
  readonly shared: boolean;
  /** Events, in order. */
  readonly events: readonly LogEvent[];
  /** Whether the firmware had handed over. */
  readonly handedOver: boolean;
}

/** Gives events that may be believed; those of other registers are not there. */
export class TrustedEvents {
  readonly #log: EventLog;
  readonly #believed: Believed;
  readonly #separators: readonly RegisterSeparators[];

  /**
   * @param log The log.
   * @param believed Registers that a quote confirms, as `compareReplay` names them.
   */
  constructor(log: EventLog, believed: Believed) {
    this.#log = log;
    this.#believed = believed;
    this.#separators = findSeparators(log);
  }

  /**
   * What the firmware measured before it handed over: up to the first separator.
   *
   * @param pcr Register of a TPM.
   */
  before(pcr: number): Place {
    return this.#place(pcr, false, (event, first) => event < first);
  }

  /**
   * What was measured after that; nothing where there are several separators.
   *
   * @param pcr Register of a TPM.
   */
  after(pcr: number): Place {
    return this.#place(pcr, true, (event, first, one) => one && event > first);
  }

  /**
   * All events of a register that has no separator.
   *
   * @param pcr Register of a TPM, 8 or higher.
   */
  all(pcr: number): Place {
    return { ...this.#empty(pcr, true), events: this.#events(pcr) };
  }

  /**
   * Whether the log says all of a register; where it does not, anything may have been measured there.
   *
   * @param pcr Register of a TPM.
   */
  knows(pcr: number): boolean {
    const register = registerOf(this.#log.registers, pcr);
    return register !== null && this.#believed.has(register);
  }

  /**
   * Digests of an event, in the banks in which its register is explained.
   *
   * @param event An event of a believed register.
   */
  digests({ register, digests }: LogEvent): BelievedDigests {
    const banks = register === null ? [] : this.#believed.get(register) ?? [];
    const found: Partial<Record<Bank, string>> = {};
    for (const bank of banks) {
      const digest = digests[bank];
      if (digest !== undefined) found[bank] = digest;
    }
    return found;
  }

  #place(
    pcr: number,
    handedOver: boolean,
    takes: (event: number, first: number, one: boolean) => boolean,
  ): Place {
    const empty = this.#empty(pcr, handedOver);
    const separators = this.#separators.find(({ register }) => register === empty.register);
    if (separators === undefined || separators.first === null) return empty;
    const state = stateOf(separators);
    if (state === "error") return empty;
    const { first } = separators;
    const events = this.#events(pcr).filter(({ number }) => takes(number, first, state === "one"));
    return { ...empty, events };
  }

  #empty(pcr: number, handedOver: boolean): Place {
    const register = registerOf(this.#log.registers, pcr) ?? -1;
    return { register, shared: this.#log.registers === "rtmr", events: [], handedOver };
  }

  #events(pcr: number): readonly LogEvent[] {
    const register = registerOf(this.#log.registers, pcr);
    if (register === null || !this.#believed.has(register)) return [];
    return eventsOf(this.#log, register);
  }
}

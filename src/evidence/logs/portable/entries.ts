/**
 * Events as they come in: how many there may be, which registers they may
 * name, and from which locality the TPM was started.
 *
 * @module
 */

import type { Registers } from "../event_log.ts";
import { type Entry, EV_NO_ACTION } from "./entry.ts";
import { refuseEvent } from "./refuse.ts";

/** Most events of a log. Genuine ones have fewer than 300. */
export const MAX_EVENTS = 4096;
/** PCRs of a TPM of the PC Client profile: 0 to 23. */
const PCRS = 24;
/** Registers of a log of a TD (UEFI 2.10 §38.4): 1 is RTMR 0; 0 would be MRTD, which nothing extends. */
const TD_INDEXES = { first: 1, last: 4 } as const;
/** PFP §10.4.5.3: what the data of the event about the locality begin with; one byte more is the locality. */
const STARTUP_LOCALITY = new TextEncoder().encode("StartupLocality\0");
/** PFP §10.4.5.3: TPM2_Startup at 0 or 3; 4 where an H-CRTM came before it. */
const LOCALITIES: readonly number[] = [0, 3, 4];

/** Events that were read. */
export class Entries {
  readonly #entries: Entry[] = [];
  #locality: number | null = null;
  #isFirstExtended = false;

  /** Kind of registers that they extend. */
  readonly registers: Registers;

  /**
   * No events yet.
   *
   * @param registers Kind of registers that they extend.
   */
  constructor(registers: Registers) {
    this.registers = registers;
  }

  /** The events. */
  get all(): readonly Entry[] {
    return this.#entries;
  }

  /** Number of the next event. */
  get next(): number {
    return this.#entries.length;
  }

  /** Locality from which the TPM was started, where an event said so. */
  get startupLocality(): number | null {
    return this.#locality;
  }

  /**
   * Demands that one more event may follow, before it is read.
   *
   * @throws {RejectedError} `logs.limit`
   */
  checkRoom(): void {
    if (this.next < MAX_EVENTS) return;
    throw refuseEvent("logs.limit", this.next, `there are more than ${MAX_EVENTS} events`);
  }

  /**
   * The register that an index of the next event stands for.
   *
   * @param index The index, where the event extends what it names.
   * @throws {RejectedError} `logs.register`
   */
  registerOf(index: number): number {
    const { first, last } = TD_INDEXES;
    if (this.registers === "pcr" && index < PCRS) return index;
    if (this.registers === "rtmr" && index >= first && index <= last) return index - first;
    throw refuseEvent("logs.register", this.next, `there is no register ${index}`);
  }

  /**
   * Takes the next event.
   *
   * @param entry The event.
   * @throws {RejectedError} `logs.locality`
   */
  add(entry: Entry): void {
    if (this.registers === "pcr") this.#noteLocality(entry);
    this.#entries.push(entry);
  }

  /**
   * The locality is what PCR 0 begins with. Stated after an event that extends
   * it, or twice, it would change what was replayed already.
   */
  #noteLocality({ register, type, data }: Entry): void {
    if (register === 0) this.#isFirstExtended = true;
    const locality = type === EV_NO_ACTION ? localityOf(data) : undefined;
    if (locality === undefined) return;
    if (!LOCALITIES.includes(locality)) throw this.#refuseLocality(`there is no ${locality}`);
    if (this.#locality !== null) throw this.#refuseLocality("it was stated before");
    if (this.#isFirstExtended) throw this.#refuseLocality("PCR 0 was extended before");
    this.#locality = locality;
  }

  #refuseLocality(reason: string): Error {
    return refuseEvent("logs.locality", this.next, reason);
  }
}

/** The locality that data of EV_NO_ACTION state; undefined where they are about something else. */
function localityOf(data: Uint8Array): number | undefined {
  const isStated = data.length === STARTUP_LOCALITY.length + 1 &&
    STARTUP_LOCALITY.every((byte, i) => byte === data[i]);
  return isStated ? data.at(-1) : undefined;
}

/**
 * Records of a Canonical Event Log (CEL §4.2), in whichever encoding.
 *
 * @module
 */

import type { LogFormat, Registers } from "../event_log.ts";
import { areBanksOfTd } from "./banks.ts";
import { Entries } from "./entries.ts";
import type { Digests, Entry, ReadLog } from "./entry.ts";
import { type Index, RecordNumbers } from "./record_numbers.ts";
import { refuseEvent } from "./refuse.ts";

/** What a record is about (CEL §4.3 and §4.4). */
export interface Content extends Pick<Entry, "type" | "content" | "data"> {
  /** Whether it extends its register at all: some are only noted. */
  readonly isMeasured: boolean;
}

/** A record as it stands. */
export interface CelRecord {
  /** Its number; undefined where it has none. */
  readonly recordNumber: bigint | undefined;
  /** The register that it names. */
  readonly index: Index;
  /** Its digests. */
  readonly digests: Digests;
  /** What it is about. */
  readonly content: Content;
}

/** How a record names the registers of a log. */
const KINDS = { pcr: "pcr", rtmr: "ccmr" } as const satisfies Record<Registers, Index["kind"]>;

/** Records that were read. */
export class Records {
  readonly #entries: Entries;
  readonly #numbers = new RecordNumbers();
  #banks: readonly string[] | undefined;

  /**
   * No records yet.
   *
   * @param registers Kind of registers that they name.
   */
  constructor(registers: Registers) {
    this.#entries = new Entries(registers);
  }

  /** Number of the next record. */
  get next(): number {
    return this.#entries.next;
  }

  /**
   * Demands that one more record may follow, before it is read.
   *
   * @throws {RejectedError} `logs.limit`
   */
  checkRoom(): void {
    this.#entries.checkRoom();
  }

  /**
   * Takes the next record.
   *
   * @param record The record.
   * @throws {RejectedError} `logs.register`, `logs.record_number`, `logs.digests`, `logs.locality`
   */
  add({ recordNumber, index, digests, content }: CelRecord): void {
    const { isMeasured, ...about } = content;
    const register = this.#registerOf(index, isMeasured);
    const wrong = this.#numbers.faultOf(recordNumber, index);
    if (wrong !== undefined) throw refuseEvent("logs.record_number", this.next, wrong);
    this.#checkBanks([...digests.keys()], isMeasured);
    this.#entries.add({ register, ...about, digests });
  }

  /** Another kind of register is refused even where nothing extends it: the log is of something else. */
  #registerOf({ kind, number }: Index, isMeasured: boolean): number | null {
    const { registers } = this.#entries;
    if (kind !== KINDS[registers]) {
      throw refuseEvent("logs.register", this.next, `it names a register of kind ${kind}`);
    }
    return isMeasured ? this.#entries.registerOf(number) : null;
  }

  /** Every record has the algorithms of the first; one that extends nothing may have none. */
  #checkBanks(names: readonly string[], isMeasured: boolean): void {
    if (names.length === 0 && !isMeasured) return;
    const banks = this.#banks ?? names;
    const isSame = names.length === banks.length && names.every((name) => banks.includes(name));
    const isOfKind = this.#entries.registers === "pcr" || areBanksOfTd(names);
    if (names.length === 0 || !isSame || !isOfKind) {
      const reason = names.length === 0 ? "it has none" : `it has those of ${names.join(", ")}`;
      throw refuseEvent("logs.digests", this.next, reason);
    }
    this.#banks = banks;
  }

  /**
   * The log, once all records were read.
   *
   * @param format Its format.
   */
  finish(format: LogFormat): ReadLog {
    const { registers, startupLocality, all } = this.#entries;
    const banks = this.#banks ?? [];
    return { format, registers, header: null, banks, startupLocality, entries: all, padding: 0 };
  }
}

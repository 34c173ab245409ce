/**
 * Logs as they stand in a file, of whichever format, before anything is
 * computed from them.
 *
 * @module
 */

import type { LogFormat, LogHeader, Registers } from "../event_log.ts";

/** EV_NO_ACTION (PFP Table 27): extends nothing, whatever register it names. */
export const EV_NO_ACTION = 3;

/** Digests of an event by the names of their algorithms. */
export type Digests = ReadonlyMap<string, Uint8Array>;

/** One event. */
export interface Entry {
  /** Register that it extends; null where it extends none. */
  readonly register: number | null;
  /** Type; null where it has none. */
  readonly type: number | null;
  /** Kind of content. */
  readonly content: string;
  /** Its digests. */
  readonly digests: Digests;
  /** Its data. */
  readonly data: Uint8Array;
}

/** A log. */
export interface ReadLog {
  /** Format. */
  readonly format: LogFormat;
  /** Kind of registers. */
  readonly registers: Registers;
  /** Header; null where the format has none. */
  readonly header: LogHeader | null;
  /** Algorithms of which every event has a digest. */
  readonly banks: readonly string[];
  /** Locality from which the TPM was started, where the log says so. */
  readonly startupLocality: number | null;
  /** Events. */
  readonly entries: readonly Entry[];
  /** Bytes of padding behind the last one. */
  readonly padding: number;
}

/**
 * The time of a node: its host owns the clock, so it is believed only from the
 * latest moment on that is known to be past (protocol §12).
 *
 * @module
 */

import { UnavailableError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";

/** No clock is earlier than these sources. */
export const SOURCES_WRITTEN: Date = new Date("2026-11-22T00:00:00Z");

/** How far a clock may be behind others that are right, ms; it is then taken as the floor. */
const TOLERANCE = 5 * 60 * 1000;

/** A clock with a floor that only rises. */
export class NodeTime implements Clock {
  readonly #clock: Clock;
  #floor: Date;

  /**
   * Begins with the sources' own time.
   *
   * @param clock The host's clock.
   * @param floor A moment that is known to be past.
   */
  constructor(clock: Clock, floor: Date = SOURCES_WRITTEN) {
    this.#clock = clock;
    this.#floor = later(floor, SOURCES_WRITTEN);
  }

  /** The latest moment that is known to be past. */
  get floor(): Date {
    return this.#floor;
  }

  /**
   * Learns of a moment that is past: of what was written down, or is signed and in force.
   *
   * @param moment The moment.
   */
  raise(moment: Date): void {
    if (Number.isNaN(moment.getTime())) throw new RangeError("Cannot take an invalid time");
    this.#floor = later(this.#floor, moment);
  }

  /**
   * Learns what somebody else says is the time. Where that is ahead of this clock, one of both is off, and
   * nobody here can say which: nothing is learned, or whoever's clock is ahead would stop this node for good.
   *
   * @param moment The moment, of who was verified.
   * @throws {UnavailableError} `time.behind`
   */
  hear(moment: Date): void {
    const now = this.#clock.now();
    if (moment.getTime() > now.getTime() + TOLERANCE) throw behind(now, moment);
    this.raise(moment);
  }

  /**
   * The time.
   *
   * @throws {UnavailableError} `time.behind`
   */
  now(): Date {
    const now = this.#clock.now();
    if (now.getTime() + TOLERANCE < this.#floor.getTime()) throw behind(now, this.#floor);
    return later(now, this.#floor);
  }
}

function later(a: Date, b: Date): Date {
  return a.getTime() < b.getTime() ? b : a;
}

function behind(now: Date, floor: Date): UnavailableError {
  const fields = { actual: now.toISOString(), expected: `at least ${floor.toISOString()}` };
  return new UnavailableError(
    `The clock says ${fields.actual}, and ${floor.toISOString()} is past already`,
    { code: "time.behind", fields, retryable: true },
  );
}

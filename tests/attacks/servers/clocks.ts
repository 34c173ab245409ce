/**
 * Clocks that are off: a host owns the clock of its guests, and an owner's may
 * be wrong. A copy of the program has the wrong time; all else is as shipped.
 *
 * @module
 */

import { SOURCES_WRITTEN } from "../../../src/node/time.ts";
import type { Weakening } from "../weaken.ts";

const HOUR = 3_600_000;

/** A clock that is hours behind. */
export const BEHIND: number = -6 * HOUR;

/** A clock that is hours ahead. */
export const AHEAD: number = 6 * HOUR;

/** A clock that says that the manifest has ended. */
export const LATE: number = 12 * 24 * HOUR;

/** A clock that says it is before the program was written. */
export const EARLY: number = SOURCES_WRITTEN.getTime() - Date.now() - 24 * HOUR;

/**
 * The program with a clock that is off.
 *
 * @param by How far, ms.
 */
export function clockOff(by: number): Weakening {
  return {
    file: "src/hosts/deno.ts",
    find: "clock: { now: () => new Date() },",
    replace: `clock: { now: () => new Date(Date.now() + ${by}) },`,
  };
}

/** The floor below which no clock is believed. */
export const NO_FLOOR: Weakening = {
  file: "src/node/time.ts",
  find: "if (now.getTime() + TOLERANCE < this.#floor.getTime()) throw behind(now, this.#floor);",
  replace: "",
};

/** When a manifest is in force. */
export const ANY_TIME: Weakening = {
  file: "src/manifest/chain.ts",
  find: "  requireInForce(now: Date): void {",
  replace: "  requireInForce(now: Date): void {\n    if (now !== null) return;",
};

/** What others say of the time. */
export const NO_COMPARISON: Weakening = {
  file: "src/node/time.ts",
  find: "if (moment.getTime() > now.getTime() + TOLERANCE) throw behind(now, moment);",
  replace: "",
};

/**
 * Asks both engines about bent event logs, case by case, and stops at the first
 * difference.
 *
 * @module
 */

import { Dice } from "../bends/dice.ts";
import { bentLog } from "./logs_state.ts";
import { type Cases, type Tally, tallyCases } from "./tally.ts";

/**
 * Asks about cases by number.
 *
 * @param cases Which.
 * @throws {AssertionError} saying the case and the question over which the engines differ.
 */
export function compareLogs(cases: Cases): Promise<Tally> {
  return tallyCases(cases, (number) => bentLog(new Dice(number)));
}

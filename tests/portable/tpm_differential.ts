/**
 * Asks both engines about bent evidence of TPMs and bent event logs, case by
 * case, and stops at the first difference.
 *
 * `deno task differential:tpm [COUNT [FIRST]]` runs many more cases of each
 * than the tests do; a case is known by its number.
 *
 * @module
 */

import { Dice } from "../bends/dice.ts";
import { compareLogs } from "./logs_differential.ts";
import { type Cases, type Tally, tallyCases, tellTally } from "./tally.ts";
import { bentReal, noRealQuotes } from "./tpm_real.ts";
import { freshState, questionsOf } from "./tpm_state.ts";
import { bendState } from "./tpm_steps.ts";

/** Of so many cases one is of a real quote, where there are any. */
const REAL_EVERY = 12;

/**
 * Asks about cases by number.
 *
 * @param cases Which.
 * @throws {AssertionError} saying the case and the question over which the engines differ.
 */
export function compareQuotes(cases: Cases): Promise<Tally> {
  return tallyCases(cases, async (number) => {
    const dice = new Dice(number);
    if (number % REAL_EVERY === 0 && !noRealQuotes) return bentReal(dice);
    const state = await bendState(await freshState(dice), dice);
    return { questions: await questionsOf(state), steps: state.steps };
  });
}

if (import.meta.main) {
  const [count = 10_000, first = 1] = Deno.args.map(Number);
  await tellTally("quotes of TPMs", { first, count }, compareQuotes);
  await tellTally("event logs", { first, count: 5 * count }, compareLogs);
}

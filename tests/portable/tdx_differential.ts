/**
 * Asks both engines about bent evidence, case by case, and stops at the first
 * difference.
 *
 * `deno task differential:tdx [COUNT [FIRST]]` runs many more cases than the
 * tests do; a case is known by its number.
 *
 * @module
 */

import { Dice } from "../bends/dice.ts";
import { type Cases, type Tally, tallyCases, tellTally } from "./tally.ts";
import { freshState, questionsOf } from "./tdx_state.ts";
import { bendState } from "./tdx_steps.ts";

/**
 * Asks about cases by number.
 *
 * @param cases Which.
 * @throws {AssertionError} saying the case and the question over which the engines differ.
 */
export function compareCases(cases: Cases): Promise<Tally> {
  return tallyCases(cases, async (number) => {
    const dice = new Dice(number);
    const state = await bendState(await freshState(dice), dice);
    return { questions: await questionsOf(state), steps: state.steps };
  });
}

if (import.meta.main) {
  const [count = 20_000, first = 1] = Deno.args.map(Number);
  await tellTally("quotes of TDX and SGX", { first, count }, compareCases);
}

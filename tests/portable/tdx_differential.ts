/**
 * Asks both engines about bent evidence, case by case, and stops at the first
 * difference.
 *
 * `deno task differential:tdx [COUNT [FIRST]]` runs many more cases than the
 * tests do; a case is known by its number.
 *
 * @module
 */

import { createEngine, type Engine } from "../../src/core/crypto.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { inlineModule } from "../../wasm/inline.ts";
import { askBoth, portableEngine } from "./strict.ts";
import { Dice } from "../bends/dice.ts";
import { freshState, type Question, questionsOf } from "./tdx_state.ts";
import { bendState } from "./tdx_steps.ts";

/** What came of some cases. */
export interface Tally {
  /** How many questions both engines were asked. */
  readonly questions: number;
  /** How often a verification came to which code; `accepted` is one. */
  readonly codes: ReadonlyMap<string, number>;
}

/**
 * Asks about cases by number.
 *
 * @param first Number of the first.
 * @param count How many.
 * @throws {AssertionError} saying the case and the question over which the engines differ.
 */
export async function compareCases(first: number, count: number): Promise<Tally> {
  const engines = [createEngine(inlineModule()), await portableEngine()] as const;
  const codes = new Map<string, number>();
  let questions = 0;
  for (let number = first; number < first + count; number++) {
    const dice = new Dice(number);
    const state = await bendState(await freshState(dice), dice);
    const [verification, ...shown] = await questionsOf(state);
    if (verification === undefined) throw new TypeError("A case has no question");
    const what = `of case ${number} (${state.steps.join(", ")})`;
    const code = await outcomeOf(engines, verification, what);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    for (const question of shown) await outcomeOf(engines, question, what);
    questions += 1 + shown.length;
  }
  return { questions, codes };
}

async function outcomeOf(
  engines: readonly [Engine, Engine],
  [operation, parts]: Question,
  what: string,
): Promise<string> {
  try {
    await askBoth(engines, operation, parts, what);
    return "accepted";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    if (String(error).includes("[engine.failed]")) return "failed";
    throw error;
  }
}

if (import.meta.main) {
  const [count = 20_000, first = 1] = Deno.args.map(Number);
  const start = performance.now();
  const { questions, codes } = await compareCases(first, count);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`${count} cases from ${first}, ${questions} questions, no difference, ${seconds} s`);
  for (const [code, times] of [...codes].sort(([, one], [, other]) => other - one)) {
    console.log(`${times}\t${code}`);
  }
}

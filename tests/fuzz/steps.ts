/**
 * Steps that change an input: what fast-check makes and shrinks are their names
 * and seeds, so that a counterexample is as few steps as can be.
 *
 * @module
 */

import fc from "fast-check";
import { Dice } from "../bends/dice.ts";

/** A step as data. */
export interface Step {
  /** Its name in a table. */
  readonly step: string;
  /** What its dice are thrown by. */
  readonly seed: number;
}

/** Steps by name; each changes a state. */
export type StepTable<S> = Readonly<Record<string, (state: S, dice: Dice) => S | Promise<S>>>;

/**
 * Makes one to three steps out of a table.
 *
 * @param table The table.
 * @param weights How often a step is taken among the others; by default once.
 */
export function someSteps<S>(
  table: StepTable<S>,
  weights: Readonly<Record<string, number>> = {},
): fc.Arbitrary<readonly Step[]> {
  const names = Object.keys(table).flatMap((name) =>
    Array.from({ length: weights[name] ?? 1 }, () => name)
  );
  const step = fc.record({ step: fc.constantFrom(...names), seed: fc.nat(0x7fff_ffff) });
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(step, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(step, { minLength: 2, maxLength: 3 }) },
  );
}

/**
 * Takes steps one after the other. One that finds its place gone, since a step
 * before it took it away, says so by a RangeError and is left out.
 *
 * @param table The table.
 * @param start What they start from.
 * @param steps The steps.
 */
export async function takeSteps<S>(
  table: StepTable<S>,
  start: S,
  steps: readonly Step[],
): Promise<S> {
  let state = start;
  for (const { step, seed } of steps) {
    try {
      state = await table[step]?.(state, new Dice(seed)) ?? state;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return state;
}

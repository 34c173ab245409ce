/**
 * Which part of the cases is judged: `--every=10` takes one of ten.
 *
 * @module
 */

import type { PlannedCase } from "./case.ts";

/**
 * The cases that the arguments ask for.
 *
 * @param cases All of them.
 * @param args Arguments of the program.
 * @throws {RangeError} for arguments that are not understood.
 */
export function sampled(
  cases: readonly PlannedCase[],
  args: readonly string[],
): { readonly chosen: readonly PlannedCase[]; readonly whole: boolean } {
  const [argument, ...more] = args;
  if (argument === undefined) return { chosen: cases, whole: true };
  const every = Number(/^--every=([1-9]\d*)$/.exec(argument)?.[1]);
  if (Number.isNaN(every) || more.length > 0) {
    throw new RangeError(`Cannot read ${args.join(" ")}: expected --every=N`);
  }
  return { chosen: cases.filter((_, i) => i % every === 0), whole: every === 1 };
}

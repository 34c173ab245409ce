/**
 * Exit codes, and which outcome ends with which.
 *
 * @module
 */

import type { Outcome, Result, Verdict } from "../results/result.ts";

/** All exit codes, for the end of `--help`. */
export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, "trusted, lab-trusted, genuine; or the command did what it should"],
  [1, "a mistake in casemate itself; nothing was accepted"],
  [2, "the input is wrong: a flag, a file or a policy"],
  [3, "rejected, not genuine: trust was examined and refused"],
  [4, "unavailable: trust could not be examined"],
  [5, "an action on a cluster or cloud failed"],
  [6, "platform only: genuine, but not enough to trust"],
];

const OF_VERDICT: Readonly<Record<Verdict, number>> = {
  "trusted": 0,
  "lab-trusted": 0,
  "rejected": 3,
  "unavailable": 4,
  "platform-only": 6,
};

const OF_OUTCOME: Readonly<Record<Outcome, number>> = { "genuine": 0, "not-genuine": 3 };

/**
 * Exit code of a result. One that has neither verdict nor outcome is a mistake, and ends with 1.
 *
 * @param result What a verification said.
 */
export function exitCodeOf(result: Pick<Result, "verdict" | "outcome">): number {
  if (result.verdict !== null) return OF_VERDICT[result.verdict];
  return result.outcome === null ? 1 : OF_OUTCOME[result.outcome];
}

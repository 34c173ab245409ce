/**
 * Whether work stays in proportion to the size of its input: measured against
 * the usual execution of the same kind in the same run, since no two machines
 * and no two minutes are alike.
 *
 * @module
 */

import { type Execution, Finding } from "./kind.ts";
import type { Watch } from "./run.ts";

/** Executions out of which the usual one is taken. */
const USUAL_OF = 101;

/** Share of them that is no slower: most are refused early, and say little of what the whole way takes. */
const USUAL_SHARE = 0.9;

/** Size up to which an execution counts as usual, bytes. */
const USUAL_BYTES = 32 * 1024;

/** How many times the usual an execution may take, for each {@linkcode USUAL_BYTES} begun. */
const MOST_TIMES = 30;

/** Least bound for each of them, ms: below that, chance rules, and YAML with a mistake at each letter. */
const LEAST_BOUND = 500;

/** Times that a slow execution is done again beside the usual one; the fastest of each count. */
const TRIES = 4;

/** Watches the executions of one kind. */
export function timeWatch(): Watch {
  const usual: Execution[] = [];
  return async (execution) => {
    if (usual.length < USUAL_OF) {
      if (execution.bytes <= USUAL_BYTES) usual.push(execution);
      return;
    }
    const reference = usualOf(usual);
    if (execution.milliseconds <= boundFor(execution, reference.milliseconds)) return;
    // Perhaps the machine was busy elsewhere: both take turns.
    const [took, other] = await fastestOf(execution, reference);
    if (took <= boundFor(execution, other)) return;
    const times = Math.round(took / other);
    const message = `slow: ${times} times the usual for ${execution.bytes} bytes`;
    throw new Finding(new Error(message), execution.files);
  };
}

function boundFor({ bytes }: Execution, usual: number): number {
  const parts = Math.ceil((bytes + 1) / USUAL_BYTES);
  return Math.max(LEAST_BOUND, MOST_TIMES * usual) * parts;
}

function usualOf(executions: readonly Execution[]): Execution {
  const sorted = executions.toSorted((a, b) => a.milliseconds - b.milliseconds);
  const found = sorted[Math.floor(sorted.length * USUAL_SHARE)];
  if (found === undefined) throw new RangeError("Nothing was measured yet");
  return found;
}

async function fastestOf(
  one: Execution,
  other: Execution,
): Promise<readonly [one: number, other: number]> {
  let [took, usual] = [one.milliseconds, Infinity];
  for (let i = 0; i < TRIES; i++) {
    took = Math.min(took, await one.again());
    usual = Math.min(usual, await other.again());
  }
  return [took, usual];
}

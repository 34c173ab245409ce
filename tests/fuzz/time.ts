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

/** Least bound, ms: below that, chance rules. */
const LEAST_BOUND = 200;

/** Times that a slow execution is done again; the fastest counts. */
const TRIES = 3;

/** Watches the executions of one kind. */
export function timeWatch(): Watch {
  const usual: number[] = [];
  return async (execution) => {
    if (usual.length < USUAL_OF) {
      if (execution.bytes <= USUAL_BYTES) usual.push(execution.milliseconds);
      return;
    }
    const bound = boundFor(execution, usual);
    if (execution.milliseconds <= bound) return;
    const fastest = await fastestOf(execution);
    if (fastest <= bound) return;
    const times = Math.round(fastest / usualOf(usual));
    const message = `slow: ${times} times the usual for ${execution.bytes} bytes`;
    throw new Finding(new Error(message), execution.files);
  };
}

function boundFor({ bytes }: Execution, usual: readonly number[]): number {
  const parts = Math.ceil((bytes + 1) / USUAL_BYTES);
  return Math.max(LEAST_BOUND, MOST_TIMES * usualOf(usual) * parts);
}

function usualOf(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(times.length * USUAL_SHARE)] ?? 0;
}

async function fastestOf({ again, milliseconds }: Execution): Promise<number> {
  let fastest = milliseconds;
  for (let i = 0; i < TRIES; i++) fastest = Math.min(fastest, await again());
  return fastest;
}

/**
 * Runs kinds by turns, and gathers what came of them.
 *
 * @module
 */

import type { Counterexample, Execution, Kind } from "./kind.ts";

/** What came of a kind. */
export interface Tally {
  /** How many executions. */
  executions: number;
  /** How often each end was reached. */
  readonly ends: Map<string, number>;
  /** What did not hold, by its message, the first of each. */
  readonly findings: Map<string, Counterexample>;
  /** Time that the executions took, without that of making their input. */
  milliseconds: number;
  /** Most time that one took. */
  slowest: number;
}

/** Nothing yet. */
export function emptyTally(): Tally {
  return { executions: 0, ends: new Map(), findings: new Map(), milliseconds: 0, slowest: 0 };
}

/** Watches the time of executions, where somebody does. */
export type Watch = (execution: Execution) => void | Promise<void>;

/** How many executions, and of which. */
export interface Turn {
  /** Seed of the turn. */
  readonly seed: number;
  /** Most executions. */
  readonly runs: number;
  /** Milliseconds after which none is started. */
  readonly limit?: number;
  /** Path to a counterexample. */
  readonly path?: string;
}

/**
 * One turn of a kind, added to its tally.
 *
 * @param kind The kind.
 * @param turn Seed and amount.
 * @param tally What is added to.
 * @param watch Told of each execution.
 * @returns The counterexample, if its message is a new one.
 */
export async function takeTurn(
  kind: Kind,
  turn: Turn,
  tally: Tally,
  watch: Watch = () => {},
): Promise<Counterexample | null> {
  const found = await kind.run(turn, async (execution) => {
    tally.executions += 1;
    tally.ends.set(execution.end, (tally.ends.get(execution.end) ?? 0) + 1);
    tally.milliseconds += execution.milliseconds;
    tally.slowest = Math.max(tally.slowest, execution.milliseconds);
    await watch(execution);
  });
  if (found === null) return null;
  const message = firstLine(found.error);
  if (tally.findings.has(message)) return null;
  tally.findings.set(message, found);
  return found;
}

/** First line of what was thrown, with what was measured left out, so that the same finding is told once. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n")[0] ?? "").replace(/\b\d+ (times|bytes)\b/g, "… $1").slice(0, 200);
}

/**
 * Reads what libFuzzer and the fuzzer in `wasm/fuzz/` print.
 *
 * @module
 */

/** Figures of one run. */
export interface Figures {
  /** Inputs that were tried. */
  readonly executions: number;
  /** Edges of the engine that were reached. */
  readonly edges: number;
  /** Inputs that were accepted, about: it is told now and then. */
  readonly accepted: number;
  /** Most that was used of the bounds in `bounds.rs`, percent: bytes held, bytes asked for, time. */
  readonly shares: readonly [number, number, number];
}

/** Nothing yet. */
export const NOTHING: Figures = { executions: 0, edges: 0, accepted: 0, shares: [0, 0, 0] };

const EDGES = /^#\d+\s.* cov: (\d+) /gm;
const EXECUTIONS = /^stat::number_of_executed_units:\s*(\d+)$/m;
const PROGRESS = /^#(\d+)\s/gm;
const COST = /^COST inputs \d+ accepted (\d+) held (\d+) total (\d+) time (\d+)$/gm;
const PANIC = /^thread .* panicked at ([^\n]*):\n([^\n]*)/m;
/** But for a run that somebody ended, which found nothing. */
const OTHER = /^==\d+== ?(?:ERROR: )?libFuzzer: (?!run interrupted)([^\n]*)/m;

/** Figures in the log of a run. */
export function readFigures(log: string): Figures {
  const [, accepted, ...shares] = last(COST, log);
  const [held = 0, total = 0, time = 0] = shares.map(Number);
  const executions = EXECUTIONS.exec(log)?.[1] ?? last(PROGRESS, log)[1];
  return {
    executions: Number(executions ?? 0),
    edges: Number(last(EDGES, log)[1] ?? 0),
    accepted: Number(accepted ?? 0),
    shares: [held, total, time],
  };
}

/** What was found, in words; undefined where the run ended well. */
export function readFinding(log: string): string | undefined {
  const [, place, message] = PANIC.exec(log) ?? [];
  if (place !== undefined) return `${message} (${place})`;
  return OTHER.exec(log)?.[1];
}

/** Figures of runs one after the other, with what they found growing. */
export function join(one: Figures, other: Figures): Figures {
  const most = (index: 0 | 1 | 2): number => Math.max(one.shares[index], other.shares[index]);
  return {
    executions: one.executions + other.executions,
    edges: Math.max(one.edges, other.edges),
    accepted: one.accepted + other.accepted,
    shares: [most(0), most(1), most(2)],
  };
}

function last(pattern: RegExp, log: string): readonly string[] {
  return [...log.matchAll(pattern)].at(-1) ?? [];
}

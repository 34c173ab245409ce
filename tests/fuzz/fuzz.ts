/**
 * Fuzzes every kind of input by turns.
 *
 * `deno task fuzz [--minutes N] [--seed S] [--only KIND[,KIND]] [--path PATH]`
 *
 * With `--path` it goes to a counterexample that an earlier run has told. It
 * ends with 1 where something was found.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { keepCounterexample, replayLine } from "./keep.ts";
import type { Kind } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import { emptyTally, firstLine, takeTurn, type Tally, type Watch } from "./run.ts";
import { timeWatch } from "./time.ts";

/** Executions of a turn: so many that fast-check's own start does not count. */
const RUNS = 100;

/** Ends that are told of a kind. */
const TOLD_ENDS = 6;

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly kinds: readonly Kind[];
  readonly path?: string;
}

function readOptions(args: readonly string[]): Options {
  const text = { type: "string" } as const;
  const options = { minutes: text, seed: text, only: text, path: text };
  const { values } = parseArgs({ args: [...args], options });
  const only = values.only?.split(",");
  const unknown = only?.filter((id) => !KINDS.some((kind) => kind.id === id)) ?? [];
  const known = KINDS.map(({ id }) => id).join(", ");
  if (unknown.length > 0) throw new TypeError(`There is no kind ${unknown}; known are ${known}`);
  return {
    minutes: numberOf(values.minutes ?? "1"),
    seed: numberOf(values.seed ?? `${crypto.getRandomValues(new Uint32Array(1))[0] ?? 0}`),
    kinds: KINDS.filter(({ id }) => only?.includes(id) ?? true),
    ...(values.path === undefined ? {} : { path: values.path }),
  };
}

function numberOf(text: string): number {
  const number = Number(text);
  if (text === "" || !Number.isFinite(number)) throw new TypeError(`${text} is no number`);
  return number;
}

/** A kind with all that came of it. */
interface Line {
  readonly kind: Kind;
  readonly tally: Tally;
  readonly watch: Watch;
}

/** Turns of all kinds, each with the seed of its round, until the time is over. */
async function fuzz(options: Options, lines: readonly Line[]): Promise<void> {
  const end = performance.now() + options.minutes * 60_000;
  const start = options.path === undefined ? options.seed : options.seed - 1;
  for (let round = 1; performance.now() < end; round++) {
    // fast-check takes seeds of 32 bits.
    const seed = (start + round) | 0;
    for (const { kind, tally, watch } of lines) {
      const limit = Math.max(1, end - performance.now());
      const turn = options.path === undefined ? { runs: RUNS } : { runs: 1, path: options.path };
      const found = await takeTurn(kind, { seed, limit, ...turn }, tally, watch);
      if (found === null) continue;
      const folder = await keepCounterexample(kind.id, found);
      console.log(`${kind.id}: ${firstLine(found.error)}\n  ${replayLine(kind.id, found)}`);
      console.log(`  ${found.given.slice(0, 300)}\n  kept in ${folder}`);
    }
    if (options.path !== undefined) return;
  }
}

function tell({ kind, tally }: Line): void {
  const { executions, findings, ends, milliseconds, slowest } = tally;
  const sorted = [...ends].sort(([, one], [, other]) => other - one).slice(0, TOLD_ENDS);
  const mean = (milliseconds / Math.max(1, executions)).toFixed(1);
  console.log(
    `${kind.id.padEnd(12)}${`${executions}`.padStart(8)} executions, ${findings.size} findings, ` +
      `${ends.size} ends, ${mean} ms each, ${Math.round(slowest)} ms at most`,
  );
  console.log(`  ${sorted.map(([end, times]) => `${end} ${times}`).join(", ")}`);
}

if (import.meta.main) {
  const options = readOptions(Deno.args);
  console.log(`seed ${options.seed}, ${options.minutes} minutes, ${options.kinds.length} kinds`);
  const lines = options.kinds.map((kind): Line => ({
    kind,
    tally: emptyTally(),
    watch: timeWatch(),
  }));
  await fuzz(options, lines);
  lines.forEach(tell);
  const sum = (of: (tally: Tally) => number): number =>
    lines.reduce((total, { tally }) => total + of(tally), 0);
  const found = sum(({ findings }) => findings.size);
  console.log(`${sum(({ executions }) => executions)} executions, ${found} findings`);
  Deno.exitCode = found === 0 ? 0 : 1;
}

/**
 * Measures verification of SEV-SNP beside what it is made of and beside others:
 * `deno task bench [--json]`. Nothing is asserted; `docs/performance.md` says
 * how to read the figures.
 *
 * @module
 */

import { cpus } from "node:os";
import { GoOracle, hasGo } from "../oracle/go_oracle.ts";
import { goSevGuest, ownStages, primitives } from "./contenders.ts";
import { type BenchEvidence, chooseEvidence } from "./evidence.ts";
import { type Contender, measure, type Timing } from "./measure.ts";
import { type Size, WASM, weigh } from "./sizes.ts";
import { measureStarts, type Start } from "./start.ts";

/** Rounds in which all contenders take their turn. */
const ROUNDS = 21;

/** What the others are compared with. */
const BASELINE = "webcrypto-p384";

/** Everything that one run found. */
interface Report {
  readonly date: string;
  readonly machine: string;
  readonly runtime: string;
  readonly evidence: string;
  readonly rounds: number;
  readonly timings: readonly (Timing & { readonly ratio: number })[];
  readonly starts: readonly Start[];
  readonly sizes: readonly Size[];
  readonly skipped: readonly string[];
}

const report = await bench();
console.log(Deno.args.includes("--json") ? JSON.stringify(report, null, 2) : render(report));

async function bench(): Promise<Report> {
  const evidence = await chooseEvidence();
  const { timings, skipped } = await measureAll(evidence);
  const base = timings.find(({ id }) => id === BASELINE)?.microseconds ?? NaN;
  return {
    date: new Date().toISOString(),
    machine: `${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}`,
    runtime: `Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`,
    evidence: evidence.name,
    rounds: ROUNDS,
    timings: timings.map((timing) => ({ ...timing, ratio: timing.microseconds / base })),
    starts: await measureStarts(),
    sizes: await weigh(),
    skipped,
  };
}

async function measureAll(
  evidence: BenchEvidence,
): Promise<{ readonly timings: readonly Timing[]; readonly skipped: readonly string[] }> {
  const contenders: readonly Contender[] = [
    ...ownStages(evidence, await Deno.readFile(WASM)),
    ...await primitives(evidence),
  ];
  const missing = !await hasGo() ? "Go is missing" : evidence.real ? null : "no real evidence";
  if (missing !== null) {
    const skipped = [`google/go-sev-guest: ${missing}`];
    return { timings: await measure(contenders, ROUNDS), skipped };
  }
  await using oracle = await GoOracle.start();
  const timings = await measure([...contenders, goSevGuest(oracle, evidence)], ROUNDS);
  return { timings, skipped: [] };
}

function render(found: Report): string {
  const head = [
    `${found.date}  ${found.runtime}  ${found.machine}`,
    `evidence: ${found.evidence}; medians of ${found.rounds} interleaved rounds`,
  ];
  const micro = (value: number): string => value.toFixed(1).padStart(9);
  const timings = found.timings.map(({ title, microseconds, range: [low, high], ratio }) =>
    `${title.padEnd(52)}${micro(microseconds)}${micro(low)}${micro(high)}${
      ratio.toFixed(2).padStart(8)
    }`
  );
  const starts = found.starts.map(({ title, milliseconds }) =>
    `${title.padEnd(52)}${milliseconds.toFixed(1).padStart(9)}`
  );
  const sizes = found.sizes.map(({ title, bytes, gzip }) =>
    `${title.padEnd(52)}${String(bytes).padStart(9)}${String(gzip).padStart(9)}`
  );
  const row = (title: string, columns: readonly string[]): string =>
    `\n${title.padEnd(52)}${columns.map((text) => text.padStart(9)).join("")}`;
  return [
    ...head,
    row("time of one, µs", ["median", "fastest", "slowest", "ratio"]),
    ...timings,
    row("whole process, ms", ["median"]),
    ...starts,
    row("size, bytes", ["plain", "gzip"]),
    ...sizes,
    ...found.skipped.map((text) => `\nskipped: ${text}`),
  ].join("\n");
}

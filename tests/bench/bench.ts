/**
 * Measures verification of SEV-SNP, TDX and TPM evidence beside what it is made
 * of and beside others, what stands around it, and what hostile input costs:
 * `deno task bench [--json]`.
 * Nothing is asserted; `docs/performance.md` says how to read the figures.
 *
 * @module
 */

import { cpus } from "node:os";
import { hasGo } from "../oracle/build.ts";
import { SnpOracle } from "../oracle/snp/oracles.ts";
import { goSevGuest, ownStages, primitives } from "./contenders.ts";
import { measureDecision } from "./decision.ts";
import { type BenchEvidence, chooseEvidence } from "./evidence.ts";
import { type HostileTiming, measureHostile } from "./hostile.ts";
import { type Contender, measure, type Timing } from "./measure.ts";
import { portableSnp } from "./portable.ts";
import { type Size, WASM, weigh } from "./sizes.ts";
import { measureStarts, type Start } from "./start.ts";
import { measureTdx } from "./tdx.ts";
import { measureTpm } from "./tpm.ts";
import { measureVariants, VARIANTS_BASELINE } from "./variants.ts";

/** Rounds in which all contenders take their turn. */
const ROUNDS = 21;

/** What the others are compared with. */
const BASELINE = "webcrypto-p384";
const TDX_BASELINE = "webcrypto-p256";

/** A time, and how many of the baseline's it is. */
type Compared = Timing & { readonly ratio: number };

/** Everything that one run found. */
interface Report {
  readonly date: string;
  readonly machine: string;
  readonly runtime: string;
  readonly evidence: string;
  readonly rounds: number;
  readonly timings: readonly Compared[];
  readonly tdx: { readonly evidence: string; readonly timings: readonly Compared[] };
  readonly tpm: readonly { readonly title: string; readonly timings: readonly Compared[] }[];
  readonly variants: readonly Compared[];
  readonly decision: readonly { readonly title: string; readonly timings: readonly Compared[] }[];
  readonly hostile: readonly HostileTiming[];
  readonly starts: readonly Start[];
  readonly sizes: readonly Size[];
  readonly skipped: readonly string[];
}

const report = await bench();
console.log(Deno.args.includes("--json") ? JSON.stringify(report, null, 2) : render(report));

async function bench(): Promise<Report> {
  const evidence = await chooseEvidence();
  const { timings, skipped } = await measureAll(evidence);
  const tdx = await measureTdx(ROUNDS);
  const tpm = await measureTpm(ROUNDS);
  return {
    date: new Date().toISOString(),
    machine: `${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}`,
    runtime: `Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`,
    evidence: evidence.name,
    rounds: ROUNDS,
    timings: compare(timings, BASELINE),
    tdx: { evidence: tdx.evidence, timings: compare(tdx.timings, TDX_BASELINE) },
    tpm: tpm.sections.map(({ title, timings, baseline }) => (
      { title, timings: compare(timings, baseline) }
    )),
    variants: compare(await measureVariants(ROUNDS), VARIANTS_BASELINE),
    decision: (await measureDecision(ROUNDS)).map(({ title, timings, baseline }) => (
      { title, timings: compare(timings, baseline) }
    )),
    hostile: await measureHostile(),
    starts: await measureStarts(),
    sizes: await weigh(),
    skipped: [...skipped, ...tdx.skipped, ...tpm.skipped],
  };
}

function compare(timings: readonly Timing[], baseline: string): readonly Compared[] {
  const base = timings.find(({ id }) => id === baseline)?.microseconds ?? NaN;
  return timings.map((timing) => ({ ...timing, ratio: timing.microseconds / base }));
}

async function measureAll(
  evidence: BenchEvidence,
): Promise<{ readonly timings: readonly Timing[]; readonly skipped: readonly string[] }> {
  const contenders: readonly Contender[] = [
    ...ownStages(evidence, await Deno.readFile(WASM)),
    ...portableSnp(evidence),
    ...await primitives(evidence),
  ];
  const missing = !await hasGo() ? "Go is missing" : evidence.real ? null : "no real evidence";
  if (missing !== null) {
    const skipped = [`google/go-sev-guest: ${missing}`];
    return { timings: await measure(contenders, ROUNDS), skipped };
  }
  await using oracle = await SnpOracle.startGoSevGuest();
  const timings = await measure([...contenders, goSevGuest(oracle, evidence)], ROUNDS);
  return { timings, skipped: [] };
}

function render(found: Report): string {
  return [
    `${found.date}  ${found.runtime}  ${found.machine}`,
    `medians of ${found.rounds} interleaved rounds`,
    row(`SEV-SNP, ${found.evidence}, µs`, ["median", "fastest", "slowest", "ratio"]),
    ...found.timings.map(renderTiming),
    row(`TDX, ${found.tdx.evidence}, µs`, ["median", "fastest", "slowest", "ratio"]),
    ...found.tdx.timings.map(renderTiming),
    ...found.tpm.flatMap(({ title, timings }) => [
      row(`${title}, µs`, ["median", "fastest", "slowest", "ratio"]),
      ...timings.map(renderTiming),
    ]),
    row("Envelopes of variants, minted, µs", ["median", "fastest", "slowest", "ratio"]),
    ...found.variants.map(renderTiming),
    ...found.decision.flatMap(({ title, timings }) => [
      row(`${title}, µs`, ["median", "fastest", "slowest", "ratio"]),
      ...timings.map(renderTiming),
    ]),
    row("hostile input, µs, to one verification", ["20 KiB", "1 MiB", "20 KiB", "1 MiB"]),
    ...found.hostile.map(renderHostile),
    row("whole process, ms", ["median"]),
    ...found.starts.map(({ title, milliseconds }) => line(title, [milliseconds.toFixed(1)])),
    row("size, bytes", ["plain", "gzip"]),
    ...found.sizes.map(({ title, bytes, gzip }) => line(title, [bytes, gzip].map(String))),
    ...found.skipped.map((text) => `\nskipped: ${text}`),
  ].join("\n");
}

function renderTiming({ title, microseconds, range, ratio }: Compared): string {
  return line(title, [
    ...[microseconds, ...range].map((time) => time.toFixed(1)),
    ratio.toFixed(2),
  ]);
}

function renderHostile({ title, ends, microseconds, ratios }: HostileTiming): string {
  const columns = [
    ...microseconds.map((time) => time.toFixed(1)),
    ...ratios.map((ratio) => ratio.toFixed(3)),
  ];
  return `${line(title, columns)}  ${[...new Set(ends)].join(", ")}`;
}

function row(title: string, columns: readonly string[]): string {
  return `\n${line(title, columns)}`;
}

function line(title: string, columns: readonly string[]): string {
  return title.padEnd(56) + columns.map((text) => text.padStart(10)).join("");
}

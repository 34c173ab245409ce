/**
 * Figures of joins as text.
 *
 * @module
 */

import { median, type Timing } from "../measure.ts";
import { BASELINE } from "./primitives.ts";
import type { Share } from "./processes.ts";
import type { StormReport } from "./real.ts";

/** What one run found. */
export interface JoinReport {
  readonly date: string;
  readonly machine: string;
  readonly runtime: string;
  readonly program: string;
  /** Load of the computer at the beginning, over a minute. */
  readonly load: number;
  readonly primitives: readonly Timing[];
  readonly processes: readonly StormReport[];
  readonly crowd: readonly StormReport[];
}

const MEBIBYTE = 2 ** 20;

/**
 * A report as text.
 *
 * @param report The report.
 */
export function render(report: JoinReport): string {
  const { date, runtime, machine, program, load } = report;
  return [
    `${date}  ${runtime}  ${machine}, program ${program}, load ${load.toFixed(1)}`,
    ...primitives(report.primitives),
    ...storms("Agents in processes of their own", report.processes),
    ...storms("Many agents in few processes", report.crowd),
  ].join("\n");
}

function primitives(timings: readonly Timing[]): readonly string[] {
  if (timings.length === 0) return [];
  const base = timings.find(({ id }) => id === BASELINE)?.microseconds ?? NaN;
  return [
    row("What a join is made of, µs", ["median", "fastest", "ratio"]),
    ...timings.map(({ title, microseconds, range: [fastest] }) =>
      line(title, [microseconds.toFixed(0), fastest.toFixed(0), (microseconds / base).toFixed(2)])
    ),
  ];
}

function storms(title: string, found: readonly StormReport[]): readonly string[] {
  const [first] = found;
  if (first === undefined) return [];
  const figure = (name: string, of: (storm: StormReport) => number, digits: number): string => {
    const values = found.map(of);
    const shown = [Math.min(...values), median(values), Math.max(...values)];
    return line(name, shown.map((value) => value.toFixed(digits)));
  };
  return [
    row(`${title}: ${first.joined} at once, ${found.length} times`, ["least", "median", "most"]),
    figure("until all are members, s", ({ seconds }) => seconds, 2),
    figure("joins in a second", ({ perSecond }) => perSecond, 1),
    figure("one join, half of them, s", ({ p50 }) => p50, 2),
    figure("one join, 99 of 100, s", ({ p99 }) => p99, 2),
    figure("refused somewhere before", ({ retried }) => retried, 0),
    figure("reads of etcd for one", ({ etcd, joined }) => etcd.reads / joined, 1),
    figure("transactions of etcd for one", ({ etcd, joined }) => etcd.writes / joined, 1),
    figure("load of the computer before", (storm) => storm.load, 1),
    ...found.map(({ refused }) => `  refused: ${JSON.stringify(refused)}`),
    row("  who used what (medians)", ["CPU, s", "ms/join", "MiB each", "MiB all"]),
    ...first.shares.map(({ title }, i) =>
      share(title, found.map(({ shares }) => shares[i]), first)
    ),
  ];
}

function share(
  title: string,
  found: readonly (Share | undefined)[],
  { joined }: StormReport,
): string {
  const there = found.filter((one) => one !== undefined);
  const cpu = median(there.map((one) => one.cpu));
  return line(`  ${title} (${there[0]?.count ?? 0})`, [
    cpu.toFixed(2),
    (cpu * 1000 / joined).toFixed(1),
    (median(there.map(({ largest }) => largest)) / MEBIBYTE).toFixed(0),
    (median(there.map(({ pss }) => pss)) / MEBIBYTE).toFixed(0),
  ]);
}

function row(title: string, columns: readonly string[]): string {
  return `\n${line(title, columns)}`;
}

function line(title: string, columns: readonly string[]): string {
  return title.padEnd(56) + columns.map((text) => text.padStart(10)).join("");
}

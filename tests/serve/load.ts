/**
 * Puts load on a service of verification: rates and times for ever more clients,
 * then an even load while its memory is watched.
 *
 * `deno task load [serve] [workerd] [--seconds=N] [--steady=N]` writes the chart to `dist/load/`.
 * Each answer is looked at: one that is wrong or missing ends it.
 *
 * @module
 */

import { type ServiceLab, serviceLab } from "../api/lab.ts";
import { drawMemory, type Sample } from "./load/chart.ts";
import { exchangeOf, verification } from "./load/exchange.ts";
import { press, type Pressed, quantile } from "./load/press.ts";
import { type Target, TARGETS } from "./load/target.ts";

/** Clients at once, one after the other. */
const CROWDS: readonly number[] = [1, 16, 64, 256, 1000];

/** Clients of the even load. */
const STEADY = 32;

/** Memory may grow that much between the second and the last quarter of an even load. */
const GROWTH = 1.25;

const MIB = 2 ** 20;

function row(what: string, { clients, right, turnedAway, ended, rate, times }: Pressed): string {
  const ms = (share: number): string => quantile(times, share).toFixed(1).padStart(8);
  return `${what.padEnd(22)}${String(clients).padStart(6)}${rate.toFixed(0).padStart(8)}${ms(0.5)}${
    ms(0.95)
  }${ms(0.99)}${ms(1)}${String(right).padStart(9)}${String(turnedAway).padStart(8)}${
    String(ended).padStart(8)
  }`;
}

const HEAD = `${"".padEnd(22)}${"clients".padStart(6)}${"req/s".padStart(7)}${
  "p50 ms".padStart(8)
}${"p95".padStart(8)}${"p99".padStart(8)}${"max".padStart(8)}${"answers".padStart(9)}${
  "503".padStart(8)
}`;

/** Watches the memory of a service until it is told to stop. */
function watch({ memory }: Target): { readonly samples: Sample[]; readonly stop: () => void } {
  const start = performance.now();
  const samples: Sample[] = [];
  const timer = setInterval(async () => {
    samples.push({ at: (performance.now() - start) / 1000, bytes: await memory() });
  }, 250);
  return { samples, stop: () => clearInterval(timer) };
}

async function loadOn(target: Target, lab: ServiceLab, given: Given): Promise<void> {
  const watched = watch(target);
  const marks: { at: number; says: string }[] = [];
  const start = performance.now();
  const mark = (says: string): void =>
    void marks.push({ at: (performance.now() - start) / 1000, says });
  const own = await verification(lab);
  console.log(`\n${target.name}\n${HEAD}`);
  await press(target.url, 4, 1000, own);
  for (const clients of CROWDS) {
    mark(`${clients}`);
    const pressed = await press(target.url, clients, given.seconds * 1000, own);
    console.log(row("own nonce", pressed));
    // The runtime of Workers, which has a network in front of it elsewhere, ends some at 1,000.
    if (target.name === "serve" && pressed.ended > 0) throw new Error("Connections ended");
  }
  mark("nonces");
  const full = exchangeOf(lab, target.url);
  console.log(row("nonce of the service", await press(target.url, 8, given.seconds * 1000, full)));
  mark("even load");
  const from = (performance.now() - start) / 1000;
  console.log(row("even load", await press(target.url, STEADY, given.steady * 1000, own)));
  watched.stop();
  tellMemory(watched.samples, from);
  await Deno.mkdir("dist/load", { recursive: true });
  const chart = drawMemory({ name: target.name, samples: watched.samples, marks });
  await Deno.writeTextFile(`dist/load/${target.name}.svg`, chart);
}

/** Memory over the even load, by quarters; the last must not stand above the second. */
function tellMemory(samples: readonly Sample[], from: number): void {
  const even = samples.filter(({ at }) => at >= from);
  const quarter = Math.floor(even.length / 4);
  const means = [0, 1, 2, 3].map((at) => {
    const part = even.slice(at * quarter, (at + 1) * quarter);
    return part.reduce((sum, { bytes }) => sum + bytes, 0) / part.length / MIB;
  });
  const peak = Math.max(...samples.map(({ bytes }) => bytes)) / MIB;
  console.log(
    `memory, MiB: even load by quarters ${means.map((mean) => mean.toFixed(0)).join(", ")}; peak ${
      peak.toFixed(0)
    }`,
  );
  const [, second = 0, , last = 0] = means;
  if (last > second * GROWTH) throw new Error(`Memory grew from ${second} to ${last} MiB`);
}

interface Given {
  readonly seconds: number;
  readonly steady: number;
}

async function main(args: readonly string[]): Promise<void> {
  const number = (flag: string, otherwise: number): number =>
    Number(args.find((arg) => arg.startsWith(`--${flag}=`))?.split("=")[1] ?? otherwise);
  const given = { seconds: number("seconds", 4), steady: number("steady", 60) };
  const names = args.filter((arg) => !arg.startsWith("--"));
  const lab = await serviceLab(new Date());
  for (const name of names.length === 0 ? Object.keys(TARGETS) : names) {
    const start = TARGETS[name];
    if (start === undefined) throw new Error(`${name} is none of ${Object.keys(TARGETS)}`);
    const target = await start(lab);
    try {
      await loadOn(target, lab, given);
    } finally {
      await target.end();
    }
  }
}

if (import.meta.main) await main(Deno.args);

/**
 * Nodes that join at once: agents in processes of their own, and many agents in
 * few processes, beside what a join is made of: `deno task bench:join`.
 *
 * `--small` for few of each, `--repeat N`, `--json`, `--only primitives|processes|crowd`,
 * `--profile FOLDER` for where the time of the first control plane goes.
 * Nothing is asserted but that all become members; `docs/performance.md` says
 * how to read the figures.
 *
 * @module
 */

import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Timing } from "../measure.ts";
import { prepare, removeWhenAsked, withLab } from "./lab.ts";
import { type Crowd, stormOfCrowd } from "./logical.ts";
import { measurePrimitives } from "./primitives.ts";
import { load } from "./processes.ts";
import { stormOfProcesses, type StormReport } from "./real.ts";
import { type JoinReport, render } from "./render.ts";

/** How much is measured. */
interface Scale {
  /** Agents in processes of their own. */
  readonly agents: number;
  /** Agents that share processes. */
  readonly crowd: Crowd;
  /** How often each storm is repeated. */
  readonly repeat: number;
}

const CONTROL_PLANES = 3;
const FULL: Scale = { agents: 40, crowd: { processes: 4, each: 50 }, repeat: 3 };
const SMALL: Scale = { agents: 6, crowd: { processes: 2, each: 10 }, repeat: 1 };

const { values: flags } = parseArgs({
  args: Deno.args,
  options: {
    small: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    repeat: { type: "string" },
    only: { type: "string" },
    profile: { type: "string" },
  },
});

useBinary();
const report = await bench(flags.small ? SMALL : FULL);
console.log(flags.json ? JSON.stringify(report, null, 2) : render(report));
// Whoever listens for signals does not end by itself.
Deno.exit(0);

/** Agents are of the program that was built, where it is named. */
function useBinary(): void {
  const binary = Deno.env.get("CASEMATE_BINARY");
  if (binary === undefined) return;
  Deno.env.set("CASEMATE_BUILD", "dev");
  Deno.env.set("CASEMATE_PROGRAM", binary);
}

async function bench(scale: Scale): Promise<JoinReport> {
  const home = await Deno.makeTempDir({ prefix: "casemate_join_bench_" });
  removeWhenAsked(home);
  const wants = (what: string): boolean => flags.only === undefined || flags.only === what;
  const repeat = flags.repeat === undefined ? scale.repeat : Number(flags.repeat);
  try {
    return {
      date: new Date().toISOString(),
      machine: `${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}`,
      runtime: `Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`,
      program: Deno.env.get("CASEMATE_BINARY") ?? "from source",
      load: load(),
      primitives: wants("primitives") ? await primitivesIn(home) : [],
      processes: await repeated(
        wants("processes") ? repeat : 0,
        () => processesIn(home, scale.agents),
      ),
      crowd: await repeated(wants("crowd") ? repeat : 0, () => crowdIn(home, scale.crowd)),
    };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

async function primitivesIn(home: string): Promise<readonly Timing[]> {
  return await withLab(home, "parts", { controlPlanes: 1, workers: 0 }, async (work) => {
    await prepare(work);
    return await measurePrimitives(work);
  });
}

async function processesIn(home: string, workers: number): Promise<StormReport> {
  const size = { controlPlanes: CONTROL_PLANES, workers };
  return await withLab(
    home,
    "own",
    size,
    (work) => stormOfProcesses(work, flags.profile ?? null),
  );
}

async function crowdIn(home: string, crowd: Crowd): Promise<StormReport> {
  const size = { controlPlanes: CONTROL_PLANES, workers: 0 };
  return await withLab(
    home,
    "main",
    size,
    (work) => stormOfCrowd(home, work, crowd, flags.profile ?? null),
  );
}

/** One after the other; what is told of each goes to standard error meanwhile. */
async function repeated(
  times: number,
  once: () => Promise<StormReport>,
): Promise<readonly StormReport[]> {
  const found: StormReport[] = [];
  for (let i = 0; i < times; i++) {
    const storm = await once();
    console.error(`${storm.joined} joined in ${storm.seconds.toFixed(1)} s`);
    found.push(storm);
  }
  return found;
}

/**
 * Services to put load on: `casemate serve` and the Worker in workerd.
 *
 * @module
 */

import type { ServiceLab } from "../../api/lab.ts";
import { policiesOf, settingsOf, worker, WRANGLER } from "../../worker/world.ts";
import { startServe, writeLab } from "../process.ts";

/** A service that runs. */
export interface Target {
  /** What it is. */
  readonly name: string;
  /** Where. */
  readonly url: string;
  /** Memory of its processes, bytes (resident). */
  readonly memory: () => Promise<number>;
  /** Ends it. */
  readonly end: () => Promise<void>;
}

/** Starts one by its name. */
export const TARGETS: Readonly<Record<string, (lab: ServiceLab) => Promise<Target>>> = {
  serve: startProcess,
  workerd: startWorker,
};

async function startProcess(lab: ServiceLab): Promise<Target> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_load_" });
  const serving = await startServe(...await writeLab(lab, folder));
  void serving.status.then(({ code, signal }) => {
    if (code !== 0) console.error(`serve ended with ${code} ${signal}: ${serving.errors()}`);
  });
  return {
    name: "serve",
    url: serving.url,
    memory: () => memoryBelow(Deno.pid),
    async end() {
      const { code } = await serving.end();
      await Deno.remove(folder, { recursive: true });
      if (code !== 0) throw new Error(`it ended with ${code}: ${serving.errors()}`);
    },
  };
}

async function startWorker(lab: ServiceLab): Promise<Target> {
  if (WRANGLER === null) throw new Error("workerd cannot be had here: npm is not there");
  const running = await worker({ settings: settingsOf(lab), policies: policiesOf(lab) });
  return {
    name: "workerd",
    url: running.url,
    memory: () => memoryBelow(Deno.pid),
    end: () => running.stop(),
  };
}

/** Resident memory of all processes that one started, and of those that these started. */
async function memoryBelow(pid: number): Promise<number> {
  let bytes = 0;
  for (const child of await childrenOf(pid)) {
    const status = await Deno.readTextFile(`/proc/${child}/status`).catch(() => "");
    bytes += Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    bytes += await memoryBelow(child);
  }
  return bytes;
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const children: number[] = [];
  for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
    const text = await Deno.readTextFile(`/proc/${pid}/task/${name}/children`).catch(() => "");
    children.push(...text.split(" ").filter((word) => word !== "").map(Number));
  }
  return children;
}

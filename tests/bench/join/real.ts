/**
 * Agents in processes of their own, which join at once: all are started, held
 * back (SIGSTOP) as soon as each has found nobody to ask, and released together
 * when the control planes serve.
 *
 * @module
 */

import { readLine, readLog } from "../../../src/cli/lab_cluster/agent_log.ts";
import { agentRole, startAgent } from "../../../src/cli/lab_cluster/agents.ts";
import { together } from "../../../src/cli/lab_cluster/together.ts";
import type { LabMachine } from "../../../src/cli/lab_cluster/state.ts";
import type { LabWork } from "../../../src/cli/lab_cluster/work.ts";
import { type Storm, stormOf, untilAdmitted } from "./admissions.ts";
import { countCalls, type EtcdCount } from "./etcd_calls.ts";
import { machinesOf, pidOf, pidsOf, prepare, startControlPlanes } from "./lab.ts";
import { type Kind, load, type Share, watch } from "./processes.ts";

/** What a storm found. */
export interface StormReport extends Storm {
  /** Who used what. */
  readonly shares: readonly Share[];
  /** What etcd was asked meanwhile. */
  readonly etcd: EtcdCount;
  /** Load of the computer just before, over a minute. */
  readonly load: number;
}

/** How long an agent is given to find nobody, ms. */
const PATIENCE = 120_000;

/** Between two looks, ms: far below the first wait of an agent between attempts. */
const LOOK = 40;

/** Time in which what the control planes do after their own admission ends, ms. */
const SETTLE = 1500;

/**
 * Lets all workers of a lab join at once.
 *
 * @param work The lab, not prepared.
 * @param profile Folder for a profile of the first control plane; null for none.
 */
export async function stormOfProcesses(
  work: LabWork,
  profile: string | null,
): Promise<StormReport> {
  const owner = await prepare(work);
  const workers = machinesOf(work, "worker");
  await together(workers.map((machine) => startHeld(work, machine)));
  await startControlPlanes(work, owner, profile);
  const logs = workers.map(({ name }) => work.paths.machine(name).log);
  return await measured(work, kindsOf(work), logs, () => {
    for (const { name } of workers) Deno.kill(pidOf(work, agentRole(name)), "SIGCONT");
    return Promise.resolve();
  });
}

/**
 * Measures a storm.
 *
 * @param work The lab whose control planes are asked.
 * @param kinds Processes to watch.
 * @param logs Paths of the logs of who joins.
 * @param release Lets them begin.
 */
export async function measured(
  work: LabWork,
  kinds: readonly Kind[],
  logs: readonly string[],
  release: () => Promise<unknown>,
): Promise<StormReport> {
  await new Promise((done) => setTimeout(done, SETTLE));
  const [before, calls, ended] = [load(), await countCalls(work), await watch(kinds)];
  const since = Date.now();
  await release();
  await untilAdmitted(logs, since);
  const shares = await ended();
  const { reads, writes } = await countCalls(work);
  const etcd = { reads: reads - calls.reads, writes: writes - calls.writes };
  return { shares, etcd, load: before, ...await stormOf(logs, since) };
}

/** An agent that waits for its next attempt is stopped in the midst of that. */
async function startHeld(work: LabWork, machine: LabMachine): Promise<void> {
  await startAgent(work, machine);
  const { log } = work.paths.machine(machine.name);
  const controlPlanes = machinesOf(work, "control-plane").length;
  for (let waited = 0; await refusals(work, log) < controlPlanes; waited += LOOK) {
    if (waited > PATIENCE) throw new Error(`${machine.name} did not try to join`);
    await new Promise((done) => setTimeout(done, LOOK));
  }
  Deno.kill(pidOf(work, agentRole(machine.name)), "SIGSTOP");
}

async function refusals({ lab }: LabWork, log: string): Promise<number> {
  const lines = await readLog(lab.folders, log);
  return lines.filter((line) => readLine(line).event === "refused").length;
}

function kindsOf(work: LabWork): readonly Kind[] {
  const workers = machinesOf(work, "worker").map(({ name }) => pidOf(work, agentRole(name)));
  return [...controlPlaneKinds(work), { title: "agents that join", pids: workers }];
}

/**
 * The control planes of a lab, and what stands for hardware and for the store.
 *
 * @param work The lab.
 */
export function controlPlaneKinds(work: LabWork): readonly Kind[] {
  return [
    ...machinesOf(work, "control-plane").map(({ name }, i) => ({
      title: `control plane ${i + 1}`,
      pids: [pidOf(work, agentRole(name))],
    })),
    { title: "etcd", pids: pidsOf(work, "etcd") },
    { title: "swtpm", pids: pidsOf(work, "tpm/") },
    { title: "the lab's TEE", pids: pidsOf(work, "tee") },
  ];
}

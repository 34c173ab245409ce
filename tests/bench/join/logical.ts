/**
 * Agents that share processes: many in each, every one with a TPM, a TEE and a
 * place of its own, since a machine is known by the key of its TPM.
 *
 * @module
 */

import { fromFileUrl } from "../../../scripts/process.ts";
import { agentCommand, agentUrl, controlPlaneUrls } from "../../../src/cli/lab_cluster/agents.ts";
import {
  ensureAmdAuthority,
  ensureTpmAuthority,
} from "../../../src/cli/lab_cluster/authorities.ts";
import { ensureChip, startTee } from "../../../src/cli/lab_cluster/chips.ts";
import { startMachine } from "../../../src/cli/lab_cluster/machine.ts";
import type { LabMachine } from "../../../src/cli/lab_cluster/state.ts";
import { together } from "../../../src/cli/lab_cluster/together.ts";
import type { LabWork } from "../../../src/cli/lab_cluster/work.ts";
import { LAUNCH_DATA } from "../../../src/protocol/launch.ts";
import { writeMessage } from "../../../src/protocol/message.ts";
import { machinesOf, pidsOf, prepare, startControlPlanes, withLab } from "./lab.ts";
import type { ManyAgent } from "./many.ts";
import type { Kind } from "./processes.ts";
import { controlPlaneKinds, measured, type StormReport } from "./real.ts";

/** How many share how many processes. */
export interface Crowd {
  /** Processes. */
  readonly processes: number;
  /** Agents in each. */
  readonly each: number;
}

/** Machines that are made at a time: each is a process that makes keys. */
const AT_ONCE = 10;

/** A process of many agents. */
interface Hall {
  readonly work: LabWork;
  readonly child: Deno.ChildProcess;
  readonly logs: readonly string[];
}

/**
 * Lets many agents in few processes join a lab at once.
 *
 * @param home Folder of labs.
 * @param work The lab, not prepared: control planes alone.
 * @param crowd How many.
 * @param profile Folder for a profile of the first control plane; null for none.
 */
export async function stormOfCrowd(
  home: string,
  work: LabWork,
  crowd: Crowd,
  profile: string | null,
): Promise<StormReport> {
  const owner = await prepare(work);
  return await withHalls(home, work, crowd, async (halls) => {
    await startControlPlanes(work, owner, profile);
    const logs = halls.flatMap((hall) => hall.logs);
    const release = () => Promise.all(halls.map(({ child }) => say(child, "release")));
    return await measured(work, kindsOf(work, halls), logs, release);
  });
}

async function withHalls<T>(
  home: string,
  main: LabWork,
  crowd: Crowd,
  use: (halls: readonly Hall[]) => Promise<T>,
  before: readonly Hall[] = [],
): Promise<T> {
  if (before.length === crowd.processes) return await use(before);
  const size = { controlPlanes: 0, workers: crowd.each };
  return await withLab(home, `hall-${before.length + 1}`, size, async (work) => {
    const hall = await startHall(main, work);
    try {
      return await withHalls(home, main, crowd, use, [...before, hall]);
    } finally {
      await hall.child.stdin.close();
      await hall.child.status;
    }
  });
}

async function startHall(main: LabWork, work: LabWork): Promise<Hall> {
  const { clusterId } = main.record.state;
  await work.record.change((state) => ({ ...state, clusterId }));
  await startTee(work);
  const machines = [...machinesOf(work, "worker")];
  const agents: ManyAgent[] = [];
  while (machines.length > 0) {
    const some = machines.splice(0, AT_ONCE);
    await together(some.map((machine) => startHardware(main, work, machine)));
    agents.push(...some.map((machine) => agentOf(main, work, machine)));
  }
  const child = await startMany(work, agents);
  return { work, child, logs: agents.map(({ log }) => log) };
}

async function startHardware(main: LabWork, work: LabWork, machine: LabMachine): Promise<void> {
  await startMachine(work, machine, await ensureTpmAuthority(main));
  await ensureChip(work, machine, await ensureAmdAuthority(main));
  const peers = controlPlaneUrls(main.record.state).filter((url) => url !== agentUrl(machine));
  const { clusterId } = main.record.state;
  const launch = { v: 1, clusterId, peers, group: "worker", minimumSequence: 1 } as const;
  const path = work.paths.machine(machine.name).launch;
  await work.lab.folders.write(path, writeMessage(LAUNCH_DATA, launch));
}

function agentOf(main: LabWork, work: LabWork, machine: LabMachine): ManyAgent {
  const { roots } = main.paths;
  const command = agentCommand({ ...work, paths: { ...work.paths, roots } }, machine);
  const args = command.slice(work.lab.processes.own().length);
  return { args, log: work.paths.machine(machine.name).log };
}

/** Starts a process, and waits until all of its agents have found nobody to ask. */
async function startMany(work: LabWork, agents: readonly ManyAgent[]): Promise<Deno.ChildProcess> {
  const spec = `${work.paths.folder}/agents.json`;
  await Deno.writeTextFile(spec, JSON.stringify(agents));
  const program = fromFileUrl(new URL("many.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", program, spec],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const first = await child.stdout.getReader().read();
  if (first.done) throw new Error("a process of agents ended before they waited");
  return child;
}

async function say(child: Deno.ChildProcess, text: string): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${text}\n`));
  writer.releaseLock();
}

function kindsOf(work: LabWork, halls: readonly Hall[]): readonly Kind[] {
  const hardware = (beginning: string) => halls.flatMap((hall) => pidsOf(hall.work, beginning));
  const own = controlPlaneKinds(work).map(({ title, pids }) => {
    if (title === "swtpm") return { title, pids: [...pids, ...hardware("tpm/")] };
    return title === "the lab's TEE"
      ? { title, pids: [...pids, ...hardware("tee")] }
      : { title, pids };
  });
  const crowd = { title: "processes of agents", pids: halls.map(({ child }) => child.pid) };
  return [...own, crowd];
}

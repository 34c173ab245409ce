/**
 * Labs whose machines are made and booted, and whose agents are started when it
 * is time: by the same code as `casemate lab up`.
 *
 * @module
 */

import { FRESH } from "../../../src/cli/lab_cluster/begin.ts";
import { prepareLab, untilAnswers } from "../../../src/cli/lab_cluster/bring_up.ts";
import { startAgent } from "../../../src/cli/lab_cluster/agents.ts";
import { initialise } from "../../../src/cli/lab_cluster/initialise.ts";
import { awaitMember } from "../../../src/cli/lab_cluster/membership.ts";
import type { LabOwner } from "../../../src/cli/lab_cluster/owner.ts";
import { labPaths } from "../../../src/cli/lab_cluster/paths.ts";
import type { Progress } from "../../../src/cli/lab_cluster/progress.ts";
import { removeLab } from "../../../src/cli/lab_cluster/remove.ts";
import { type LabMachine, LabRecord, STATE_KIND } from "../../../src/cli/lab_cluster/state.ts";
import { together } from "../../../src/cli/lab_cluster/together.ts";
import type { LabWork } from "../../../src/cli/lab_cluster/work.ts";
import type { Host } from "../../../src/core/ports.ts";
import { denoHost } from "../../../src/hosts/deno.ts";

/** The computer. */
export const HOST: Host = denoHost("bench");

/** How many machines of each kind. */
export interface Size {
  /** Control planes. */
  readonly controlPlanes: number;
  /** Workers. */
  readonly workers: number;
}

/** Nobody is told of steps but of those that fail, by what they throw. */
const SILENT: Progress = {
  step: (_title, work) => work(() => {}),
  event: () => {},
  end: () => {},
};

/**
 * Begins a lab, uses it, and takes it down, whatever came of that.
 *
 * @param home Folder of labs.
 * @param name Its name.
 * @param size How many machines.
 * @param use What is done with it.
 */
export async function withLab<T>(
  home: string,
  name: string,
  size: Size,
  use: (work: LabWork) => Promise<T>,
): Promise<T> {
  using claims = new DisposableStack();
  const work = await beginLab(home, name, size, claims);
  const { lab, paths } = work;
  const remove = () => removeLab({ host: HOST, lab, paths });
  OPEN.add(remove);
  try {
    return await use(work);
  } finally {
    await remove();
    OPEN.delete(remove);
  }
}

/** What takes down the labs that are there. */
const OPEN: Set<() => Promise<void>> = new Set();

/**
 * Takes all labs down and ends this process, where it is asked to end.
 *
 * @param home Folder of labs, which is removed.
 */
export function removeWhenAsked(home: string): void {
  const stop = async (): Promise<void> => {
    await Promise.allSettled([...OPEN].map((remove) => remove()));
    await Deno.remove(home, { recursive: true });
    Deno.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => void stop());
  }
}

async function beginLab(
  home: string,
  name: string,
  size: Size,
  claims: DisposableStack,
): Promise<LabWork> {
  const [lab, node] = [await HOST.lab(), await HOST.node()];
  const [swtpm, etcd] = [await lab.processes.find("swtpm"), await lab.processes.find("etcd")];
  if (swtpm === null || etcd === null) throw new Error("swtpm and etcd are needed");
  const count = size.controlPlanes + size.workers;
  const claim = claims.use(lab.sockets.claimPorts(count + 2, new Set()));
  const [client = 0, peer = 0, ...ports] = claim.ports;
  const machines = ports.map((port, at): LabMachine => {
    const group = at < size.controlPlanes ? "control-plane" : "worker";
    return { name: `vm-${at + 1}`, group, port, bend: "", ...FRESH, power: "on" };
  });
  const paths = labPaths(home, name);
  await lab.folders.make(home);
  await lab.folders.make(paths.folder);
  const record = new LabRecord(lab.folders, paths, {
    ...{ kind: STATE_KIND, name, created: new Date().toISOString(), goal: "up", reached: "begun" },
    ...{ clusterId: "", machineBoot: await lab.processes.machineBoot(), machines, processes: [] },
    etcd: { client, peer },
  });
  await record.change((state) => state);
  return { host: HOST, lab, node, paths, record, progress: SILENT, programs: { swtpm, etcd } };
}

/**
 * Makes and boots the machines of a lab; no agent runs.
 *
 * @param work The lab.
 */
export async function prepare(work: LabWork): Promise<LabOwner> {
  return await prepareLab(work);
}

/**
 * Starts the control planes and makes them members.
 *
 * @param work The lab, prepared.
 * @param owner Its owner.
 * @param profile Folder for a profile of the first control plane; null for none.
 */
export async function startControlPlanes(
  work: LabWork,
  owner: LabOwner,
  profile: string | null,
): Promise<void> {
  const [first, ...others] = machinesOf(work, "control-plane");
  if (first === undefined) throw new RangeError("Cannot begin: no control plane");
  await startAgent(profile === null ? work : profiled(work, profile), first);
  await together(others.map((machine) => startAgent(work, machine)));
  await together([first, ...others].map((machine) => untilAnswers(work, machine)));
  await initialise(work, first, owner, () => {});
  await together(others.map((machine) => awaitMember(work, machine, () => {})));
}

/** An agent whose process writes where its time went. */
function profiled(work: LabWork, folder: string): LabWork {
  const [program = "", ...words] = work.lab.processes.own();
  const at = words.indexOf("run") + 1;
  const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`];
  const own = () => [program, ...words.slice(0, at), ...flags, ...words.slice(at)];
  return { ...work, lab: { ...work.lab, processes: { ...work.lab.processes, own } } };
}

/**
 * Machines of a group.
 *
 * @param work The lab.
 * @param group The group.
 */
export function machinesOf(
  { record }: LabWork,
  group: LabMachine["group"],
): readonly LabMachine[] {
  return record.state.machines.filter((machine) => machine.group === group);
}

/**
 * Number of the process of a role.
 *
 * @param work The lab.
 * @param role What it is, as `node/vm-1`.
 */
export function pidOf({ record }: LabWork, role: string): number {
  const found = record.state.processes.find((one) => one.role === role);
  if (found === undefined) throw new Error(`no process is ${role}`);
  return found.pid;
}

/**
 * Numbers of all processes whose role begins so.
 *
 * @param work The lab.
 * @param beginning Beginning of the role, as `tpm/`.
 */
export function pidsOf({ record }: LabWork, beginning: string): readonly number[] {
  return record.state.processes.filter(({ role }) => role.startsWith(beginning))
    .map(({ pid }) => pid);
}

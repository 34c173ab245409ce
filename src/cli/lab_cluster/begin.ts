/**
 * Beginning a lab, or going on with one that is there.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { Host } from "../../core/ports.ts";
import type { LabHost } from "../../core/lab_ports.ts";
import type { LabCode } from "../../lab/codes.ts";
import type { Given } from "../input/given.ts";
import { jsonBytes } from "./files.ts";
import { labNames } from "./labs.ts";
import { type LabPaths, labPaths, STATE_FILE } from "./paths.ts";
import { type LabMachine, LabRecord, type LabState, readState, STATE_KIND } from "./state.ts";
import { removeLab } from "./remove.ts";
import { readWishes, requireSame, type Wishes } from "./wishes.ts";

/** What a machine is before its first boot. */
export const FRESH = { nodeName: "", boots: 0 } as const;

/** Where a lab is begun. */
export interface Beginning {
  /** The computer. */
  readonly host: Host;
  /** As labs need it. */
  readonly lab: LabHost;
  /** Folder of labs. */
  readonly home: string;
  /** Name of the lab. */
  readonly name: string;
  /** The flags. */
  readonly given: Given;
  /** Keeps the lab's ports from others until its programs listen there. */
  readonly claims: DisposableStack;
}

/**
 * The record of a lab that is there, or of a new one. What was being taken down is taken down first.
 *
 * @param beginning Where.
 * @throws {InputError} `lab.differs`, `lab.damaged`
 */
export async function beginLab(beginning: Beginning): Promise<LabRecord> {
  const { host, lab, home, name, given } = beginning;
  const paths = labPaths(home, name);
  const wishes = readWishes(given);
  const there = await readState(lab.folders, paths);
  if (there === null || there.goal === "down") {
    await removeLab({ host, lab, paths });
    return await newLab(beginning, paths, wishes);
  }
  requireSame(there, given, wishes);
  const record = new LabRecord(lab.folders, paths, there);
  const machineBoot = await lab.processes.machineBoot();
  if (machineBoot === there.machineBoot) return record;
  await record.change((state) => ({ ...state, machineBoot, processes: [] }));
  return record;
}

async function newLab(
  { host, lab, home, name, claims }: Beginning,
  paths: LabPaths,
  { controlPlanes, workers, bends }: Wishes,
): Promise<LabRecord> {
  const count = controlPlanes + workers;
  const claim = claims.use(lab.sockets.claimPorts(count + 2, await portsOf(lab, home)));
  const [client = 0, peer = 0, ...ports] = claim.ports;
  const machines = ports.map((port, at): LabMachine => {
    const machine = `vm-${at + 1}`;
    const group = at < controlPlanes ? "control-plane" : "worker";
    return { name: machine, group, port, bend: bends.get(machine) ?? "", ...FRESH, power: "on" };
  });
  const state: LabState = {
    kind: STATE_KIND,
    name,
    created: host.clock.now().toISOString(),
    goal: "up",
    reached: "begun",
    clusterId: "",
    machineBoot: await lab.processes.machineBoot(),
    etcd: { client, peer },
    machines,
    processes: [],
  };
  await settle(lab, paths, state);
  return new LabRecord(lab.folders, paths, state);
}

/** The folder gets its name when it is a lab: whoever ends before leaves what is known by its own name. */
async function settle({ folders }: LabHost, paths: LabPaths, state: LabState): Promise<void> {
  await folders.make(paths.coming);
  await folders.write(`${paths.coming}/${STATE_FILE}`, jsonBytes(state));
  if (await folders.rename(paths.coming, paths.folder)) return;
  await folders.remove(paths.coming);
  const code: LabCode = "lab.folder";
  const reason = "there is something else of that name";
  const message = `Cannot make a lab at ${paths.folder}: ${reason}`;
  throw new InputError(message, { code, fields: { folder: paths.folder, reason } });
}

/**
 * Ports that labs have, whether their programs run at the moment or not.
 *
 * @param lab The computer.
 * @param home Folder of labs.
 */
export async function portsOf(
  { folders }: Pick<LabHost, "folders">,
  home: string,
): Promise<ReadonlySet<number>> {
  const states: (LabState | null)[] = [];
  for (const name of await labNames(folders, home)) {
    states.push(await readState(folders, labPaths(home, name)));
  }
  return new Set(
    states.flatMap((state) =>
      state === null
        ? []
        : [state.etcd.client, state.etcd.peer, ...state.machines.map(({ port }) => port)]
    ),
  );
}

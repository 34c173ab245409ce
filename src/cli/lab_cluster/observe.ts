/**
 * Looking at the machines of a lab: what runs, and what each agent says of itself.
 *
 * @module
 */

import { lastRefusal } from "./agent_log.ts";
import { agentRole, agentUrl, askStatus } from "./agents.ts";
import { tpmRole } from "./machine.ts";
import { runningMark } from "./programs.ts";
import type { LabMachine, LabState } from "./state.ts";
import { keptVerdict, type LabVerdict, type MachineVerdict } from "./verdict.ts";
import type { LabWork } from "./work.ts";

/** A lab that is looked at. */
export type Observed = Pick<LabWork, "host" | "lab" | "node" | "paths">;

/** A machine as it is now. */
export interface MachineStatus {
  /** Name. */
  readonly machine: string;
  /** Node group that it was launched for. */
  readonly group: string;
  /** What is wrong with it; empty for nothing. */
  readonly bend: string;
  /** Whether it is meant to run. */
  readonly power: "on" | "off";
  /** Address of its agent. */
  readonly url: string;
  /** Process of its agent; null where it does not run. */
  readonly pid: number | null;
  /** Process of its TPM; null where it does not run. */
  readonly tpmPid: number | null;
  /** Phase, as the agent says; empty where it does not answer. */
  readonly phase: string;
  /** Role, as it says. */
  readonly role: string;
  /** Name of the node, as it says, or as it last was where it does not answer. */
  readonly nodeName: string;
  /** What it is doing, or why it does not get on. */
  readonly doing: string;
  /** Code of what its last request was refused with; empty of a member, or where nothing was. */
  readonly refused: string;
  /** What the last verification proved; null where there was none. */
  readonly verdict: MachineVerdict | null;
}

/** A lab as it is now. */
export interface LabStatus {
  /** Its machines. */
  readonly machines: readonly MachineStatus[];
  /** Process of etcd; null where it does not run. */
  readonly etcdPid: number | null;
  /** Process of the TEE; null where it does not run. */
  readonly teePid: number | null;
  /** The last verification; null where there was none. */
  readonly verified: LabVerdict | null;
}

/**
 * Looks at a lab.
 *
 * @param observed The lab.
 * @param state What it is.
 */
export async function observe(observed: Observed, state: LabState): Promise<LabStatus> {
  const verified = await keptVerdict(observed);
  return {
    machines: await Promise.all(
      state.machines.map((machine) => look(observed, state, machine, verified)),
    ),
    etcdPid: await pidOf(observed, state, "etcd"),
    teePid: await pidOf(observed, state, "tee"),
    verified,
  };
}

async function pidOf({ lab }: Observed, state: LabState, role: string): Promise<number | null> {
  return (await runningMark(lab, state, role))?.pid ?? null;
}

async function look(
  observed: Observed,
  state: LabState,
  machine: LabMachine,
  verified: LabVerdict | null,
): Promise<MachineStatus> {
  const { name, group, bend, power } = machine;
  const pid = await pidOf(observed, state, agentRole(name));
  const url = agentUrl(machine);
  const status = pid === null ? null : await askStatus(observed.node.clients, url);
  const { phase = "", role = "", nodeName = machine.nodeName, doing = "" } = status ?? {};
  const refusal = phase === "member"
    ? null
    : await lastRefusal(observed.lab.folders, observed.paths.machine(name).log);
  return {
    machine: name,
    ...{ group, bend, power, url, pid, phase, role, nodeName },
    tpmPid: await pidOf(observed, state, tpmRole(name)),
    doing: doingOf(machine, pid, status === null ? null : doing),
    refused: refusal?.code ?? "",
    verdict: verified?.machines.find((one) => one.machine === name) ?? null,
  };
}

function doingOf({ power }: LabMachine, pid: number | null, doing: string | null): string {
  if (power === "off") return "switched off";
  if (pid === null) return "its agent does not run; casemate lab up starts it again";
  return doing ?? "its agent does not answer";
}

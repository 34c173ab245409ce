/**
 * Agents of a lab: a process for each machine, as a node's initramfs starts it.
 *
 * @module
 */

import { CasemateError } from "../../core/errors.ts";
import type { ChannelClients } from "../../core/node_ports.ts";
import { LAUNCH_DATA, type LaunchData } from "../../protocol/launch.ts";
import { readMessage, writeMessage } from "../../protocol/message.ts";
import { STATUS_PATH } from "../../protocol/paths.ts";
import { STATUS_ANSWER, type StatusAnswer } from "../../protocol/status.ts";
import { LAB_VARIANT } from "./owner.ts";
import { ensureProgram } from "./programs.ts";
import type { LabMachine, LabState } from "./state.ts";
import { type LabWork, programHostOf } from "./work.ts";

/** Longest time until an agent on the same computer says how it is, ms. */
const PATIENCE = 3_000;

/**
 * What the agent of a machine is among the processes.
 *
 * @param machine Name of the machine.
 */
export function agentRole(machine: string): string {
  return `node/${machine}`;
}

/**
 * Where the agent of a machine answers.
 *
 * @param machine The machine.
 */
export function agentUrl({ port }: Pick<LabMachine, "port">): string {
  return `https://127.0.0.1:${port}`;
}

/**
 * Where control planes answer.
 *
 * @param state The lab.
 */
export function controlPlaneUrls({ machines }: LabState): readonly string[] {
  return machines.filter(({ group }) => group === "control-plane").map(agentUrl);
}

/**
 * Starts the agent of a machine, unless it runs.
 *
 * @param work The lab.
 * @param machine The machine.
 * @throws {OperationError} `lab.start_failed`
 */
export async function startAgent(work: LabWork, machine: LabMachine): Promise<void> {
  const { lab: { folders }, paths, record } = work;
  const { launch, log } = paths.machine(machine.name);
  await folders.write(launch, writeMessage(LAUNCH_DATA, launchOf(record.state, machine)));
  await ensureProgram(programHostOf(work), record, {
    role: agentRole(machine.name),
    log,
    command: agentCommand(work, machine),
    port: machine.port,
  });
}

function launchOf(state: LabState, machine: LabMachine): LaunchData {
  const own = agentUrl(machine);
  return {
    v: 1,
    clusterId: state.clusterId,
    peers: controlPlaneUrls(state).filter((url) => url !== own),
    group: machine.group,
    minimumSequence: 1,
  };
}

/**
 * The command line of the agent of a machine.
 *
 * @param work The lab.
 * @param machine The machine.
 */
export function agentCommand({ lab, paths }: LabWork, machine: LabMachine): readonly string[] {
  const { launch, state, tpmSocket, teeSocket, eventLog, bootId } = paths.machine(machine.name);
  // Without a TEE it can only try what Google's other instances show: a TPM that is certified.
  const [tee, variant] = machine.bend === "no-tee"
    ? ["none", "gcp-sev-es"]
    : [`unix:${teeSocket}`, LAB_VARIANT];
  return [
    ...[...lab.processes.own(), "node", "run"],
    ...["--launch-data", launch, "--state", state, "--listen", `127.0.0.1:${machine.port}`],
    ...["--tpm", `unix:${tpmSocket}`, "--tee", tee, "--variant", variant],
    ...["--event-log", eventLog, "--boot-id", bootId, "--lab-root", paths.roots],
    ...["--log", "json"],
  ];
}

/**
 * What an agent says of itself, which proves nothing; null where nobody answers.
 *
 * @param clients Asks agents.
 * @param url Where it answers.
 */
export async function askStatus(
  clients: ChannelClients,
  url: string,
): Promise<StatusAnswer | null> {
  try {
    const answer = await clients.ask({
      url,
      path: STATUS_PATH,
      method: "GET",
      body: new Uint8Array(),
      leaf: null,
      timeout: PATIENCE,
    });
    return answer.status === 200 ? readMessage(STATUS_ANSWER, answer.body) : null;
  } catch (error) {
    // It is not there yet, or no more.
    if (error instanceof CasemateError) return null;
    throw error;
  }
}

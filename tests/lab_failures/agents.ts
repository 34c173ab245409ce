/**
 * Agents as processes of the test: how they ended is seen, and what they told.
 *
 * @module
 */

import { agentRole, askStatus } from "../../src/cli/lab_cluster/agents.ts";
import { LAB_VARIANT } from "../../src/cli/lab_cluster/owner.ts";
import type { LabMachine } from "../../src/cli/lab_cluster/state.ts";
import { LAUNCH_DATA } from "../../src/protocol/launch.ts";
import { writeMessage } from "../../src/protocol/message.ts";
import type { StatusAnswer } from "../../src/protocol/status.ts";
import type { Bench } from "./bench.ts";
import { type Program, SHIPPED } from "./program.ts";

/** Longest time for anything that is waited for, ms. */
export const PATIENCE = 40_000;

/** How an agent is started. */
export interface Start {
  /** Addresses of control planes. */
  readonly peers?: readonly string[];
  /** The program; default is the one that is shipped. */
  readonly program?: Program;
  /** Further words of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its address; default is the loopback. */
  readonly address?: string;
}

/** An agent that was started. */
export interface AgentProcess {
  /** Where it answers. */
  readonly url: string;
  /** Number of the process. */
  readonly pid: number;
  /** Resolves with the signal that ended it; null where it ended by itself. */
  readonly ended: Promise<Deno.Signal | null>;
  /** Whether it ended. */
  isOver(): boolean;
  /**
   * Ends it.
   *
   * @param signal How.
   */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** Gives the process its log, lets it leave cores, and becomes the program. */
const BECOME = 'umask 077; ulimit -c unlimited; log=$1; shift; exec "$@" >>"$log" 2>&1 </dev/null';

/**
 * Starts the agent of a machine.
 *
 * @param bench The lab.
 * @param machine The machine.
 * @param start How.
 */
export async function startAgent(
  { work }: Bench,
  machine: LabMachine,
  { peers = [], program = SHIPPED, env = {}, address = "127.0.0.1" }: Start = {},
): Promise<AgentProcess> {
  const { paths, record } = work;
  const { launch, log, folder } = paths.machine(machine.name);
  const { clusterId } = record.state;
  const data = { v: 1, clusterId, peers, group: machine.group, minimumSequence: 1 } as const;
  await Deno.writeFile(launch, writeMessage(LAUNCH_DATA, data), { mode: 0o600 });
  const child = new Deno.Command("sh", {
    args: ["-c", BECOME, "sh", log, ...program, ...argumentsOf(work, machine, address)],
    env: { ...env, CASEMATE_LAB: `${paths.folder}#${agentRole(machine.name)}.` },
    cwd: folder,
    ...{ stdin: "null", stdout: "null", stderr: "null" },
  }).spawn();
  return processOf(child, `https://${address}:${machine.port}`);
}

function argumentsOf(
  { paths }: Bench["work"],
  machine: LabMachine,
  address: string,
): readonly string[] {
  const { launch, state, tpmSocket, teeSocket, eventLog, bootId } = paths.machine(machine.name);
  return [
    ...["node", "run", "--launch-data", launch, "--state", state],
    ...["--listen", `${address}:${machine.port}`, "--tpm", `unix:${tpmSocket}`],
    ...["--tee", `unix:${teeSocket}`, "--variant", LAB_VARIANT, "--event-log", eventLog],
    ...["--boot-id", bootId, "--lab-root", paths.roots, "--log", "json"],
  ];
}

function processOf(child: Deno.ChildProcess, url: string): AgentProcess {
  let over = false;
  const ended = child.status.then(({ signal }) => {
    over = true;
    return signal;
  });
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    if (!over) child.kill(signal);
    await ended;
  };
  return { url, pid: child.pid, ended, isOver: () => over, end };
}

/**
 * Waits until something is so.
 *
 * @param what What, in words.
 * @param isSo Whether it is so.
 * @param within How long, ms.
 */
export async function untilSo(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  within: number = PATIENCE,
): Promise<void> {
  for (const until = performance.now() + within; !await isSo();) {
    if (performance.now() > until) throw new Error(`not within ${within} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 30));
  }
}

/**
 * What an agent says of itself; null where it does not answer.
 *
 * @param bench The lab.
 * @param agent The agent.
 */
export async function statusOf(
  { work }: Bench,
  { url }: { readonly url: string },
): Promise<StatusAnswer | null> {
  return await askStatus(work.node.clients, url);
}

/**
 * Waits until an agent answers; false where it ended before.
 *
 * @param bench The lab.
 * @param agent The agent.
 */
export async function untilAnswers(bench: Bench, agent: AgentProcess): Promise<boolean> {
  await untilSo(`${agent.url} answers or ended`, async () => {
    return agent.isOver() || await statusOf(bench, agent) !== null;
  });
  return !agent.isOver();
}

/**
 * Waits until an agent is a member.
 *
 * @param bench The lab.
 * @param agent The agent.
 * @returns Its name.
 */
export async function untilMember(bench: Bench, agent: AgentProcess): Promise<string> {
  let status: StatusAnswer | null = null;
  try {
    await untilSo("member", async () => {
      if (agent.isOver()) throw new Error(`the agent at ${agent.url} ended`);
      status = await statusOf(bench, agent);
      return status?.phase === "member";
    });
  } catch (cause) {
    const doing = (status as StatusAnswer | null)?.doing ?? "it does not answer";
    throw new Error(`${agent.url} is no member: ${doing}`, { cause });
  }
  return (status as StatusAnswer | null)?.nodeName ?? "";
}

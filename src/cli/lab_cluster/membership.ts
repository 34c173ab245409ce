/**
 * Waiting until a machine is a member of the cluster, or is refused as it ought to be.
 *
 * @module
 */

import { OperationError } from "../../core/errors.ts";
import type { LabCode } from "../../lab/codes.ts";
import { agentRole, agentUrl, askStatus } from "./agents.ts";
import { runningMark } from "./programs.ts";
import type { Say } from "./progress.ts";
import { lastRefusal } from "./agent_log.ts";
import type { LabMachine } from "./state.ts";
import { type LabWork, programHostOf } from "./work.ts";

/** Longest time until a machine is a member, ms. */
const PATIENCE = 90_000;

/** Longest time from initialisation to membership, ms, which is a moment unless the computer is busy. */
const SETTLED = 60_000;

/** Time between two looks, ms. */
const LOOK = 200;

/**
 * Waits until a machine is a member; of a bent one, until it was refused.
 *
 * @param work The lab.
 * @param machine The machine.
 * @param say Says what it is doing.
 * @throws {OperationError} `lab.not_ready`, `lab.start_failed`
 */
export async function awaitMember(work: LabWork, machine: LabMachine, say: Say): Promise<void> {
  const { host: { timer }, node } = work;
  let doing = "";
  for (const end = node.monotonic() + PATIENCE; node.monotonic() < end;) {
    const status = await askStatus(node.clients, agentUrl(machine));
    if (status?.phase === "member") return await remember(work, machine, status.nodeName, say);
    doing = status?.doing ?? doing;
    const refusal = machine.bend === "" ? null : await refusalOf(work, machine);
    if (refusal !== null) return say(`refused: ${refusal}`);
    say(doing);
    if (await hasEnded(work, machine)) throw notMember(work, machine, "its agent ended");
    await timer.wait(LOOK);
  }
  throw notMember(work, machine, doing === "" ? "its agent does not answer" : doing);
}

/**
 * Waits until the machine that was initialised is a member, which follows at once.
 *
 * @param work The lab.
 * @param machine The machine.
 * @throws {OperationError} `lab.not_ready`
 */
export async function requireMember(work: LabWork, machine: LabMachine): Promise<void> {
  const { host: { timer }, node } = work;
  let doing = "";
  for (const end = node.monotonic() + SETTLED; node.monotonic() < end;) {
    const status = await askStatus(node.clients, agentUrl(machine));
    if (status?.phase === "member") return;
    doing = status?.doing ?? doing;
    await timer.wait(LOOK);
  }
  throw notMember(work, machine, `it was initialised; ${doing}`);
}

async function remember(
  { record }: LabWork,
  { name }: LabMachine,
  nodeName: string,
  say: Say,
): Promise<void> {
  say(nodeName);
  await record.changeMachine(name, { nodeName });
}

async function refusalOf({ lab, paths }: LabWork, { name }: LabMachine): Promise<string | null> {
  const refusal = await lastRefusal(lab.folders, paths.machine(name).log);
  return refusal === null ? null : refusal.code;
}

async function hasEnded(work: LabWork, { name }: LabMachine): Promise<boolean> {
  return await runningMark(programHostOf(work), work.record.state, agentRole(name)) === null;
}

function notMember({ paths }: LabWork, { name, bend }: LabMachine, why: string): OperationError {
  const { log } = paths.machine(name);
  const code: LabCode = "lab.not_ready";
  const what = bend === "" ? "is no member of the cluster" : "was not refused";
  const message = `${name} ${what}: ${why}; ${log} holds what its agent said`;
  return new OperationError(message, { code, fields: { machine: name, log } });
}

/**
 * Bringing a lab up: each step looks what is there already, so that it can be
 * done again from the beginning wherever it ended.
 *
 * @module
 */

import { agentRole, agentUrl, askStatus, startAgent } from "./agents.ts";
import { ensureAmdAuthority, ensureRoots, ensureTpmAuthority } from "./authorities.ts";
import { ensureChip, startTee } from "./chips.ts";
import { prepareEtcd, startEtcd } from "./etcd.ts";
import { initialise } from "./initialise.ts";
import { startMachine } from "./machine.ts";
import { ensureOwner, type LabOwner } from "./owner.ts";
import { untilSo } from "./programs.ts";
import { awaitMember, requireMember } from "./membership.ts";
import type { Say } from "./progress.ts";
import type { LabMachine } from "./state.ts";
import { together } from "./together.ts";
import { keepVerdict, type LabVerdict, verifyLab } from "./verdict.ts";
import { type LabWork, programHostOf } from "./work.ts";

/** Time until an agent answers, ms; many of them start at once. */
const ANSWERS = 60_000;

/**
 * Brings a lab up and verifies all of it.
 *
 * @param work The lab.
 * @returns What was verified.
 * @throws {OperationError} `lab.start_failed`, `lab.not_ready`
 */
export async function bringUp(work: LabWork): Promise<LabVerdict> {
  const { progress, record } = work;
  const owner = await prepareLab(work);
  const machines = record.state.machines.filter(({ power }) => power === "on");
  await progress.step(
    `Agents of ${counted(machines.length)}`,
    (say) => startAgents(work, machines, say),
  );
  const [first, ...others] = machines;
  if (first !== undefined) {
    await progress.step(`Initialisation of ${first.name}`, async (say) => {
      await initialise(work, first, owner, say);
      await requireMember(work, first);
    });
  }
  await together(
    others.map((machine) =>
      progress.step(titleOf(machine), (say) => awaitMember(work, machine, say))
    ),
  );
  const verdict = await progress.step(
    "Verification of the whole cluster",
    (say) => verifyAll(work, say),
  );
  await keepVerdict(work, verdict);
  await record.change((state) => ({ ...state, reached: "up" }));
  return verdict;
}

async function verifyAll(work: LabWork, say: Say): Promise<LabVerdict> {
  const verdict = await verifyLab(work, work.record.state);
  const proven = verdict.machines.filter(({ nodeName }) => nodeName !== "").length;
  say(`${proven} of ${verdict.machines.length}: ${verdict.verdict}`);
  return verdict;
}

function counted(machines: number): string {
  return machines === 1 ? "1 machine" : `${machines} machines`;
}

function titleOf({ name, group, bend }: LabMachine): string {
  return bend === "" ? `${name} joins as ${group}` : `${name} (bent: ${bend})`;
}

/**
 * All that an agent finds when it starts. What takes long goes on beside the rest.
 *
 * @param work The lab.
 * @throws {OperationError} `lab.start_failed`, `lab.not_ready`
 */
export async function prepareLab(work: LabWork): Promise<LabOwner> {
  const { progress, record: { state: { machines } } } = work;
  const amd = progress.step("Lab authority of CPUs (RSA-4096)", () => ensureAmdAuthority(work));
  const tpm = ensureTpmAuthority(work);
  const etcd = progress.step("etcd", () => startEtcd(work));
  const tee = progress.step("Lab TEE", () => startTee(work));
  const tpms = progress.step(`TPMs of ${counted(machines.length)}, made and booted`, async () => {
    const authority = await tpm;
    await together(machines.map((machine) => startMachine(work, machine, authority)));
  });
  await together([amd, tpm, etcd, tee, tpms]);
  const { digests } = await ensureRoots(work, await amd, await tpm);
  const owner = await progress.step(
    "Owner's key, reference values, manifest 1",
    () => ensureOwner(work, digests),
  );
  const { clusterId } = owner;
  const authority = await amd;
  await together([
    progress.step("Access to etcd", () => prepareEtcd(work, clusterId)),
    progress.step(
      "Chips of the machines, launched for the cluster",
      () => together(machines.map((machine) => ensureChip(work, machine, authority))),
    ),
  ]);
  return owner;
}

async function startAgents(
  work: LabWork,
  machines: readonly LabMachine[],
  say: Say,
): Promise<void> {
  let answering = 0;
  await together(machines.map(async (machine) => {
    await startAgent(work, machine);
    await untilAnswers(work, machine);
    say(`${++answering} of ${machines.length} answer`);
  }));
}

/**
 * Waits until the agent of a machine answers.
 *
 * @param work The lab.
 * @param machine The machine.
 */
export async function untilAnswers(work: LabWork, machine: LabMachine): Promise<void> {
  const { node, paths, record } = work;
  const { log } = paths.machine(machine.name);
  const what = { role: agentRole(machine.name), log, within: ANSWERS };
  const url = agentUrl(machine);
  await untilSo(
    programHostOf(work),
    record,
    what,
    async () =>
      await work.lab.sockets.isHeld(machine.port) && await askStatus(node.clients, url) !== null,
  );
}

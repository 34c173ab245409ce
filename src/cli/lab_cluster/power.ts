/**
 * Single machines of a lab: switched on and off, booted again, added.
 *
 * @module
 */

import { agentRole, startAgent } from "./agents.ts";
import { ensureAmdAuthority, ensureTpmAuthority } from "./authorities.ts";
import { FRESH, portsOf } from "./begin.ts";
import { untilAnswers } from "./bring_up.ts";
import { ensureChip } from "./chips.ts";
import { startMachine, switchOff, tpmRole } from "./machine.ts";
import { awaitMember } from "./membership.ts";
import { endPrograms, killPrograms } from "./programs.ts";
import type { LabBend, LabMachine } from "./state.ts";
import { type LabWork, programHostOf } from "./work.ts";

/**
 * Switches a machine off: its agent is asked to end, and its TPM told.
 *
 * @param work The lab.
 * @param machine The machine.
 * @param hard Whether the plug is pulled instead.
 */
export async function stopMachine(
  work: LabWork,
  { name }: LabMachine,
  hard: boolean,
): Promise<void> {
  const host = programHostOf(work);
  await work.record.changeMachine(name, { power: "off" });
  if (hard) return await killPrograms(host, [agentRole(name), tpmRole(name)]);
  await endPrograms(host, [agentRole(name)]);
  await switchOff(work, name);
}

/**
 * Switches a machine on, and waits until it is a member; of a bent one, until it is refused.
 *
 * @param work The lab.
 * @param machine The machine.
 */
export async function powerOn(work: LabWork, machine: LabMachine): Promise<void> {
  const { progress, record } = work;
  await record.changeMachine(machine.name, { power: "on" });
  await progress.step(`${machine.name} boots`, async () => {
    await startMachine(work, machine, await ensureTpmAuthority(work));
    await ensureChip(work, machine, await ensureAmdAuthority(work));
    await startAgent(work, machine);
    await untilAnswers(work, machine);
  });
  await progress.step(
    `${machine.name} joins as ${machine.group}`,
    (say) => awaitMember(work, machine, say),
  );
}

/**
 * Adds a machine to a lab, switched off.
 *
 * @param work The lab.
 * @param group Node group that it is launched for.
 * @param bend What is wrong with it; empty for nothing.
 * @param claims Keeps its port from others until its agent listens there.
 */
export async function addMachine(
  { lab, paths, record }: LabWork,
  group: LabMachine["group"],
  bend: LabBend | "",
  claims: DisposableStack,
): Promise<LabMachine> {
  const home = paths.folder.slice(0, paths.folder.lastIndexOf("/"));
  const numbers = record.state.machines.map(({ name }) => Number(name.slice("vm-".length)));
  const { ports: [port = 0] } = claims.use(lab.sockets.claimPorts(1, await portsOf(lab, home)));
  const name = `vm-${Math.max(0, ...numbers) + 1}`;
  const machine: LabMachine = { name, group, port, bend, ...FRESH, power: "off" };
  await record.change((state) => ({ ...state, machines: [...state.machines, machine] }));
  return machine;
}

/**
 * Ending a process at a point as `kill -9` does, and going on with the program as
 * it is shipped: in the same boot, or after the machine was booted again.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ensureTpmAuthority } from "../../src/cli/lab_cluster/authorities.ts";
import { initialise } from "../../src/cli/lab_cluster/initialise.ts";
import { startMachine, switchOff } from "../../src/cli/lab_cluster/machine.ts";
import type { LabOwner } from "../../src/cli/lab_cluster/owner.ts";
import type { LabMachine } from "../../src/cli/lab_cluster/state.ts";
import { CasemateError } from "../../src/core/errors.ts";
import type { AgentProcess } from "./agents.ts";
import type { Bench } from "./bench.ts";

/** What begins anew: the agent alone, or its machine, of which disk and the TPM's own memory stay. */
export const CUTS = ["process", "machine"] as const;

/** One of them. */
export type Cut = (typeof CUTS)[number];

/** A point, at the how manieth time. */
export type Point = readonly [name: string, time: number];

/**
 * The points of a list, each with its how manieth time.
 *
 * @param names Points as they were come by.
 */
export function timed(names: readonly string[]): readonly Point[] {
  return names.map((
    name,
    at,
  ) => [name, names.slice(0, at + 1).filter((one) => one === name).length]);
}

/**
 * Refuses a process that ended otherwise than at its point.
 *
 * @param agent The process.
 */
export async function assertKilled(agent: AgentProcess): Promise<void> {
  assert.equal(await agent.ended, "SIGKILL", "it was to end at the point, and did otherwise");
}

/**
 * Boots a machine whose agent was ended: its registers are zero, and its boot has another name.
 * The TPM is told, since one that is not has an unsafe clock for an hour, by which it is refused.
 *
 * @param bench The lab.
 * @param machine The machine.
 */
export async function bootAgain({ work }: Bench, machine: LabMachine): Promise<void> {
  await switchOff(work, machine.name);
  await startMachine(work, machine, await ensureTpmAuthority(work));
}

/**
 * The owner initialises; what it sees of an agent that ends has a code.
 *
 * @param bench The lab.
 * @param machine The machine.
 * @param owner The owner.
 * @returns Whether it was done.
 */
export async function tryToInitialise(
  { work }: Bench,
  machine: LabMachine,
  owner: LabOwner,
): Promise<boolean> {
  try {
    await initialise(work, machine, owner, () => {});
    return true;
  } catch (error) {
    if (error instanceof CasemateError) return false;
    throw error;
  }
}

/**
 * `casemate lab down`: ends all processes of a lab and removes all its files.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { LabHost } from "../../core/lab_ports.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { flagError, type Given } from "../input/given.ts";
import { labNames } from "../lab_cluster/labs.ts";
import { busy, homeOf, nameOf, noLab } from "../lab_cluster/locate.ts";
import { labPaths } from "../lab_cluster/paths.ts";
import { type Leaving, markLeaving, removeLab } from "../lab_cluster/remove.ts";
import { type LabState, readState } from "../lab_cluster/state.ts";
import { printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Takes a lab down, or all of them.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} `lab.unknown`, `input.conflict`
 * @throws {OperationError} `lab.busy`, `lab.remains`
 */
export async function labDown({ host }: Context, given: Given): Promise<void> {
  const lab = await host.lab();
  const home = await homeOf(lab.folders, given);
  const names = await namesFor(lab, home, given);
  for (const name of names) {
    const paths = labPaths(home, name);
    const done = await lab.folders.alone(paths.lock, async () => {
      const leaving = { host, lab, paths };
      const state = await stateIfWhole(lab, home, name);
      if (state !== null) await mark(leaving, state);
      await removeLab(leaving);
      return true;
    });
    if (done === null) throw busy(name);
  }
  await lab.folders.removeEmpty(home);
  if (!given.has("dir")) await lab.folders.removeEmpty(home.slice(0, home.lastIndexOf("/")));
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return host.terminal.out(`${printableJson({ v: 1, down: names })}\n`);
  }
  const text = names.length === 0
    ? "There is no lab; nothing was done.\n"
    : names.map((name) => `Lab ${name} is down; nothing of it is left.\n`).join("");
  host.terminal.out(text);
}

async function namesFor(lab: LabHost, home: string, given: Given): Promise<readonly string[]> {
  const there = await labNames(lab.folders, home);
  if (given.has("all")) {
    if (!given.has("name")) return there;
    const message = "Cannot use --all with --name: it means every lab";
    throw flagError("input.conflict", message, "--all");
  }
  const name = nameOf(given);
  if (!there.includes(name)) throw noLab(name, there);
  return [name];
}

/** Where the disk is full nothing can be written down, and all the more must go. */
async function mark(leaving: Leaving, state: LabState): Promise<void> {
  try {
    await markLeaving(leaving, state);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}

/** What is damaged is removed all the same. */
async function stateIfWhole(lab: LabHost, home: string, name: string): Promise<LabState | null> {
  try {
    return await readState(lab.folders, labPaths(home, name));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

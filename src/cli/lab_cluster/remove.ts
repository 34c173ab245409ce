/**
 * Taking a lab down: its processes, then its files.
 *
 * @module
 */

import type { LabHost } from "../../core/lab_ports.ts";
import type { Host } from "../../core/ports.ts";
import { isLab } from "./labs.ts";
import type { LabPaths } from "./paths.ts";
import { endPrograms } from "./programs.ts";
import { LabRecord, type LabState } from "./state.ts";
import { programHostOf } from "./work.ts";

/** A lab that goes. */
export interface Leaving {
  /** The computer. */
  readonly host: Pick<Host, "timer">;
  /** As labs need it. */
  readonly lab: LabHost;
  /** Where the lab is. */
  readonly paths: LabPaths;
}

/**
 * Ends all processes of a lab, and removes its files. They are found by the
 * lab's folder in their environment, so nothing that was written down is needed.
 *
 * @param leaving The lab.
 * @throws {OperationError} `lab.remains`
 */
export async function removeLab({ host, lab, paths }: Leaving): Promise<void> {
  const { folders } = lab;
  await endPrograms(programHostOf({ host, lab, paths }));
  // Nobody's folder is taken for a lab because of its name.
  if (await isLab(folders, paths.folder)) {
    await folders.remove(paths.going);
    await folders.rename(paths.folder, paths.going);
  }
  await folders.remove(paths.going);
  await folders.remove(paths.coming);
}

/**
 * Writes down that a lab is taken down, so that nobody goes on with what is left of it.
 *
 * @param leaving The lab.
 * @param state What it is.
 */
export async function markLeaving({ lab, paths }: Leaving, state: LabState): Promise<void> {
  const record = new LabRecord(lab.folders, paths, state);
  await record.change((before) => ({ ...before, goal: "down" }));
}

/**
 * Which folders are labs.
 *
 * @module
 */

import type { LabFolders } from "../../core/lab_ports.ts";
import { STATE_FILE } from "./paths.ts";
import { STATE_KIND } from "./state.ts";

/** Names of labs. */
export const LAB_NAME = /^[a-z0-9][a-z0-9-]{0,19}$/;

/** Folders of labs that a command did not finish to make or to remove. */
const UNFINISHED = /^\.([a-z0-9][a-z0-9-]{0,19})\.(?:coming|going)$/;

/**
 * Whether a folder is a lab, by what is written down in it, damaged or not.
 *
 * @param folders The computer's folders.
 * @param folder Path.
 */
export async function isLab(folders: LabFolders, folder: string): Promise<boolean> {
  const state = await folders.read(`${folder}/${STATE_FILE}`);
  return state !== null && new TextDecoder().decode(state).includes(STATE_KIND);
}

/**
 * Names of the labs in a folder, whatever is left of them.
 *
 * @param folders The computer's folders.
 * @param home Folder of labs.
 */
export async function labNames(folders: LabFolders, home: string): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const entry of await folders.list(home)) {
    const unfinished = UNFINISHED.exec(entry)?.[1];
    if (unfinished !== undefined) names.add(unfinished);
    if (LAB_NAME.test(entry) && await isLab(folders, `${home}/${entry}`)) names.add(entry);
  }
  return [...names].sort();
}

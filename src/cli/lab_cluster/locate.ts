/**
 * Which lab a command is about.
 *
 * @module
 */

import { InputError, OperationError } from "../../core/errors.ts";
import type { LabFolders } from "../../core/lab_ports.ts";
import type { LabCode } from "../../lab/codes.ts";
import type { Given } from "../input/given.ts";
import { quoted } from "../../report/command_line.ts";
import { LAB_NAME, labNames } from "./labs.ts";
import { type LabPaths, labPaths } from "./paths.ts";
import { type LabState, readState } from "./state.ts";

/** Name of a lab where none is given. */
export const DEFAULT_NAME = "lab";

/**
 * Folder of labs.
 *
 * @param folders The computer's folders.
 * @param given The flags.
 */
export async function homeOf(folders: LabFolders, given: Given): Promise<string> {
  return await folders.absolute(given.text("dir") ?? folders.home());
}

/**
 * The name that is given.
 *
 * @param given The flags.
 * @throws {InputError} `lab.name`
 */
export function nameOf(given: Given): string {
  const name = given.text("name") ?? DEFAULT_NAME;
  if (LAB_NAME.test(name)) return name;
  const code: LabCode = "lab.name";
  const expected = "at most 20 characters of a-z, 0-9 and hyphen";
  const message = `Cannot use --name ${JSON.stringify(name)}: expected ${expected}`;
  throw new InputError(message, { code, fields: { flag: "--name", expected } });
}

/**
 * What finds the same lab by another command, as it is typed behind it; empty where nothing is needed.
 *
 * @param given The flags.
 */
export function whichLab(given: Given): string {
  return ["name", "dir"].map((flag) => {
    const value = given.text(flag);
    return value === undefined ? "" : ` --${flag} ${quoted(value)}`;
  }).join("");
}

/** A lab that there is. */
export interface FoundLab {
  /** Where it is. */
  readonly paths: LabPaths;
  /** What it is. */
  readonly state: LabState;
}

/**
 * Finds the lab that is meant.
 *
 * @param folders The computer's folders.
 * @param given The flags.
 * @throws {InputError} `lab.unknown`, `lab.name`, `lab.damaged`
 */
export async function findLab(folders: LabFolders, given: Given): Promise<FoundLab> {
  const home = await homeOf(folders, given);
  const name = nameOf(given);
  const paths = labPaths(home, name);
  const state = await readState(folders, paths);
  if (state === null) throw noLab(name, await labNames(folders, home));
  return { paths, state };
}

/**
 * The error for a lab that is not there.
 *
 * @param name Its name.
 * @param others Names of those that are.
 */
export function noLab(name: string, others: readonly string[]): InputError {
  const code: LabCode = "lab.unknown";
  const there = others.length === 0 ? "there is none" : `there is ${others.join(", ")}`;
  const message = `Cannot find a lab of the name ${name}: ${there}`;
  return new InputError(message, { code, fields: { name } });
}

/**
 * The error for a lab that another command works on.
 *
 * @param name Its name.
 */
export function busy(name: string): OperationError {
  const code: LabCode = "lab.busy";
  const message = `Cannot work on lab ${name}: another command does at the moment`;
  return new OperationError(message, { code, fields: { name } });
}

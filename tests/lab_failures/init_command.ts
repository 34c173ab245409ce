/**
 * The owner initialises by command, with the files of the lab.
 *
 * @module
 */

import type { Bench } from "./bench.ts";
import type { Program } from "./program.ts";

/**
 * Runs the owner's command.
 *
 * @param bench The lab.
 * @param url Where the first machine answers.
 * @param program The program.
 * @param env Further words of its environment.
 * @returns The signal that ended it, or its exit code.
 */
export async function initByCommand(
  { work }: Bench,
  url: string,
  program: Program,
  env: Readonly<Record<string, string>> = {},
): Promise<Deno.Signal | number> {
  const { paths } = work;
  const [first, ...before] = program;
  const args = ["cluster", "init", "--url", url, "--manifest", paths.manifest];
  const files = ["--reference", paths.reference, "--owner", paths.ownerKey];
  const secret = ["--master", paths.masterSecret, "--store", paths.store];
  const kept = ["--state", paths.ownerState, "--lab-root", paths.roots];
  const { code, signal } = await new Deno.Command(first, {
    args: [...before, ...args, ...files, ...secret, ...kept],
    ...{ env, stdin: "null", stdout: "null", stderr: "null" },
  }).output();
  return signal ?? code;
}

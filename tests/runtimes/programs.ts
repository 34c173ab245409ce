/**
 * Other runtimes on this machine, and folders to run them in.
 *
 * @module
 */

import { output } from "../../scripts/process.ts";

/**
 * Whether a program is here.
 *
 * @param program Its name, or its path.
 */
export async function isHere(program: string): Promise<boolean> {
  try {
    await output(program, ["--version"]);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Gives a new folder to somebody, and removes it.
 *
 * @param run Who uses it.
 */
export async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-runtimes-" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

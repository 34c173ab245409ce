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

/**
 * Name of a test that needs programs, which says for lack of which it is ignored.
 *
 * @param name What it is about.
 * @param missing Programs, and whether they are missing.
 */
export function unlessMissing(
  name: string,
  missing: Readonly<Record<string, boolean>>,
): { readonly name: string; readonly ignore: boolean } {
  const lacking = Object.entries(missing).filter(([, is]) => is).map(([program]) => program);
  if (lacking.length === 0) return { name, ignore: false };
  return { name: `${name} (ignored: no ${lacking.join(", no ")} here)`, ignore: true };
}

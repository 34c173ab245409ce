/**
 * A clean folder in which the package is installed from its tarball, as whoever
 * has nothing of the project's sources has it.
 *
 * @module
 */

import { pack } from "../../scripts/pack.ts";
import { output } from "../../scripts/process.ts";

/**
 * Makes one; it ends with the process.
 *
 * @param prefix Beginning of its name.
 * @returns Its path.
 */
export async function cleanHome(prefix: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const tarball = await pack(folder);
  const path = `${folder}/home`;
  await Deno.mkdir(path);
  await Deno.writeTextFile(`${path}/package.json`, '{"private": true, "type": "module"}');
  const quiet = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  await output("npm", ["install", ...quiet, tarball], { cwd: path });
  return path;
}

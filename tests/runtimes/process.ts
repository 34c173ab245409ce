/**
 * The suite in a program that runs scripts: Node or Deno.
 *
 * @module
 */

import { output } from "../../scripts/process.ts";
import type { Answered } from "./answer.ts";
import { ASKED_FILE, MINTING_FILE } from "./home.ts";

/**
 * Runs it.
 *
 * @param program `node`, or the path of Deno.
 * @param home Folder with the package; Deno may read and nothing else.
 */
export async function answerInProcess(program: string, home: string): Promise<Answered> {
  const flags = program === "node" ? [] : ["run", "--quiet", "--allow-read", "--no-lock"];
  const line = [...flags, "runner.mjs", ASKED_FILE, MINTING_FILE];
  return JSON.parse(await output(program, line, { cwd: home }));
}

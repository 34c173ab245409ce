/**
 * The program that is attacked: the binary that `CASEMATE_BINARY` names, else
 * what `deno task compile` would make one of.
 *
 * @module
 */

import { fromFileUrl, outcome } from "../../../scripts/process.ts";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));

const BINARY = Deno.env.get("CASEMATE_BINARY") ?? "";

/** What is attacked, in words. */
export const ATTACKED: string = BINARY === ""
  ? "the program from its source; CASEMATE_BINARY names a compiled one"
  : `the compiled program ${BINARY}`;

const COMMAND: readonly [string, ...string[]] = BINARY === ""
  ? [Deno.execPath(), "run", "-A", "--quiet", `${ROOT}main.ts`]
  : [BINARY];

/**
 * Runs the program.
 *
 * @param args Its arguments.
 * @throws {Error} with what it said, where it ends with another code than 0.
 */
export async function casemate(...args: readonly string[]): Promise<void> {
  const [program, ...before] = COMMAND;
  const { code, stdout, stderr } = await outcome(program, [...before, ...args], { cwd: ROOT });
  if (code !== 0) throw new Error(`casemate ${args.join(" ")}: ${code}\n${stdout}${stderr}`);
}

/**
 * The program whose processes are ended: the binary that `CASEMATE_BINARY` names,
 * else what `deno task compile` would make one of; and copies of it that end
 * themselves where they are told to.
 *
 * @module
 */

import { fromFileUrl } from "../../scripts/process.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

const BINARY = Deno.env.get("CASEMATE_BINARY") ?? "";

/** What is tried, in words. */
export const TRIED: string = BINARY === ""
  ? "the program from its source; CASEMATE_BINARY names a compiled one"
  : `the compiled program ${BINARY}`;

/** A program and its first arguments. */
export type Program = readonly [string, ...string[]];

/** The program as it is shipped. */
export const SHIPPED: Program = BINARY === "" ? sourceIn(ROOT.slice(0, -1)) : [BINARY];

/**
 * A program that is run from its source.
 *
 * @param folder Folder of the source.
 */
export function sourceIn(folder: string): Program {
  const flags = ["--quiet", "--no-prompt", "--no-check", "-A", `--config=${folder}/deno.json`];
  return [Deno.execPath(), "run", ...flags, `${folder}/main.ts`];
}

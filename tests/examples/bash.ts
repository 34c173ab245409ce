/**
 * Examples in a real shell, where each command is a process of its own and the
 * lab makes its own keys.
 *
 * @module
 */

import { fromFileUrl } from "../../scripts/process.ts";
import type { Session } from "./run_page.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));

/** Variables of the shell, from one block of a page to the next. */
const KEPT = ".variables";

/** Before the lines of a page: the program's name, both outputs as a terminal shows them, and an end where one fails. */
const BEFORE = `exec 2>&1
set -euo pipefail
casemate() { "$DENO" run -A --quiet "$MAIN" "$@"; }
if [ -e ${KEPT} ]; then . ./${KEPT}; fi
`;

/** After them. */
const AFTER = `\nset | grep -E '^(nonce|digest)=' > ${KEPT}`;

/**
 * A session of bash.
 *
 * @param folder Where it runs, absolute.
 */
export function bashIn(folder: string): Session {
  return { now: () => new Date(), run: (script) => runIn(folder, script) };
}

async function runIn(folder: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", `${BEFORE}${script}${AFTER}`],
    cwd: folder,
    // The name that the pages use is the program's here, as where it is installed.
    env: { NO_COLOR: "", CASEMATE_BUILD: "dev", DENO: Deno.execPath(), MAIN },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const shown = new TextDecoder().decode(stdout);
  if (code === 0) return shown;
  throw new Error(`${script}\nended with ${code}:\n${shown}${new TextDecoder().decode(stderr)}`);
}

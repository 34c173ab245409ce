/**
 * The command line: arguments to `src/cli`, with the host that is Deno.
 *
 * @module
 */

import { run } from "./src/cli/mod.ts";
import { withholdCores } from "./src/hosts/cores.ts";
import { denoHost } from "./src/hosts/deno.ts";
import type { Page } from "./src/core/ports.ts";
import config from "./deno.json" with { type: "json" };

/**
 * Runs the command line with the arguments of the program.
 *
 * Core dumps are withheld of every command: some read private keys, and a private key may be given to any by mistake.
 *
 * @param page The web page, compiled in; absent looks for the one that was built.
 */
export async function main(page?: Page): Promise<void> {
  withholdCores();
  const host = denoHost(config.version, page);
  Deno.exitCode = await run(Deno.args, host, { debug: Deno.env.get("CASEMATE_DEBUG") === "1" });
}

if (import.meta.main) await main();

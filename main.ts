/**
 * The command line: arguments to `src/cli`, with the host that is Deno.
 *
 * @module
 */

import { run } from "./src/cli/mod.ts";
import { denoHost } from "./src/hosts/deno.ts";
import config from "./deno.json" with { type: "json" };

if (import.meta.main) {
  const host = denoHost(config.version);
  Deno.exitCode = await run(Deno.args, host, { debug: Deno.env.get("CASEMATE_DEBUG") === "1" });
}

/**
 * `casemate evidence verify` with all that technologies put into it.
 *
 * @module
 */

import type { Command } from "@commander-js/extra-typings";
import { technologies } from "../evidence/registry.ts";
import type { Context } from "./context.ts";
import { takeEnvelope } from "./envelope_program.ts";
import { verifyCommand } from "./verify_program.ts";

/**
 * Gives the command an envelope to take, and a command for each technology.
 *
 * @param verify The command, still empty.
 * @param context The machine.
 */
export function fillVerify(verify: Command, context: Context): void {
  verify
    .description(
      "verify evidence and show the verdict: an envelope, which holds all of it, or with one of the commands its files one by one",
    )
    .commandsGroup("Commands, for evidence in files of its own:");
  for (const technology of technologies) verify.addCommand(verifyCommand(technology, context));
  takeEnvelope(verify, context);
}

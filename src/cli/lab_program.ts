/**
 * `casemate lab` as a command: the project's own issuer of test evidence.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import type { Context, RunCommand } from "./context.ts";
import { mintSnpCommand } from "./lab_program_snp.ts";
import { mintTdxCommand } from "./lab_program_tdx.ts";
import { mintTpmCommand } from "./lab_program_tpm.ts";

/**
 * The command and those below it.
 *
 * @param context The machine.
 * @param runCommand Runs the commands that the demo shows.
 */
export function labCommand(context: Context, runCommand: RunCommand): Command {
  const demo = new Command("demo")
    .description("mint evidence, verify it, bend one byte, see it refused; leaves nothing behind")
    .action(async () => {
      const { demonstrate } = await import("./commands/lab_demo.ts");
      await demonstrate(context, runCommand);
    });
  const mint = new Command("mint").description("write lab evidence to files")
    .addCommand(mintSnpCommand(context))
    .addCommand(mintTdxCommand(context))
    .addCommand(mintTpmCommand(context));
  return new Command("lab")
    .description("make evidence to try things with; it proves nothing about real hardware")
    .addCommand(demo)
    .addCommand(mint);
}

/**
 * `casemate lab` as a command: clusters on this computer, and the project's own issuer of
 * test evidence.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import type { Context, RunCommand } from "./context.ts";
import { addExamples } from "./help.ts";
import { valueFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { labClusterCommands, teeCommand } from "./lab_program_cluster.ts";
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
  const envelope = new Command("envelope").description(
    "write lab evidence of a variant as a node sends it, with policy, reference values and lab roots",
  );
  addExamples(envelope, context, [
    "evidence of an Azure VM",
    `casemate lab envelope azure-sev-snp --out node --nonce ${"5f".repeat(32)}`,
  ]);
  envelope.argument("<VARIANT>", "the variant, as azure-sev-snp")
    .addOption(
      valueFlag({
        flag: "out",
        value: "DIR",
        says: "folder to write to (required); nothing is overwritten",
      }),
    )
    .addOption(
      valueFlag({
        flag: "nonce",
        value: "HEX",
        says: "nonce that the evidence answers, 32 bytes (required)",
      }),
    )
    .action(async (variant) => {
      const { mintEnvelope } = await import("./commands/lab_envelope.ts");
      await mintEnvelope(context, variant, givenTo(envelope));
    });
  const lab = new Command("lab")
    .description(
      "clusters and evidence to try things with; they prove nothing about real hardware",
    );
  for (const command of labClusterCommands(context)) lab.addCommand(command);
  return lab
    .addCommand(demo)
    .addCommand(mint)
    .addCommand(envelope)
    .addCommand(teeCommand(context), { hidden: true });
}

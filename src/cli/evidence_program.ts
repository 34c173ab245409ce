/**
 * `casemate evidence` as a command.
 *
 * @module
 */

import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Context, Format } from "./context.ts";
import { readFormat } from "./format.ts";
import { addExamples } from "./help.ts";
import { outputFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { OUTPUT_FLAG } from "./verify_flags.ts";

/**
 * The command and those below it.
 *
 * @param context The machine.
 * @param verify The command `verify`.
 */
export function evidenceCommand(context: Context, verify: Command): Command {
  return new Command("evidence").description("look at attestation evidence and verify it")
    .addCommand(showCommand(context)).addCommand(verify).addCommand(explainCommand(context));
}

function showCommand(context: Context): Command {
  const show = new Command("show").description(
    "say what a file is and what it holds; nothing is verified",
  );
  addExamples(show, context, [
    "a report that another program wrote",
    "cat report.bin | casemate evidence show -",
  ]);
  show.argument("<FILE>", "the file; - is standard input").addOption(outputFlag()).action(
    async (file) => {
      const { showEvidence } = await import("./commands/evidence_show.ts");
      await showEvidence(context, file, formatGivenTo(show));
    },
  );
  return show;
}

function explainCommand(context: Context): Command {
  const explain = new Command("explain").description(
    "say what evidence of a variant proves, on whose word, and what it does not; or list the variants",
  );
  addExamples(
    explain,
    context,
    ["which variants are there?", "casemate evidence explain"],
    [
      "what does a verdict on Azure's SEV-SNP prove, and what must the policy say?",
      "casemate evidence explain azure-sev-snp",
    ],
  );
  explain.argument("[VARIANT]", "the variant, as azure-sev-snp; without one they are listed")
    .addOption(outputFlag()).action(
      async (variant) => {
        const { explainVariants } = await import("./commands/evidence_explain.ts");
        explainVariants(context, variant, formatGivenTo(explain));
      },
    );
  return explain;
}

function formatGivenTo(command: CommandUnknownOpts): Format {
  return readFormat(givenTo(command).text(OUTPUT_FLAG));
}

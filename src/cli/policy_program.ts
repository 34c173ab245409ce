/**
 * `casemate policy` as a command: policies explained, looked over and compared.
 *
 * @module
 */

import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Context, Format } from "./context.ts";
import { readFormat } from "./format.ts";
import { addExamples } from "./help.ts";
import { outputFlag, valueFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { OUTPUT_FLAG } from "./verify_flags.ts";

const FILE = "the policy, YAML or JSON; - is standard input";
const TODAY = "moment for which to read it, as 2026-11-21T08:00:00Z; default now";

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function policyCommand(context: Context): Command {
  return new Command("policy")
    .description("say what a policy demands, what it lets through, and what a change of it does")
    .addCommand(newCommand(context))
    .addCommand(explainCommand(context))
    .addCommand(lintCommand(context))
    .addCommand(diffCommand(context))
    .addCommand(digestCommand(context));
}

function newCommand(context: Context): Command {
  const command = new Command("new").description(
    "print the smallest policy with which evidence of a variant can be trusted",
  );
  addExamples(command, context, [
    "a policy for Azure's SEV-SNP, to fill in",
    "casemate policy new azure-sev-snp > policy.yaml",
  ]);
  command.argument("<VARIANT>", "the variant, as azure-sev-snp").addOption(outputFlag()).action(
    async (variant) => {
      const { newPolicy } = await import("./commands/policy_new.ts");
      newPolicy(context, variant, formatGivenTo(command));
    },
  );
  return command;
}

function explainCommand(context: Context): Command {
  const command = new Command("explain").description(
    "say what counts, why, what it costs and when it ends; without a file the strict defaults",
  );
  addExamples(
    command,
    context,
    ["what does this policy let through?", "casemate policy explain policy.yaml"],
    ["all that is demanded of TDX by default", "casemate policy explain --variant tdx"],
    [
      "what will count next year?",
      "casemate policy explain policy.yaml --at 2027-02-01",
    ],
  );
  command.argument("[FILE]", FILE)
    .addOption(
      valueFlag({ flag: "variant", value: "VARIANT", says: "show every setting for this variant" }),
    )
    .addOption(atFlag()).addOption(outputFlag()).action(async (file) => {
      const { tellPolicy } = await import("./commands/policy_explain.ts");
      await tellPolicy(context, file, givenTo(command));
    });
  return command;
}

function lintCommand(context: Context): Command {
  const command = new Command("lint").description(
    "look a policy over: errors end with 2; warnings do with --strict",
  );
  addExamples(
    command,
    context,
    ["before it is used", "casemate policy lint policy.yaml"],
    ["in a pipeline", "casemate policy lint policy.yaml --strict -o json"],
  );
  command.argument("<FILE>", FILE)
    .addOption(new Option("--strict", "end with 2 where there are warnings"))
    .addOption(atFlag()).addOption(outputFlag()).action(async (file) => {
      const { lintPolicyFile } = await import("./commands/policy_lint.ts");
      await lintPolicyFile(context, file, givenTo(command));
    });
  return command;
}

function diffCommand(context: Context): Command {
  const command = new Command("diff").description(
    "say which settings of the second policy are weaker, stronger or other than those of the first; one file is held against the strict defaults",
  );
  addExamples(
    command,
    context,
    ["what does this policy change?", "casemate policy diff policy.yaml"],
    ["what would a change do?", "casemate policy diff policy.yaml proposed.yaml"],
  );
  command.argument("<FILE>", FILE).argument("[FILE]", "the policy after the change")
    .addOption(atFlag()).addOption(outputFlag()).action(async (first, second) => {
      const { comparePolicies } = await import("./commands/policy_diff.ts");
      const paths = second === undefined ? [first] : [first, second];
      await comparePolicies(context, paths, givenTo(command));
    });
  return command;
}

function digestCommand(context: Context): Command {
  const command = new Command("digest").description(
    "print the digest by which results and tokens name a policy",
  );
  addExamples(command, context, [
    "the same for YAML and JSON of one content",
    "casemate policy digest policy.yaml",
  ]);
  command.argument("[FILE]", `${FILE}; without one the strict defaults`).addOption(outputFlag())
    .action(async (file) => {
      const { digestPolicy } = await import("./commands/policy_digest.ts");
      await digestPolicy(context, file, formatGivenTo(command));
    });
  return command;
}

function atFlag(): Option {
  return valueFlag({ flag: "at", value: "TIME", says: TODAY });
}

function formatGivenTo(command: CommandUnknownOpts): Format {
  return readFormat(givenTo(command).text(OUTPUT_FLAG));
}

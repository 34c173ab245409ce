/**
 * `casemate reference` as a command: what should run, written down, checked and
 * signed.
 *
 * @module
 */

import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { outputFlag, valueFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { KEY_SAYS, KEY_VALUE } from "./keys/signers.ts";
import { OWNER_KEY_FLAG } from "./verify_flags.ts";

/** What a file of reference values may be. */
const FILE_SAYS = "reference values, YAML or JSON, or signed ones; - is standard input";

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function referenceCommand(context: Context): Command {
  return new Command("reference")
    .description("reference values: what should run, of which release, and how that is known")
    .addCommand(newCommand(context))
    .addCommand(checkCommand(context))
    .addCommand(explainCommand(context))
    .addCommand(signCommand(context));
}

function newCommand(context: Context): Command {
  const command = new Command("new").description(
    "print a file to fill in: the values that a verdict of trusted needs, and the others as comments",
  );
  addExamples(command, context, [
    "for Confidential VMs of Azure",
    "casemate reference new azure-sev-snp > reference.yaml",
  ]);
  command.argument("<VARIANT>", "the variant, as azure-sev-snp").addOption(outputFlag())
    .action(async (variant) => {
      const { printTemplate } = await import("./commands/reference_new.ts");
      printTemplate(context, variant, givenTo(command));
    });
  return command;
}

function checkCommand(context: Context): Command {
  const command = new Command("check").description(
    "read reference values as a verification does, and tell what is doubtful",
  );
  addExamples(
    command,
    context,
    ["before it is signed", "casemate reference check reference.yaml"],
    [
      "in a pipeline: whatever is doubtful fails",
      "casemate reference check reference.json --owner-key owner.pub --strict",
    ],
  );
  command.argument("<FILE>", FILE_SAYS).addOption(ownerKeyFlag())
    .addOption(new Option("--strict", "end with exit code 2 where anything is doubtful"))
    .addOption(outputFlag())
    .action(async (file) => {
      const { checkReference } = await import("./commands/reference_check.ts");
      await checkReference(context, file, givenTo(command));
    });
  return command;
}

function explainCommand(context: Context): Command {
  const command = new Command("explain").description(
    "say what reference values accept, and how each value is known",
  );
  addExamples(command, context, [
    "what did the owner sign?",
    "casemate reference explain reference.json --owner-key owner.pub",
  ]);
  command.argument("<FILE>", FILE_SAYS).addOption(ownerKeyFlag()).addOption(outputFlag())
    .action(async (file) => {
      const { explainReference } = await import("./commands/reference_explain.ts");
      await explainReference(context, file, givenTo(command));
    });
  return command;
}

function signCommand(context: Context): Command {
  const command = new Command("sign").description(
    "sign reference values, so that whoever verifies needs the owner's public key alone",
  );
  addExamples(
    command,
    context,
    [
      "with the key of casemate owner new",
      "casemate reference sign reference.yaml --key owner.key --out reference.json",
    ],
    [
      "and whoever verifies",
      "casemate evidence verify node.json --nonce HEX --policy policy.yaml --reference reference.json --owner-key owner.pub",
    ],
  );
  addSignFlags(command);
  command.action(async (file) => {
    const { signReferenceFile } = await import("./commands/reference_sign.ts");
    await signReferenceFile(context, `${file}`, givenTo(command));
  });
  return command;
}

function addSignFlags(command: CommandUnknownOpts): void {
  command.argument("<FILE>", "reference values, YAML or JSON; - is standard input")
    .addOption(
      valueFlag({
        flag: "key",
        value: KEY_VALUE,
        says: `private key that signs (required): ${KEY_SAYS}`,
        multiple: true,
      }),
    )
    .addOption(
      valueFlag({
        flag: "out",
        value: "FILE",
        says: "file to write (required); nothing is overwritten",
      }),
    )
    .addOption(outputFlag());
}

function ownerKeyFlag(): Option {
  return valueFlag({
    flag: OWNER_KEY_FLAG,
    value: "FILE",
    says: "public key that must have signed them",
  });
}

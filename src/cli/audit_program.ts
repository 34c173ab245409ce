/**
 * `casemate audit` as a command: bundles that hold all of a verification.
 *
 * @module
 */

import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { OUT_FLAG, POLICY_DIGEST_FLAG } from "./audit/flags.ts";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { outputFlag, valueFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { AT_FLAG, LAB_ROOT_FLAG, NONCE_FLAG, OWNER_KEY_FLAG } from "./verify_flags.ts";

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function auditCommand(context: Context): Command {
  return new Command("audit")
    .description(
      "verify again, offline, what somebody verified: from an audit bundle, which evidence verify --audit writes",
    )
    .addCommand(verifyCommand(context))
    .addCommand(reportCommand(context))
    .addCommand(showCommand(context));
}

const BUNDLE = "the audit bundle; - is standard input";

function verifyCommand(context: Context): Command {
  const command = new Command("verify").summary("come to the bundle's result again")
    .description(
      "verify the evidence of an audit bundle again, at its own time, and compare what comes of it with the result in the bundle, byte for byte; ends as that result does",
    );
  addExamples(
    command,
    context,
    [
      "does this evidence come to that verdict, by my policy, for my question?",
      "casemate audit verify audit.json --policy-digest HEX --nonce HEX --owner-key owner.pub",
    ],
    ["what would it come to today?", "casemate audit verify audit.json --at 2027-01-31"],
  );
  command.argument("<FILE>", BUNDLE);
  addKnownFlags(command);
  command.addOption(outputFlag()).action(async () => {
    const { verifyAudit } = await import("./commands/audit_verify.ts");
    await verifyAudit(context, command.args[0] ?? "-", givenTo(command));
  });
  return command;
}

function reportCommand(context: Context): Command {
  const command = new Command("report").summary("draw a page for people from a bundle")
    .description(
      "verify an audit bundle again and draw what came of it as an HTML page, for the screen and for paper; it needs no script and asks nothing of the network",
    );
  addExamples(
    command,
    context,
    ["a page to print", "casemate audit report audit.json --out report.html --policy-digest HEX"],
  );
  command.argument("<FILE>", BUNDLE).addOption(
    valueFlag({
      flag: OUT_FLAG,
      value: "FILE",
      says: "the page to write (required); nothing is overwritten",
    }),
  );
  addKnownFlags(command);
  command.addOption(outputFlag()).action(async () => {
    const { reportAudit } = await import("./commands/audit_report.ts");
    await reportAudit(context, command.args[0] ?? "-", givenTo(command));
  });
  return command;
}

function showCommand(context: Context): Command {
  const command = new Command("show").description(
    "say what an audit bundle holds; nothing is verified",
  );
  addExamples(command, context, ["what is in it?", "casemate audit show audit.json"]);
  command.argument("<FILE>", BUNDLE).addOption(outputFlag()).action(async () => {
    const { showAudit } = await import("./commands/audit_show.ts");
    await showAudit(context, command.args[0] ?? "-", givenTo(command));
  });
  return command;
}

/** What the reader knows beside the bundle: the rest is the word of who wrote it. */
function addKnownFlags(command: CommandUnknownOpts): void {
  const flags = [
    [POLICY_DIGEST_FLAG, "HEX", "SHA-256 of the policy that it must have been judged by"],
    [NONCE_FLAG, "HEX", "the nonce that you asked with"],
    [OWNER_KEY_FLAG, "FILE", "key that must have signed the reference values, PEM or DER"],
    [AT_FLAG, "TIME", "another moment for which to judge; the results are then not compared"],
  ] as const;
  for (const [flag, value, says] of flags) command.addOption(valueFlag({ flag, value, says }));
  command.addOption(
    valueFlag({
      flag: LAB_ROOT_FLAG,
      value: "FILE",
      says: "accept a bundle of this lab, which proves nothing about hardware",
      multiple: true,
    }),
  );
}

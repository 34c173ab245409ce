/**
 * `casemate owner` as a command: the key of whoever answers for a cluster.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { outputFlag, valueFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function ownerCommand(context: Context): Command {
  return new Command("owner")
    .description("the owner's key, which signs manifests, reference values and collateral")
    .addCommand(newCommand(context))
    .addCommand(showCommand(context));
}

function newCommand(context: Context): Command {
  const command = new Command("new").description(
    "make a key of P-384 and write both halves: owner.key, which only you may read, and owner.pub",
  );
  addExamples(command, context, ["into a folder of its own", "casemate owner new --out keys"]);
  command.addOption(
    valueFlag({
      flag: "out",
      value: "DIR",
      says: "folder to write to (required); nothing is overwritten",
    }),
  ).addOption(outputFlag()).action(async () => {
    const { makeOwner } = await import("./commands/owner_new.ts");
    await makeOwner(context, givenTo(command));
  });
  return command;
}

function showCommand(context: Context): Command {
  const command = new Command("show").description(
    "say what a key is and its fingerprint; of a private key those of its public half",
  );
  addExamples(command, context, ["which key is this?", "casemate owner show owner.pub"]);
  command.argument(
    "<FILE>",
    "the key, PEM or DER, or the URI of one in a device; - is standard input",
  ).addOption(outputFlag())
    .action(async (file) => {
      const { showOwner } = await import("./commands/owner_show.ts");
      await showOwner(context, file, givenTo(command));
    });
  return command;
}

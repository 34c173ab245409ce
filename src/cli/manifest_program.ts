/**
 * `casemate manifest` as a command: what the owner signs a cluster to be.
 *
 * @module
 */

import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { outputFlag, valueFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { KEY_SAYS, KEY_VALUE } from "./keys/signers.ts";

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function manifestCommand(context: Context): Command {
  return new Command("manifest")
    .description("manifests: what a cluster is to be, numbered and signed by its owner")
    .addCommand(createCommand(context))
    .addCommand(signCommand(context))
    .addCommand(showCommand(context))
    .addCommand(verifyCommand(context))
    .addCommand(diffCommand(context))
    .addCommand(ticketCommand(context));
}

function createCommand(context: Context): Command {
  const command = new Command("create").description(
    "make a manifest of a configuration and sign it: the first of a new cluster, or with --previous the next",
  );
  addExamples(
    command,
    context,
    [
      "a new cluster; its id is printed",
      "casemate manifest create --config cluster.yaml --owner owner.key --reference reference.json --master master.secret --out manifest-1.json",
    ],
    [
      "a change of it",
      "casemate manifest create --config cluster.yaml --owner owner.key --reference reference.json --previous manifest-1.json --out manifest-2.json",
    ],
  );
  addCreateFlags(command);
  command.action(async () => {
    const { createManifest } = await import("./commands/manifest_create.ts");
    await createManifest(context, givenTo(command));
  });
  return command;
}

function addCreateFlags(command: CommandUnknownOpts): void {
  const flags = [
    { flag: "config", value: "FILE", says: "configuration of the cluster (required)" },
    { flag: "owner", value: KEY_VALUE, says: `owner's key, which signs (required): ${KEY_SAYS}` },
    {
      flag: "reference",
      value: "FILE",
      says: "signed reference values of an image (required)",
      multiple: true,
    },
    {
      flag: "previous",
      value: "FILE",
      says: "manifest of the cluster so far; all of them, oldest first",
      multiple: true,
    },
    { flag: "master", value: "FILE", says: "file for the master secret of a new cluster" },
    {
      flag: "new-owner",
      value: "FILE",
      says: "public key of the owner from this manifest on; the one before signs it",
    },
    {
      flag: "lab-root",
      value: "FILE",
      says: "root of the lab whose nodes the cluster is of",
      multiple: true,
    },
    { flag: "out", value: "FILE", says: "file to write (required); nothing is overwritten" },
  ];
  for (const flag of flags) command.addOption(valueFlag(flag));
  command.addOption(outputFlag());
}

function signCommand(context: Context): Command {
  const command = new Command("sign").description(
    "add a signature to a manifest, as custodians do one after the other",
  );
  addExamples(command, context, [
    "the second of two custodians",
    "casemate manifest sign manifest-2.json --key custodian.key --out manifest-2-signed.json",
  ]);
  command.argument("<FILE>", "the signed manifest")
    .addOption(
      valueFlag({
        flag: "key",
        value: KEY_VALUE,
        says: `key that signs (required): ${KEY_SAYS}`,
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
    .addOption(outputFlag()).action(async (file) => {
      const { signManifestFile } = await import("./commands/manifest_sign.ts");
      await signManifestFile(context, file, givenTo(command));
    });
  return command;
}

function showCommand(context: Context): Command {
  const command = new Command("show").description("say what manifests say; nothing is verified");
  addExamples(command, context, [
    "what did the owner sign?",
    "casemate manifest show manifest-1.json",
  ]);
  command.argument("<FILE...>", "manifests; - is standard input").addOption(outputFlag())
    .action(async (files) => {
      const { showManifests } = await import("./commands/manifest_show.ts");
      await showManifests(context, files, givenTo(command));
    });
  return command;
}

function verifyCommand(context: Context): Command {
  const command = new Command("verify").description(
    "prove from the cluster's id alone that manifests are its owner's, whole and in force",
  );
  addExamples(
    command,
    context,
    [
      "with the id that the owner gave you",
      "casemate manifest verify manifest-1.json manifest-2.json --cluster-id HEX",
    ],
  );
  command.argument("<FILE...>", "all manifests of the cluster, oldest first")
    .addOption(
      valueFlag({ flag: "cluster-id", value: "HEX", says: "id of the cluster (required)" }),
    )
    .addOption(
      valueFlag({
        flag: "reference",
        value: "FILE",
        says: "signed reference values that the newest must name",
        multiple: true,
      }),
    )
    .addOption(
      valueFlag({
        flag: "minimum-sequence",
        value: "N",
        says: "highest manifest that you saw; older ones are refused",
      }),
    )
    .addOption(
      valueFlag({
        flag: "at",
        value: "TIME",
        says: "moment, as 2026-11-21T08:00:00Z; default now",
      }),
    )
    .addOption(outputFlag()).action(async (files) => {
      const { verifyManifests } = await import("./commands/manifest_verify.ts");
      await verifyManifests(context, files, givenTo(command));
    });
  return command;
}

function diffCommand(context: Context): Command {
  const command = new Command("diff").description(
    "say what the second manifest changes of the first, and what of that is weaker",
  );
  addExamples(command, context, [
    "before you sign, or let others",
    "casemate manifest diff manifest-1.json manifest-2.json",
  ]);
  command.argument("<FROM>", "a manifest").argument("<TO>", "another").addOption(outputFlag())
    .action(async (from, to) => {
      const { compareManifests } = await import("./commands/manifest_diff.ts");
      await compareManifests(context, [from, to], givenTo(command));
    });
  return command;
}

function ticketCommand(context: Context): Command {
  const command = new Command("ticket").description(
    "sign a ticket, good once, for a control plane beyond the number that the manifest has",
  );
  addExamples(command, context, [
    "for the next hour",
    "casemate manifest ticket manifest-1.json --group control-plane --owner owner.key --out ticket.json",
  ]);
  const flags = [
    { flag: "group", value: "NAME", says: "group of control planes (required)" },
    { flag: "owner", value: KEY_VALUE, says: `owner's key, which signs (required): ${KEY_SAYS}` },
    { flag: "hours", value: "N", says: "how long it counts, default 1" },
    { flag: "out", value: "FILE", says: "file to write (required); nothing is overwritten" },
  ];
  for (const flag of flags) command.addOption(valueFlag(flag));
  command.addOption(outputFlag());
  command.argument("<FILE...>", "all manifests of the cluster, oldest first").action(
    async (files) => {
      const { makeTicket } = await import("./commands/manifest_ticket.ts");
      await makeTicket(context, files, givenTo(command));
    },
  );
  return command;
}

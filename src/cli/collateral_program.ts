/**
 * `casemate collateral` as a command: what evidence needs of vendors, fetched,
 * kept, carried and handed on.
 *
 * @module
 */

import { Command, Option } from "@commander-js/extra-typings";
import {
  addCacheFlag,
  addLabFlag,
  addNeedFlags,
  addSourceFlags,
  UNSIGNED_FLAG,
} from "./collateral/flags.ts";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { outputFlag, valueFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { OWNER_KEY_FLAG } from "./verify_flags.ts";

/** What names a thing on the command line. */
const KEY_ARGUMENT = "key of a thing, as `casemate collateral show` prints it";

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function collateralCommand(context: Context): Command {
  return new Command("collateral")
    .description(
      "certificates, revocation lists and TCB documents of AMD and Intel: fetch, keep, carry and hand them on",
    )
    .addCommand(fetchCommand(context))
    .addCommand(showCommand(context))
    .addCommand(exportCommand(context))
    .addCommand(importCommand(context))
    .addCommand(serveCommand(context));
}

function fetchCommand(context: Context): Command {
  const command = new Command("fetch").description(
    "ask the vendors for what evidence needs and keep it; without evidence, bring up to date what is kept",
  );
  addExamples(
    command,
    context,
    ["what does this evidence need?", "casemate collateral fetch node.json"],
    [
      "of a whole fleet, then keep it fresh, as from a timer",
      "casemate collateral fetch nodes/*.json && casemate collateral fetch",
    ],
    [
      "from the fleet's own mirror",
      "casemate collateral fetch report.bin --collateral-url http://mirror.internal:8081",
    ],
  );
  command.argument(
    "[FILE...]",
    "evidence: an envelope, a report or a quote; - is standard input",
  ).addOption(
    valueFlag({ flag: "item", value: "KEY", says: `${KEY_ARGUMENT}`, multiple: true }),
  ).addOption(new Option("--refresh", "ask the vendors although what is kept would do"));
  addSourceFlags(command);
  addNeedFlags(command);
  addLabFlag(command);
  command.addOption(outputFlag()).action(async () => {
    const { fetchCollateral } = await import("./commands/collateral_fetch.ts");
    await fetchCollateral(context, command.args, givenTo(command));
  });
  return command;
}

function showCommand(context: Context): Command {
  const command = new Command("show").description(
    "say what is kept, how old it is and until when it holds",
  );
  addExamples(command, context, [
    "what is kept?",
    "casemate collateral show",
  ]);
  command.argument("[KEY...]", `${KEY_ARGUMENT}; default all`);
  addCacheFlag(command);
  command.addOption(outputFlag()).action(async () => {
    const { showCollateral } = await import("./commands/collateral_show.ts");
    await showCollateral(context, command.args, givenTo(command));
  });
  return command;
}

function exportCommand(context: Context): Command {
  const command = new Command("export").description(
    "write what is kept into one signed file, for places without network",
  );
  addExamples(command, context, [
    "all that is kept, signed with the owner's key",
    "casemate collateral export --key owner.key --out collateral.json",
  ]);
  command.argument("[KEY...]", `${KEY_ARGUMENT}; default all that is in force`)
    .addOption(
      valueFlag({
        flag: "out",
        value: "FILE",
        says: "file to write (required); nothing is overwritten",
      }),
    )
    .addOption(
      valueFlag({
        flag: "key",
        value: "FILE",
        says: "private key that signs, as of `casemate owner new`",
      }),
    )
    .addOption(
      new Option(
        `--${UNSIGNED_FLAG}`,
        "do not sign: then nobody vouches for the age of what is in it",
      ),
    );
  addCacheFlag(command);
  addLabFlag(command);
  command.addOption(outputFlag()).action(async () => {
    const { exportCollateral } = await import("./commands/collateral_export.ts");
    await exportCollateral(context, command.args, givenTo(command));
  });
  return command;
}

function importCommand(context: Context): Command {
  const command = new Command("import").description(
    "take what a bundle holds into the cache, once each thing is shown to be the vendor's",
  );
  addExamples(command, context, [
    "a bundle that the owner signed",
    "casemate collateral import collateral.json --owner-key owner.pub",
  ]);
  command.argument("<FILE>", "the bundle; - is standard input")
    .addOption(
      valueFlag({
        flag: OWNER_KEY_FLAG,
        value: "FILE",
        says: "public key that must have signed it",
      }),
    )
    .addOption(
      new Option(
        `--${UNSIGNED_FLAG}`,
        "take it from anybody: what is in it then counts as confirmed on the day of its issue",
      ),
    );
  addCacheFlag(command);
  addLabFlag(command);
  command.addOption(outputFlag()).action(async () => {
    const { importCollateral } = await import("./commands/collateral_import.ts");
    await importCollateral(context, command.args[0] ?? "-", givenTo(command));
  });
  return command;
}

function serveCommand(context: Context): Command {
  const command = new Command("serve").description(
    "be a mirror of AMD KDS and Intel PCS for a fleet, at their own paths; what is kept is not asked for again",
  );
  addExamples(
    command,
    context,
    ["for this network", "casemate collateral serve --listen 0.0.0.0:8081"],
    [
      "a verifier that asks it",
      "casemate evidence verify node.json --nonce HEX --policy policy.yaml --collateral fetch --collateral-url http://mirror.internal:8081",
    ],
  );
  command.addOption(
    valueFlag({
      flag: "listen",
      value: "HOST:PORT",
      says: "where to listen, over HTTP; default 127.0.0.1:8081",
    }),
  ).addOption(new Option("--offline", "ask nobody: hand on only what is kept"));
  addSourceFlags(command);
  addLabFlag(command);
  command.addOption(outputFlag()).action(async () => {
    const { serveCollateral } = await import("./commands/collateral_serve.ts");
    await serveCollateral(context, givenTo(command));
  });
  return command;
}

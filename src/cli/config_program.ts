/**
 * `casemate config` as a command: the configuration of a cluster.
 *
 * @module
 */

import { Command, Option } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { outputFlag, valueFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";

const FILE = "the configuration, YAML or JSON; - is standard input";
const PROVIDERS = "aws, azure, gcp, openstack, stackit, qemu or lab";

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function configCommand(context: Context): Command {
  return new Command("config")
    .description("the configuration of a cluster: write it, look it over, understand it")
    .addCommand(generateCommand(context))
    .addCommand(checkCommand(context))
    .addCommand(explainCommand(context))
    .addCommand(schemaCommand(context));
}

function generateCommand(context: Context): Command {
  const command = new Command("generate").description(
    "write a configuration to begin with; what weakens it stands in it, with what it costs",
  );
  addExamples(
    command,
    context,
    ["a cluster on Azure", "casemate config generate azure --out cluster.yaml"],
    ["TDX on Google Cloud", "casemate config generate gcp --variant gcp-tdx --name demo"],
  );
  command.argument("<PROVIDER>", PROVIDERS)
    .addOption(
      valueFlag({ flag: "name", value: "NAME", says: "name of the cluster, default casemate" }),
    )
    .addOption(
      valueFlag({
        flag: "variant",
        value: "VARIANT",
        says: "evidence of the nodes; default the first of the provider's",
      }),
    )
    .addOption(
      valueFlag({ flag: "image", value: "RELEASE", says: "release of the nodes' image, as 1.4.0" }),
    )
    .addOption(
      valueFlag({
        flag: "out",
        value: "FILE",
        says: "file to write, default standard output; nothing is overwritten",
      }),
    )
    .addOption(outputFlag()).action(async (provider) => {
      const { generateConfig } = await import("./commands/config_generate.ts");
      await generateConfig(context, provider, givenTo(command));
    });
  return command;
}

function checkCommand(context: Context): Command {
  const command = new Command("check").description(
    "say all that is wrong with a configuration, with its line: errors end with 2; warnings do with --strict",
  );
  addExamples(
    command,
    context,
    ["before anything is made", "casemate config check cluster.yaml"],
    ["in a pipeline", "casemate config check cluster.yaml --strict -o json"],
  );
  command.argument("<FILE>", FILE)
    .addOption(new Option("--strict", "end with 2 where there are warnings"))
    .addOption(outputFlag()).action(async (file) => {
      const { checkConfigFile } = await import("./commands/config_check.ts");
      await checkConfigFile(context, file, givenTo(command));
    });
  return command;
}

function explainCommand(context: Context): Command {
  const command = new Command("explain").description(
    "say what each setting means, what follows from it and what it weakens",
  );
  addExamples(
    command,
    context,
    ["what will this cluster be?", "casemate config explain cluster.yaml"],
    ["one setting", "casemate config explain cluster.yaml nodeGroups.worker.max"],
    ["all about networks", "casemate config explain cluster.yaml network"],
  );
  command.argument("<FILE>", FILE)
    .argument("[KEY]", "a key, dotted; of a key with others below, all of them")
    .addOption(outputFlag()).action(async (file, key) => {
      const { tellConfig } = await import("./commands/config_explain.ts");
      await tellConfig(context, { path: file, key }, givenTo(command));
    });
  return command;
}

function schemaCommand(context: Context): Command {
  const command = new Command("schema").description(
    "print the JSON Schema by which editors complete and check a configuration",
  );
  addExamples(command, context, [
    "where the first line of a configuration looks for it",
    "casemate config schema --out casemate-config.schema.json",
  ]);
  command.addOption(
    valueFlag({
      flag: "out",
      value: "FILE",
      says: "file to write, default standard output; nothing is overwritten",
    }),
  ).action(async () => {
    const { printConfigSchema } = await import("./commands/config_schema.ts");
    await printConfigSchema(context, givenTo(command));
  });
  return command;
}

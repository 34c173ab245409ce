/**
 * The tree of commands. What a command does is loaded when it runs, so that
 * `--help` stays fast.
 *
 * @module
 */

import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { auditCommand } from "./audit_program.ts";
import { clusterCommand } from "./cluster_program.ts";
import { collateralCommand } from "./collateral_program.ts";
import { SHELLS } from "./completions/shell.ts";
import { configCommand } from "./config_program.ts";
import { conformanceCommand } from "./conformance_program.ts";
import type { Context, Format, RunCommand } from "./context.ts";
import { readFormat } from "./format.ts";
import { addExamples, addExitCodes } from "./help.ts";
import { evidenceCommand } from "./evidence_program.ts";
import { outputFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { labCommand } from "./lab_program.ts";
import { manifestCommand } from "./manifest_program.ts";
import { ownerCommand } from "./owner_program.ts";
import { referenceCommand } from "./reference_program.ts";
import { usableWidth } from "./output/layout.ts";
import { styleOf } from "./output/style.ts";
import { resultCommand } from "./result_program.ts";
import { nodeCommand } from "./node_program.ts";
import { policyCommand } from "./policy_program.ts";
import { serveCommand } from "./serve_program.ts";
import { tpmCommand } from "./tpm_program.ts";
import { Answered, usageError } from "./usage_error.ts";
import { OUTPUT_FLAG } from "./verify_flags.ts";

/** Words of command lines that the flags of technologies matter to. */
const NEED_TECHNOLOGIES: readonly string[] = ["verify", "completions"];

/** Licences of what is in the program. */
const NOTICES_FLAG = "notices";

/**
 * Builds the tree.
 *
 * The flags of `evidence verify` come from the technologies, which are most of
 * the program; they are loaded where the command line can meet them.
 *
 * @param context The machine.
 * @param runCommand Runs another command line of this program, for the demo.
 * @param args The command line that is to be parsed.
 */
export async function createProgram(
  context: Context,
  runCommand: RunCommand,
  args: readonly string[],
): Promise<CommandUnknownOpts> {
  const verify = new Command("verify").summary("verify evidence and show the verdict");
  if (args.some((word) => NEED_TECHNOLOGIES.includes(word))) {
    const { fillVerify } = await import("./verify_tree.ts");
    fillVerify(verify, context);
  }
  const program = new Command("casemate")
    .description(
      "Confidential Kubernetes that proves itself: verifies attestation evidence, offline.",
    )
    .version(context.host.build.version, "--version", "print the version")
    .addCommand(evidenceCommand(context, verify))
    .addCommand(collateralCommand(context))
    .addCommand(auditCommand(context))
    .addCommand(resultCommand(context))
    .addCommand(serveCommand(context))
    .addCommand(policyCommand(context))
    .addCommand(referenceCommand(context))
    .addCommand(ownerCommand(context))
    .addCommand(configCommand(context))
    .addCommand(manifestCommand(context))
    .addCommand(clusterCommand(context))
    .addCommand(nodeCommand(context))
    .addCommand(tpmCommand(context))
    .addCommand(labCommand(context, runCommand))
    .addCommand(conformanceCommand(context))
    .addCommand(codesCommand(context))
    .addCommand(completionsCommand(context))
    .addCommand(versionCommand(context));
  addExamples(
    program,
    context,
    ["see it work, with evidence from the built-in lab", "casemate lab demo"],
    ["what is this file?", "casemate evidence show report.bin"],
    [
      "which flags does verification take?",
      "casemate evidence verify snp --help",
    ],
  );
  addExitCodes(program, context);
  settle(program, context);
  return program;
}

function codesCommand(context: Context): Command {
  const codes = new Command("codes").description(
    "explain the code of an error or of a verdict, or list all codes",
  );
  codes.argument("[CODE]", "the code, as input.empty").addOption(outputFlag()).action(
    async (code) => {
      const { explainCodes } = await import("./commands/codes.ts");
      explainCodes(context, code, formatGivenTo(codes));
    },
  );
  return codes;
}

function completionsCommand(context: Context): Command {
  const completions = new Command("completions").description(
    "print a completion script for your shell",
  );
  addExamples(
    completions,
    context,
    ["bash, for this session", "source <(casemate completions bash)"],
    ["zsh, into a folder of $fpath", "casemate completions zsh > ~/.zfunc/_casemate"],
    ["fish", "casemate completions fish > ~/.config/fish/completions/casemate.fish"],
  );
  completions.argument("<SHELL>", SHELLS.join(", ")).action(async (shell) => {
    const { printCompletions } = await import("./commands/completions.ts");
    printCompletions(context, shell, rootOf(completions));
  });
  return completions;
}

function versionCommand(context: Context): Command {
  const version = new Command("version").description("print version, build and runtime");
  const notices = new Option(
    `--${NOTICES_FLAG}`,
    "print the licences of all that is in it instead",
  );
  version.addOption(notices).addOption(outputFlag()).action(async () => {
    const { tellVersion } = await import("./commands/version.ts");
    await tellVersion(context, formatGivenTo(version), givenTo(version).has(NOTICES_FLAG));
  });
  return version;
}

function formatGivenTo(command: CommandUnknownOpts): Format {
  return readFormat(givenTo(command).text(OUTPUT_FLAG));
}

function rootOf(command: CommandUnknownOpts): CommandUnknownOpts {
  return command.parent === null ? command : rootOf(command.parent);
}

/** Output, errors and help of every command alike. */
function settle(command: CommandUnknownOpts, context: Context): void {
  const { terminal } = context.host;
  const style = styleOf(terminal.colour);
  command
    // A command that has both flags and commands must not take the flags of these.
    .enablePositionalOptions()
    .showSuggestionAfterError(false)
    .allowExcessArguments(false)
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .configureHelp({ styleTitle: style.bold, minWidthToWrap: 20 })
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      // Commander's own words are not used; `usageError` has better ones.
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => usableWidth(terminal.width),
      getOutHasColors: () => terminal.colour,
    })
    .exitOverride((error) => {
      if (error.code === "commander.help" && command.parent === null) {
        command.outputHelp();
        throw new Answered(error.message);
      }
      throw usageError(error, command);
    });
  for (const child of command.commands) settle(child, context);
}

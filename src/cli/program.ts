/**
 * The tree of commands. What a command does is loaded when it runs, so that
 * `--help` stays fast.
 *
 * @module
 */

import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { technologies } from "../evidence/registry.ts";
import { auditCommand } from "./audit_program.ts";
import { collateralCommand } from "./collateral_program.ts";
import { SHELLS } from "./completions/shell.ts";
import type { Context, Format, RunCommand } from "./context.ts";
import { readFormat } from "./format.ts";
import { addExamples, addExitCodes } from "./help.ts";
import { outputFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { takeEnvelope } from "./envelope_program.ts";
import { labCommand } from "./lab_program.ts";
import { ownerCommand } from "./owner_program.ts";
import { referenceCommand } from "./reference_program.ts";
import { usableWidth } from "./output/layout.ts";
import { styleOf } from "./output/style.ts";
import { resultCommand } from "./result_program.ts";
import { policyCommand } from "./policy_program.ts";
import { tpmCommand } from "./tpm_program.ts";
import { Answered, usageError } from "./usage_error.ts";
import { OUTPUT_FLAG } from "./verify_flags.ts";
import { verifyCommand } from "./verify_program.ts";

/**
 * Builds the tree.
 *
 * @param context The machine.
 * @param runCommand Runs another command line of this program, for the demo.
 */
export function createProgram(context: Context, runCommand: RunCommand): CommandUnknownOpts {
  const program = new Command("casemate")
    .description(
      "Confidential Kubernetes that proves itself: verifies attestation evidence, offline.",
    )
    .version(context.host.build.version, "--version", "print the version")
    .addCommand(evidenceCommand(context))
    .addCommand(collateralCommand(context))
    .addCommand(auditCommand(context))
    .addCommand(resultCommand(context))
    .addCommand(policyCommand(context))
    .addCommand(referenceCommand(context))
    .addCommand(ownerCommand(context))
    .addCommand(tpmCommand(context))
    .addCommand(labCommand(context, runCommand))
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
      `casemate evidence verify ${technologies[0].command} --help`,
    ],
  );
  addExitCodes(program, context);
  settle(program, context);
  return program;
}

function evidenceCommand(context: Context): Command {
  const verify = new Command("verify").summary("verify evidence and show the verdict")
    .description(
      "verify evidence and show the verdict: an envelope, which holds all of it, or with one of the commands its files one by one",
    )
    .commandsGroup("Commands, for evidence in files of its own:");
  for (const technology of technologies) verify.addCommand(verifyCommand(technology, context));
  takeEnvelope(verify, context);
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
  return new Command("evidence").description("look at attestation evidence and verify it")
    .addCommand(show).addCommand(verify).addCommand(explainCommand(context));
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
  version.addOption(outputFlag()).action(async () => {
    const { tellVersion } = await import("./commands/version.ts");
    tellVersion(context, formatGivenTo(version));
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

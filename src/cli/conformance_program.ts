/**
 * `casemate conformance` as a command.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import { AMD_CHAIN_FLAG, TCB_CHAIN_FLAG } from "./conformance/flags.ts";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { valueFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { labelled, usableWidth } from "./output/layout.ts";

/** Exit codes of the contract, which are none of those of other commands. */
const EXITS: readonly (readonly [string, string])[] = [
  ["0", "accepted; the outputs are on standard output"],
  ["10", "rejected; rejection.code is on standard output"],
  ["20", "not built, or a chain is needed that was not given"],
  ["30", "the input is not of the contract's form"],
  ["1, 2", "as with every command: a mistake in casemate, a wrong flag or file"],
];

/**
 * The command.
 *
 * @param context The machine.
 */
export function conformanceCommand(context: Context): Command {
  const command = new Command("conformance").summary("answer the harness that compares verifiers")
    .description(
      "answer the contract of tinfoil-conformance: JSON on standard input, JSON on standard output. Whoever writes the input chooses root and time, so nothing may be decided by the answer: that is what evidence verify is for",
    );
  addExamples(
    command,
    context,
    ["what is built?", "casemate conformance capabilities"],
    [
      "one vector",
      "casemate conformance verify-attestation-tdx < input.json",
    ],
  );
  command.argument("<STAGE>", "capabilities, or a stage of the contract")
    .addOption(
      valueFlag({
        flag: AMD_CHAIN_FLAG,
        value: "FILE",
        says: "ASK and ARK as AMD's KDS serves them, for inputs that bring none",
        multiple: true,
      }),
    )
    .addOption(
      valueFlag({
        flag: TCB_CHAIN_FLAG,
        value: "FILE",
        says: "Intel's TCB signing chain, for inputs that bring none",
        multiple: true,
      }),
    )
    .action(async (stage) => {
      const { runConformance } = await import("./commands/conformance.ts");
      await runConformance(context, stage, givenTo(command));
    });
  const width = usableWidth(context.host.terminal.width);
  const codes = labelled(EXITS, { width, indent: "  " });
  command.addHelpText("after", ["", "Exit codes of the contract:", ...codes].join("\n") + "\n");
  return command;
}

/**
 * `casemate lab mint tdx` as a command.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { valueFlag, wordFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { addLabFlags, addQuestionFlags, commonOptions } from "./lab_program_flags.ts";

/** Versions of quotes of trust domains. */
const QUOTE_VERSIONS: readonly string[] = ["4", "5"];

/** Statuses that the platform can be given; a test compares them with the lab's. */
export const MINTED_STATUSES: readonly string[] = [
  "UpToDate",
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
  "OutOfDate",
  "OutOfDateConfigurationNeeded",
  "Revoked",
];

/**
 * The command.
 *
 * @param context The machine.
 */
export function mintTdxCommand(context: Context): Command {
  const command = new Command("tdx")
    .description(
      "write Intel TDX lab evidence: quote, TCB info, QE identity, certificates, revocation lists, " +
        "lab root and its keys",
    );
  addTdxExamples(command, context);
  addQuestionFlags(command, "quote");
  command
    .addOption(
      wordFlag("--quote-version <VERSION>", "version of the quote, default 4", QUOTE_VERSIONS),
    )
    .option("--processor-ca", "let the Processor CA certify the platform, not the Platform CA")
    .addOption(
      wordFlag(
        "--tcb-status <STATUS>",
        "status of the platform, default UpToDate",
        MINTED_STATUSES,
      ),
    );
  for (
    const [flag, name] of [["mrtd", "MRTD"], ["rtmr1", "RTMR 1"], ["rtmr2", "RTMR 2"]] as const
  ) {
    const says = `${name}, 48 bytes; default the digest of a label`;
    command.addOption(valueFlag({ flag, value: "HEX", says }));
  }
  addLabFlags(command, "let the host debug the trust domain");
  command.action(async () => {
    const { mintTdxFiles } = await import("./commands/lab_mint_tdx.ts");
    const given = givenTo(command);
    await mintTdxFiles(context, {
      ...commonOptions(given),
      quoteVersion: given.text("quote-version"),
      processorCa: given.has("processor-ca"),
      tcbStatus: given.text("tcb-status"),
      mrTd: given.text("mrtd"),
      rtmr1: given.text("rtmr1"),
      rtmr2: given.text("rtmr2"),
    });
  });
  return command;
}

function addTdxExamples(command: Command, context: Context): void {
  addExamples(
    command,
    context,
    ["evidence that answers a nonce", "casemate lab mint tdx --out lab --nonce 5f1e00"],
    [
      "more of it under the same lab root",
      "casemate lab mint tdx --out lab2 --nonce 5f1e01 --authority lab/lab-authority.json",
    ],
    [
      "a platform that lacks an update, which verification refuses",
      "casemate lab mint tdx --out bad --nonce 5f1e00 --tcb-status OutOfDate",
    ],
  );
}

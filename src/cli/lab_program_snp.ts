/**
 * `casemate lab mint snp` as a command.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { valueFlag, wordFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { addLabFlags, addQuestionFlags, commonOptions } from "./lab_program_flags.ts";

/** Product lines and forms that are minted; a test compares them with the lab's. */
export const MINTED_LINES: readonly string[] = ["Milan", "Genoa", "Turin"];
export const MINTED_FORMS: readonly string[] = ["vcek", "vlek"];

/**
 * The command.
 *
 * @param context The machine.
 */
export function mintSnpCommand(context: Context): Command {
  const command = new Command("snp")
    .description(
      "write AMD SEV-SNP lab evidence: report, certificates, revocation list, lab root and its keys",
    );
  addSnpExamples(command, context);
  addQuestionFlags(command, "report");
  command
    .addOption(wordFlag("--line <LINE>", "product line, default Genoa", MINTED_LINES))
    .addOption(
      wordFlag(
        "--form <FORM>",
        "key that signs: of the chip or of the provider; default vcek",
        MINTED_FORMS,
      ),
    )
    .addOption(
      valueFlag({
        flag: "measurement",
        value: "HEX",
        says: "launch measurement, 48 bytes; default the digest of a label",
      }),
    )
    .addOption(
      valueFlag({
        flag: "vmpl",
        value: "LEVEL",
        says: "privilege level that asked for the report, default 0",
      }),
    );
  addLabFlags(command, "let the guest policy allow debugging");
  command.action(async () => {
    const { mintSnpFiles } = await import("./commands/lab_mint_snp.ts");
    const given = givenTo(command);
    await mintSnpFiles(context, {
      ...commonOptions(given),
      line: given.text("line"),
      form: given.text("form"),
      measurement: given.text("measurement"),
      vmpl: given.text("vmpl"),
    });
  });
  return command;
}

function addSnpExamples(command: Command, context: Context): void {
  addExamples(
    command,
    context,
    ["evidence that answers a nonce", "casemate lab mint snp --out lab --nonce 5f1e00"],
    [
      "more of it under the same lab root",
      "casemate lab mint snp --out lab2 --nonce 5f1e01 --authority lab/lab-authority.json",
    ],
    [
      "a guest that the host can debug, which verification refuses",
      "casemate lab mint snp --out bad --nonce 5f1e00 --debug",
    ],
  );
}

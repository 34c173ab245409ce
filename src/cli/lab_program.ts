/**
 * `casemate lab` as a command: the project's own issuer of test evidence.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import type { Context, RunCommand } from "./context.ts";
import { addExamples } from "./help.ts";
import { valueFlag, wordFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";

/** Product lines and forms that are minted; a test compares them with the lab's. */
export const MINTED_LINES: readonly string[] = ["Milan", "Genoa", "Turin"];
export const MINTED_FORMS: readonly string[] = ["vcek", "vlek"];

/**
 * The command and those below it.
 *
 * @param context The machine.
 * @param runCommand Runs the commands that the demo shows.
 */
export function labCommand(context: Context, runCommand: RunCommand): Command {
  const demo = new Command("demo")
    .description("mint evidence, verify it, bend one byte, see it refused; leaves nothing behind")
    .action(async () => {
      const { demonstrate } = await import("./commands/lab_demo.ts");
      await demonstrate(context, runCommand);
    });
  const mint = new Command("mint").description("write lab evidence to files").addCommand(
    mintSnpCommand(context),
  );
  return new Command("lab")
    .description("make evidence to try things with; it proves nothing about real hardware")
    .addCommand(demo)
    .addCommand(mint);
}

function mintSnpCommand(context: Context): Command {
  const command = new Command("snp")
    .description(
      "write AMD SEV-SNP lab evidence: report, certificates, revocation list, lab root and its keys",
    );
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
  command
    .addOption(
      valueFlag({
        flag: "out",
        value: "DIR",
        says: "folder to write to (required); nothing is overwritten",
      }),
    )
    .addOption(
      valueFlag({
        flag: "nonce",
        value: "HEX",
        says: "nonce that the report answers, at most 64 bytes",
      }),
    )
    .addOption(
      valueFlag({
        flag: "report-data",
        value: "HEX",
        says: "report data, 64 bytes, instead of a nonce",
      }),
    )
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
    )
    .option("--debug", "let the guest policy allow debugging")
    .addOption(
      valueFlag({
        flag: "authority",
        value: "FILE",
        says: "keys of a lab that an earlier run wrote as lab-authority.json",
      }),
    );
  command.action(async () => {
    const { mintSnpFiles } = await import("./commands/lab_mint_snp.ts");
    await mintSnpFiles(context, mintOptions(givenTo(command)));
  });
  return command;
}

function mintOptions(given: ReturnType<typeof givenTo>) {
  return {
    out: given.text("out"),
    nonce: given.text("nonce"),
    reportData: given.text("report-data"),
    line: given.text("line"),
    form: given.text("form"),
    measurement: given.text("measurement"),
    vmpl: given.text("vmpl"),
    debug: given.has("debug"),
    authority: given.text("authority"),
  };
}

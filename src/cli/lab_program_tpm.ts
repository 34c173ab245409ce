/**
 * `casemate lab mint tpm` as a command.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { valueFlag, wordFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";

/** Attestation keys that are minted; a test compares them with the lab's. */
export const MINTED_KEYS: readonly string[] = ["rsa", "rsa-pss", "p256", "p384"];

/**
 * The command.
 *
 * @param context The machine.
 */
export function mintTpmCommand(context: Context): Command {
  const command = new Command("tpm")
    .description(
      "write TPM 2.0 lab evidence: quote, attestation key, registers, event log, certificates, " +
        "revocation lists, lab root and its keys",
    );
  addTpmExamples(command, context);
  addTpmFlags(command);
  command.action(async () => {
    const { mintTpmFiles } = await import("./commands/lab_mint_tpm.ts");
    const given = givenTo(command);
    await mintTpmFiles(context, {
      out: given.text("out"),
      nonce: given.text("nonce"),
      authority: given.text("authority"),
      key: given.text("key"),
      cmdline: given.text("cmdline"),
      secureBoot: given.text("secure-boot"),
      bends: given.texts("bend"),
    });
  });
  return command;
}

function addTpmFlags(command: Command): void {
  const values = [
    ["out", "DIR", "folder to write to (required); nothing is overwritten"],
    ["nonce", "HEX", "nonce that the quote answers, at most 64 bytes (required)"],
    ["cmdline", "TEXT", "kernel command line in the event log"],
  ] as const;
  for (const [flag, value, says] of values) command.addOption(valueFlag({ flag, value, says }));
  command
    .addOption(
      wordFlag("--key <KEY>", "attestation key and how it signs, default p256", MINTED_KEYS),
    )
    .addOption(
      wordFlag("--secure-boot <STATE>", "whether Secure Boot is on, default on", ["on", "off"]),
    )
    .addOption(
      valueFlag({
        flag: "bend",
        value: "NAME",
        says: "make one thing wrong, as magic, nonce, forged, pcr-value, log-edited or ak-revoked",
        multiple: true,
      }),
    )
    .addOption(
      valueFlag({
        flag: "authority",
        value: "FILE",
        says: "keys of a lab that an earlier run wrote as lab-authority.json",
      }),
    );
}

function addTpmExamples(command: Command, context: Context): void {
  addExamples(
    command,
    context,
    ["evidence that answers a nonce", "casemate lab mint tpm --out lab --nonce 5f1e00"],
    [
      "more of it under the same lab root",
      "casemate lab mint tpm --out lab2 --nonce 5f1e01 --authority lab/lab-authority.json",
    ],
    [
      "an event log that somebody edited, which verification refuses",
      "casemate lab mint tpm --out bad --nonce 5f1e00 --bend log-edited",
    ],
  );
}

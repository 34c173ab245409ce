/**
 * `casemate tpm` as a command: a TPM asked for what it has.
 *
 * @module
 */

import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { outputFlag, valueFlag, wordFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { DEFAULT_DEVICE } from "./tpm/default_device.ts";

/** Keys by name; a test compares them with the templates. */
export const ATTESTATION_KEY_NAMES: readonly string[] = ["rsa", "rsa-pss", "ecc", "ecc-p384"];
export const ENDORSEMENT_KEY_NAMES: readonly string[] = ["rsa", "ecc", "ecc-p384"];

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function tpmCommand(context: Context): Command {
  return new Command("tpm")
    .description("ask a TPM for a quote, its registers or its endorsement key; nothing is verified")
    .addCommand(quoteCommand(context))
    .addCommand(pcrsCommand(context))
    .addCommand(ekCommand(context));
}

function quoteCommand(context: Context): Command {
  const command = new Command("quote").description(
    "let the TPM sign its registers over a nonce, and write the files that verification takes",
  );
  addExamples(
    command,
    context,
    ["a quote over the registers of the boot", "casemate tpm quote --nonce 5f1e00 --out evidence"],
    [
      "with the key and the certificate that Azure puts into a TPM",
      "casemate tpm quote --nonce 5f1e00 --key-handle 0x81000003 --ak-cert-index 0x01c101d0 --out evidence",
    ],
    [
      "with the key that Google certifies",
      "casemate tpm quote --nonce 5f1e00 --key-template 0x01c10001 --ak-cert-index 0x01c10000 --out evidence",
    ],
  );
  addDeviceFlag(command);
  addQuoteFlags(command);
  command.action(async () => {
    const { quoteTpm } = await import("./commands/tpm_quote.ts");
    await quoteTpm(context, givenTo(command));
  });
  return command;
}

function addQuoteFlags(command: CommandUnknownOpts): void {
  const key = "attestation key that is made: ecc is over P-256; default rsa";
  const values = [
    ["nonce", "HEX", "nonce that the quote answers (required), 1 to 64 bytes; some TPMs take 48"],
    ["pcrs", "PCRS", "registers, as sha256:0,1,2 or sha256:0-7+sha1:0-7; default sha256:0-15"],
    ["key-handle", "HANDLE", "attestation key that the TPM keeps at this handle, instead of --key"],
    ["key-template", "INDEX", "attestation key of the template at this NV index, instead of --key"],
    ["ak-cert-index", "INDEX", "NV index of the key's certificate; without it none is read"],
    ["event-log", "FILE", "event log; default the kernel's, where --device is one of the kernel"],
    ["out", "DIR", "folder to write to; nothing is overwritten"],
  ] as const;
  const options = values.map(([flag, value, says]) => valueFlag({ flag, value, says }));
  const [nonce, pcrs, ...rest] = options;
  const keyFlag = wordFlag("--key <KEY>", key, ATTESTATION_KEY_NAMES);
  for (const option of [nonce, pcrs, keyFlag, ...rest, outputFlag()]) {
    if (option !== undefined) command.addOption(option);
  }
}

function pcrsCommand(context: Context): Command {
  const command = new Command("pcrs").description("print registers, bank by bank");
  addExamples(
    command,
    context,
    ["all registers of all banks", "casemate tpm pcrs"],
    [
      "two registers of a TPM in software",
      "casemate tpm pcrs --device 127.0.0.1:2321 --pcrs sha256:4,11",
    ],
  );
  addDeviceFlag(command);
  command
    .addOption(
      valueFlag({ flag: "pcrs", value: "PCRS", says: "registers, as sha256:0-7; default all" }),
    )
    .addOption(outputFlag())
    .action(async () => {
      const { printRegisters } = await import("./commands/tpm_pcrs.ts");
      await printRegisters(context, givenTo(command));
    });
  return command;
}

function ekCommand(context: Context): Command {
  const command = new Command("ek").description(
    "print an endorsement key and the certificates that the TPM's vendor left in NV memory",
  );
  addExamples(
    command,
    context,
    ["key and certificates to enrol a machine with", "casemate tpm ek --out enrolment"],
  );
  addDeviceFlag(command);
  command
    .addOption(wordFlag("--key <KEY>", "endorsement key, default rsa", ENDORSEMENT_KEY_NAMES))
    .addOption(
      valueFlag({ flag: "out", value: "DIR", says: "folder to write to; nothing is overwritten" }),
    )
    .addOption(outputFlag())
    .action(async () => {
      const { printEndorsementKey } = await import("./commands/tpm_ek.ts");
      await printEndorsementKey(context, givenTo(command));
    });
  return command;
}

function addDeviceFlag(command: CommandUnknownOpts): void {
  command.addOption(
    valueFlag({
      flag: "device",
      value: "ADDRESS",
      says:
        `TPM: a device, HOST:PORT, swtpm:host=HOST,port=PORT or unix:/PATH; default ${DEFAULT_DEVICE}`,
    }),
  );
}

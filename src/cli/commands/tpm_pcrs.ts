/**
 * `casemate tpm pcrs`: the registers of a TPM, as it says them. Nothing vouches for them.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Shown } from "../../core/shown.ts";
import { readBanks } from "../../evidence/tpm/device/capability.ts";
import { readRegisters, type Register } from "../../evidence/tpm/device/registers.ts";
import { registersByBank } from "../../evidence/tpm/issue.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { printableJson } from "../output/printable.ts";
import { renderShown } from "../output/shown.ts";
import { pointingAt, withTpm } from "../tpm/device.ts";
import { readSelectionFlag } from "../tpm/selection.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Prints registers.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} naming the flag.
 * @throws {UnavailableError} where the TPM is not to be had, or refuses.
 */
export async function printRegisters({ host }: Context, given: Given): Promise<void> {
  const text = given.text("pcrs");
  const wanted = text === undefined ? undefined : readSelectionFlag(text);
  const { address, registers } = await withTpm(host, given, async (tpm) => {
    const selections = wanted ?? await readBanks(tpm);
    const reading = readRegisters(tpm, selections);
    return {
      address: tpm.address,
      ...await pointingAt(reading, { "tpm.bank_inactive": "--pcrs" }),
    };
  });
  const { terminal } = host;
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const pcrs = registersByBank(registers);
    return terminal.out(`${printableJson({ v: 1, device: address, pcrs })}\n`);
  }
  terminal.out(renderShown(shown(address, registers), terminal));
}

function shown(address: string, registers: readonly Register[]): Shown {
  const banks = [...new Set(registers.map(({ bank }) => bank))];
  const sections = banks.map((bank) => ({
    title: bank,
    rows: registers.filter((item) => item.bank === bank)
      .map(({ register, value }) => ({ name: String(register).padStart(2), value: toHex(value) })),
  }));
  const title = `Registers of the TPM at ${address} (not verified)`;
  return { kind: "tpm-registers", title, usedBy: null, sections };
}

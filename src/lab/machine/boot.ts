/**
 * A boot of a machine of the lab: its firmware, the lab's image, and what they
 * extend into the TPM.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { readBanks } from "../../evidence/tpm/device/capability.ts";
import type { TpmDevice } from "../../evidence/tpm/device/device.ts";
import { extendRegister } from "../../evidence/tpm/device/registers.ts";
import type { LabBank } from "../tpm/algorithms.ts";
import { describeBoot } from "../tpm/boot.ts";
import { digestOfEvent, extendAll, type LabEvent } from "../tpm/event.ts";
import { writeAgileLog } from "../tpm/log_tcg.ts";

/** Registers that say what runs: the image that was started, and its sections. */
const WHAT_RUNS: readonly number[] = [4, 11];

/** An image that is not the lab's: another kernel. */
const BENT_KERNEL = "casemate lab kernel that nobody signed";

/**
 * Boots: extends all active banks.
 *
 * @param device The TPM, just switched on.
 * @param bent Whether another image than the lab's is started.
 * @returns The firmware's event log.
 */
export async function bootTpm(device: TpmDevice, bent: boolean): Promise<Uint8Array> {
  const events = await describeBoot(bent ? { kernel: BENT_KERNEL } : {});
  const banks = (await readBanks(device))
    .filter(({ registers }) => registers.length > 0)
    .map(({ bank }) => bank);
  for (const event of events) {
    if (event.hashed !== null) await extend(device, event, banks);
  }
  return await writeAgileLog(events, banks);
}

async function extend(
  device: TpmDevice,
  event: LabEvent,
  banks: readonly LabBank[],
): Promise<void> {
  const digests = banks.map(async (bank) => [bank, await digestOfEvent(event, bank)] as const);
  await extendRegister(device, event.register, Object.fromEntries(await Promise.all(digests)));
}

/** Values of the registers that say what runs, as a boot of the lab's image leads to them: by bank and register. */
export async function labImageRegisters(): Promise<
  Readonly<Record<"sha256", Readonly<Record<string, readonly string[]>>>>
> {
  const values = await extendAll(await describeBoot(), "sha256");
  const pinned = WHAT_RUNS.map((register) => {
    const value = values[register];
    if (value === undefined) throw new RangeError(`A boot leaves no PCR ${register}`);
    return [String(register), [toHex(value)]] as const;
  });
  return { sha256: Object.fromEntries(pinned) };
}

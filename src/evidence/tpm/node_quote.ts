/**
 * The quote of a node: which registers it holds, and the log beside it.
 *
 * @module
 */

import type { NodeDevices } from "../device/devices.ts";
import type { FilesByRole } from "../files_by_role.ts";
import { readBanks } from "./device/capability.ts";
import type { TpmDevice } from "./device/device.ts";
import type { TpmObject } from "./device/objects.ts";
import { issueUnderKey, readEventLog } from "./issue.ts";
import { banksOfLog } from "./log_banks.ts";
import type { PcrBank, Selection } from "./report.ts";

/** Registers of the boot and of the phase; those above are for debugging and for who starts dynamically. */
const OF_BOOT: readonly number[] = Array.from({ length: 16 }, (_, register) => register);

/** The register of the phase (protocol §3). */
const PHASE: readonly number[] = [15];

/** What is quoted of each bank, where the TPM has it: the phase in both banks, what runs in the one that policies pin. */
const QUOTED: readonly (readonly [PcrBank, readonly number[]])[] = [
  ["sha256", OF_BOOT],
  ["sha384", PHASE],
];

/**
 * What a node's quote is over: SHA-256 of the whole boot, and the register of
 * the phase in SHA-384 as well where that bank is active: who extends one bank
 * alone would show in the other.
 *
 * @param device The TPM.
 * @param logged Banks of the log beside it; null without a log. Verifiers take no quote of a bank that the log is silent of.
 */
export async function nodeSelections(
  device: TpmDevice,
  logged: readonly PcrBank[] | null,
): Promise<readonly Selection[]> {
  const banks = await readBanks(device);
  const isQuoted = (bank: PcrBank): boolean =>
    banks.some((item) => item.bank === bank && item.registers.length > 0) &&
    (logged?.includes(bank) ?? true);
  // Without SHA-256 no policy could be met: the TPM says so itself, when it is asked.
  return QUOTED.filter(([bank]) => bank === "sha256" || isQuoted(bank))
    .map(([bank, registers]) => ({ bank, registers }));
}

/**
 * Quotes on a node.
 *
 * @param device The TPM.
 * @param key Attestation key.
 * @param qualifyingData What the quote answers.
 * @param devices Where files and logs are.
 * @returns Quote, signature, key, registers, and the log where there is one.
 */
export async function quoteOfNode(
  device: TpmDevice,
  key: TpmObject,
  qualifyingData: Uint8Array,
  { files, eventLogs }: Pick<NodeDevices, "files" | "eventLogs">,
): Promise<FilesByRole> {
  const source = eventLogs.tpm === null ? null : { files, path: eventLogs.tpm };
  const before = source === null ? null : await readEventLog(source);
  const logged = before instanceof Uint8Array ? banksOfLog(before) : null;
  const selections = await nodeSelections(device, logged);
  const eventLog = source === null ? {} : { eventLog: source };
  const request = { qualifyingData, selections, ...eventLog };
  const { evidence } = await issueUnderKey(device, key, request);
  return { ...evidence };
}

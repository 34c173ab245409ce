/**
 * Registers of a TPM and of a TD, and which holds what.
 *
 * @module
 */

import type { EventLog, LogEvent, Registers } from "./event_log.ts";

/** What a PC Client platform measures where (PFP §3.3.4), by the PCR of a TPM. */
export const PCR = {
  /** Drivers and applications of add-in cards. */
  drivers: 2,
  /** What the firmware boots. */
  bootManager: 4,
  /** Partition table, and what the boot manager does. */
  bootConfiguration: 5,
  /** Secure Boot. */
  secureBoot: 7,
  /** Commands and command lines of GRUB. */
  bootLoader: 8,
  /** Sections of a unified kernel image (systemd-stub). */
  unifiedKernel: 11,
  /** Command line of systemd-stub and systemd-boot. */
  kernelConfiguration: 12,
  /** Keys of the machine's owner (shim). */
  ownerKeys: 14,
} as const;

/** Register of a TD, by the PCR that a TPM would have (UEFI 2.10 §38.4.1); PCR 0 is the MRTD there. */
const RTMR_OF_PCR: readonly (number | null)[] = [
  null,
  0,
  1,
  1,
  1,
  1,
  1,
  0,
  2,
  2,
  2,
  2,
  2,
  2,
  2,
  2,
];

/** Registers that the firmware ends with a separator (PFP §3.3.2.2). */
const FIRMWARE_REGISTERS: Readonly<Record<Registers, readonly number[]>> = {
  pcr: [0, 1, 2, 3, 4, 5, 6, 7],
  rtmr: [0, 1],
};

/**
 * The register that takes what a TPM takes in one of its own.
 *
 * @param registers Kind of registers.
 * @param pcr Register of a TPM.
 * @returns Null where there is none.
 */
export function registerOf(registers: Registers, pcr: number): number | null {
  return registers === "pcr" ? pcr : RTMR_OF_PCR[pcr] ?? null;
}

/**
 * Registers that the firmware ends with a separator.
 *
 * @param registers Kind of registers.
 */
export function firmwareRegisters(registers: Registers): readonly number[] {
  return FIRMWARE_REGISTERS[registers];
}

/**
 * A register for a person, as `PCR 7` or `RTMR 0`.
 *
 * @param registers Kind of registers.
 * @param register Number.
 */
export function registerName(registers: Registers, register: number): string {
  return `${registers.toUpperCase()} ${register}`;
}

/**
 * Events that extend a register, in order.
 *
 * @param log The log.
 * @param register Register.
 */
export function eventsOf(log: EventLog, register: number): readonly LogEvent[] {
  return log.events.filter((event) => event.register === register);
}

/**
 * The runtime register of this boot: how far it has come, in a place that later
 * code cannot turn back (protocol §3).
 *
 * @module
 */

import { equal, toHex } from "../core/bytes.ts";
import {
  type PhaseBank,
  phaseDigestOf,
  type PhaseMark,
  runtimeRegisterOf,
} from "../evidence/statement/binding.ts";
import { readBanks } from "../evidence/tpm/device/capability.ts";
import type { TpmDevice } from "../evidence/tpm/device/device.ts";
import { extendRegister, readRegisters } from "../evidence/tpm/device/registers.ts";
import { nodeError } from "./refusal.ts";

/** PCR of the phase. */
const PHASE_PCR = 15;

/** Banks that verifiers read. */
const BANKS: readonly PhaseBank[] = ["sha256", "sha384"];

/** A bank of the register. */
export interface RegisterBank {
  /** The bank. */
  readonly bank: PhaseBank;
  /** Its value. */
  readonly value: Uint8Array;
}

/** The register. */
export interface RuntimeRegister {
  /** Reads every active bank. */
  read(): Promise<readonly RegisterBank[]>;
  /**
   * Extends one bank.
   *
   * @param bank The bank.
   * @param digest What is extended.
   */
  extend(bank: PhaseBank, digest: Uint8Array): Promise<void>;
}

/** Where the banks of a register stand. */
interface Standing {
  /** How far the first of them has come. */
  readonly mark: PhaseMark;
  /** Banks that are one step behind: whoever extended the others was ended in between. */
  readonly behind: readonly PhaseBank[];
}

/**
 * PCR 15 of a TPM, in each of its active banks that verifiers read.
 *
 * @param device The TPM.
 */
export function tpmRegister(device: TpmDevice): RuntimeRegister {
  return {
    async read() {
      const active = await readBanks(device);
      const selections = BANKS
        .filter((bank) => active.some((one) => isPhaseBank(one, bank)))
        .map((bank) => ({ bank, registers: [PHASE_PCR] }));
      if (selections.length === 0) {
        throw nodeError("node.no_register", "PCR 15 is active in no bank of SHA-256 or SHA-384");
      }
      const { registers } = await readRegisters(device, selections);
      return registers.flatMap(({ bank, value }) =>
        BANKS.filter((one) => one === bank).map((one) => ({ bank: one, value }))
      );
    },
    extend: (bank, digest) => extendRegister(device, PHASE_PCR, { [bank]: digest }),
  };
}

function isPhaseBank(
  selection: { readonly bank: string; readonly registers: readonly number[] },
  bank: PhaseBank,
): boolean {
  return selection.bank === bank && selection.registers.includes(PHASE_PCR);
}

/**
 * Reads how far this boot has come, and brings banks that are one step behind
 * to where the others are.
 *
 * @param register The register.
 * @param clusterId The cluster that the node was launched for, hex.
 * @param admissions What the node may have been admitted as.
 * @throws {OperationError} `node.register`
 */
export async function readPhase(
  register: RuntimeRegister,
  clusterId: string,
  admissions: readonly PhaseMark[],
): Promise<PhaseMark> {
  return await settle(register, [zeroMark(), clusterMark(clusterId), ...admissions]);
}

/**
 * Goes on to a phase; where the register is there already, nothing is extended.
 *
 * @param register The register.
 * @param to The phase: `cluster` from zero, `member` from the cluster.
 * @throws {OperationError} `node.register` where the register holds neither that phase nor the one before.
 */
export async function enterPhase(register: RuntimeRegister, to: PhaseMark): Promise<void> {
  const mark = await settle(register, [markBefore(to), to]);
  if (mark === to) return;
  const banks = await register.read();
  await extendBanks(register, banks.map(({ bank }) => bank), to);
  await confirm(register, to);
}

/** The mark of a boot that knows no cluster yet. */
export function zeroMark(): PhaseMark {
  return { phase: "zero", clusterId: "", role: "", nodeName: "", manifestSequence: 0 };
}

/**
 * The mark of a boot in its cluster, not admitted.
 *
 * @param clusterId The cluster, hex.
 */
export function clusterMark(clusterId: string): PhaseMark {
  return { ...zeroMark(), phase: "cluster", clusterId };
}

function markBefore(mark: PhaseMark): PhaseMark {
  return mark.phase === "member" ? clusterMark(mark.clusterId) : zeroMark();
}

async function settle(
  register: RuntimeRegister,
  marks: readonly PhaseMark[],
): Promise<PhaseMark> {
  const { mark, behind } = standingOf(await register.read(), marks);
  if (behind.length === 0) return mark;
  await extendBanks(register, behind, mark);
  return await confirm(register, mark);
}

/** One bank after the other: who is ended in between finds the others one step behind. */
async function extendBanks(
  register: RuntimeRegister,
  banks: readonly PhaseBank[],
  to: PhaseMark,
): Promise<void> {
  if (to.phase === "zero") throw new RangeError("Cannot extend a register to zero");
  for (const bank of banks) await register.extend(bank, phaseDigestOf(bank, to.phase, to));
}

async function confirm(register: RuntimeRegister, mark: PhaseMark): Promise<PhaseMark> {
  const banks = await register.read();
  const other = banks.find(({ bank, value }) => !equal(value, valueOf(bank, mark)));
  if (other !== undefined) throw unexplained(banks);
  return mark;
}

/** All banks are at one mark, or some at the mark just before it. */
function standingOf(banks: readonly RegisterBank[], marks: readonly PhaseMark[]): Standing {
  for (const mark of marks.toReversed()) {
    const at = banks.filter(({ bank, value }) => equal(value, valueOf(bank, mark)));
    if (at.length === 0) continue;
    const rest = banks.filter((one) => !at.includes(one));
    const before = mark.phase === "zero" ? null : markBefore(mark);
    if (rest.every(({ bank, value }) => before !== null && equal(value, valueOf(bank, before)))) {
      return { mark, behind: rest.map(({ bank }) => bank) };
    }
  }
  throw unexplained(banks);
}

function valueOf(bank: PhaseBank, mark: PhaseMark): Uint8Array {
  return runtimeRegisterOf(bank, mark);
}

function unexplained(banks: readonly RegisterBank[]): Error {
  const actual = banks.map(({ bank, value }) => `${bank} ${toHex(value)}`).join(", ");
  return nodeError("node.register", actual, { fields: { actual } });
}

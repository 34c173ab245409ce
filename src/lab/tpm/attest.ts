/**
 * Quotes: what a TPM says of its registers (TPM 2.0 Library Part 2 §10.12).
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { littleEndian } from "../fields.ts";
import { LAB_HASHES, type LabBank } from "./algorithms.ts";
import { bigEndian, sized } from "./wire.ts";

/** Registers of one bank. */
export interface LabSelection {
  /** Bank. */
  readonly bank: LabBank;
  /** Registers, 0 to 23. */
  readonly registers: readonly number[];
}

/** All that a quote says. The writer checks nothing. */
export interface AttestDescription {
  /** TPM_GENERATED, unless bent. */
  readonly magic: number;
  /** TPM_ST: of a quote, unless bent. */
  readonly type: number;
  /** Qualified Name of the key that signs. */
  readonly qualifiedSigner: Uint8Array;
  /** Data of the caller: the nonce. */
  readonly extraData: Uint8Array;
  /** Milliseconds that the TPM was powered. */
  readonly clock: bigint;
  /** Starts of the TPM. */
  readonly resetCount: number;
  /** Resumes since. */
  readonly restartCount: number;
  /** Whether the clock never ran backwards: 0 or 1. */
  readonly safe: number;
  /** Version of the firmware. */
  readonly firmwareVersion: bigint;
  /** Registers that are quoted. */
  readonly selections: readonly LabSelection[];
  /** Count of selections that is written; default the true one. */
  readonly selectionCount?: number;
  /** Bytes of each bitmap. */
  readonly selectBytes: number;
  /** Hash over their values. */
  readonly pcrDigest: Uint8Array;
  /** What follows the quote. */
  readonly trailing: Uint8Array;
}

/** TPM_GENERATED_VALUE (Part 2 §6.2). */
export const TPM_GENERATED = 0xff54_4347;

/** Types of attestations (Part 2 §6.9, TPM_ST). */
export const ATTEST_TYPES = { quote: 0x8018, certify: 0x8017, time: 0x8019 } as const;

/**
 * Writes a quote.
 *
 * @param description What it says.
 * @returns TPMS_ATTEST.
 * @throws {RangeError} if a number does not fit its field.
 */
export function writeAttest(description: AttestDescription): Uint8Array<ArrayBuffer> {
  const { selections, selectionCount = selections.length, selectBytes } = description;
  return concat(
    bigEndian(description.magic, 4),
    bigEndian(description.type, 2),
    sized(description.qualifiedSigner),
    sized(description.extraData),
    bigEndian(description.clock, 8),
    bigEndian(description.resetCount, 4),
    bigEndian(description.restartCount, 4),
    bigEndian(description.safe, 1),
    bigEndian(description.firmwareVersion, 8),
    bigEndian(selectionCount, 4),
    ...selections.map((selection) => writeSelection(selection, selectBytes)),
    sized(description.pcrDigest),
    description.trailing,
  );
}

/** TPMS_PCR_SELECTION (Part 2 §10.6.2): bit 0 of the first byte is register 0. */
function writeSelection({ bank, registers }: LabSelection, size: number): Uint8Array {
  const bits = new Set(registers);
  const bitmap = [...bits].reduce((sum, register) => sum + 2 ** register, 0);
  return concat(
    bigEndian(LAB_HASHES[bank].id, 2),
    bigEndian(size, 1),
    littleEndian(bitmap, size),
  );
}

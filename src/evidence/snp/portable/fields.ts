/**
 * Fields of a report that hold bits (56860 §4.3 and Table 24), and the numbers around them.
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import type { GuestPolicy, PlatformInfo } from "../report.ts";
import { refuseSnp } from "./refuse.ts";

/** Bits of PLATFORM_INFO with a published meaning: 0 to 5 and 7. */
const PLATFORM_BITS = 0b1011_1111n;

/** The bytes of a report, read by offset; numbers are little-endian. */
export class ReportBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /**
   * Takes a report.
   *
   * @param bytes The whole of it; its length must have been checked.
   */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * Some bytes.
   *
   * @param start Offset of the first.
   * @param length How many.
   */
  at(start: number, length: number): Uint8Array {
    return this.#bytes.subarray(start, start + length);
  }

  /**
   * Some bytes as hex.
   *
   * @param start Offset of the first.
   * @param length How many.
   */
  hex(start: number, length: number): string {
    return toHex(this.at(start, length));
  }

  /**
   * A byte.
   *
   * @param offset Where.
   */
  u8(offset: number): number {
    return this.#view.getUint8(offset);
  }

  /**
   * A number of 32 bits.
   *
   * @param offset Where.
   */
  u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }

  /**
   * A number of 64 bits.
   *
   * @param offset Where.
   */
  u64(offset: number): bigint {
    return this.#view.getBigUint64(offset, true);
  }

  /**
   * Offset of the first byte that is not zero; undefined where all are.
   *
   * @param start First offset.
   * @param end Offset after the last.
   */
  notZero(start: number, end: number): number | undefined {
    const index = this.at(start, end - start).findIndex((byte) => byte !== 0);
    return index < 0 ? undefined : start + index;
  }
}

/**
 * A 64-bit field as text, since a JavaScript number would lose its upper bits.
 *
 * @param word The field.
 */
export function wordText(word: bigint): string {
  return `0x${word.toString(16).padStart(16, "0")}`;
}

function hasBit(word: bigint, bit: number): boolean {
  return (word >> BigInt(bit) & 1n) === 1n;
}

/**
 * POLICY: what the guest's owner demanded at launch.
 *
 * @param raw The field.
 * @throws {RejectedError} `snp.policy_malformed`: bit 17 is zero or one of bits 26 to 63 is one.
 */
export function readPolicy(raw: bigint): GuestPolicy {
  if (!hasBit(raw, 17) || raw >> 26n !== 0n) {
    throw refuseSnp("snp.policy_malformed", {
      expected: "bit 17 one and bits 26 to 63 zero",
      actual: wordText(raw),
    });
  }
  return {
    raw: wordText(raw),
    abiMajor: Number(raw >> 8n & 0xffn),
    abiMinor: Number(raw & 0xffn),
    smt: hasBit(raw, 16),
    migrateMa: hasBit(raw, 18),
    debug: hasBit(raw, 19),
    singleSocket: hasBit(raw, 20),
    cxlAllowed: hasBit(raw, 21),
    memAes256Xts: hasBit(raw, 22),
    raplDisabled: hasBit(raw, 23),
    ciphertextHidingDram: hasBit(raw, 24),
    pageSwapDisabled: hasBit(raw, 25),
  };
}

/**
 * PLATFORM_INFO: state of the host. Bits without a published meaning are shown,
 * not refused, since genuine Turin reports set bit 6.
 *
 * @param raw The field.
 */
export function readPlatformInfo(raw: bigint): PlatformInfo {
  return {
    raw: wordText(raw),
    smtEnabled: hasBit(raw, 0),
    tsmeEnabled: hasBit(raw, 1),
    eccEnabled: hasBit(raw, 2),
    raplDisabled: hasBit(raw, 3),
    ciphertextHidingDramEnabled: hasBit(raw, 4),
    aliasCheckComplete: hasBit(raw, 5),
    tioEnabled: hasBit(raw, 7),
    unknownBits: wordText(raw & ~PLATFORM_BITS),
  };
}

/**
 * Where the fields of an attestation report are (AMD 56860 Table 23), and bits.
 *
 * @module
 */

import { littleEndian } from "../../../src/lab/fields.ts";
import { REPORT_BYTES, SIGNATURE_OFFSET } from "../../../src/lab/mod.ts";

/** A field. */
export interface Field {
  /** Name, as AMD's table has it, in words of code. */
  readonly name: string;
  /** Offset, bytes. */
  readonly at: number;
  /** Bytes. */
  readonly size: number;
}

/** Offsets; each field reaches to the next one. */
const OFFSETS: Readonly<Record<string, number>> = {
  version: 0x000,
  guestSvn: 0x004,
  policy: 0x008,
  familyId: 0x010,
  imageId: 0x020,
  vmpl: 0x030,
  signatureAlgorithm: 0x034,
  currentTcb: 0x038,
  platformInfo: 0x040,
  flags: 0x048,
  reservedFlags: 0x04c,
  reportData: 0x050,
  measurement: 0x090,
  hostData: 0x0c0,
  idKeyDigest: 0x0e0,
  authorKeyDigest: 0x110,
  reportId: 0x140,
  reportIdMa: 0x160,
  reportedTcb: 0x180,
  cpuid: 0x188,
  reservedCpuid: 0x18b,
  chipId: 0x1a0,
  committedTcb: 0x1e0,
  currentVersion: 0x1e8,
  reservedCurrent: 0x1eb,
  committedVersion: 0x1ec,
  reservedCommitted: 0x1ef,
  launchTcb: 0x1f0,
  launchMitigations: 0x1f8,
  currentMitigations: 0x200,
  reservedSigned: 0x208,
  r: SIGNATURE_OFFSET,
  rPadding: SIGNATURE_OFFSET + 48,
  s: SIGNATURE_OFFSET + 72,
  sPadding: SIGNATURE_OFFSET + 72 + 48,
  reservedSignature: SIGNATURE_OFFSET + 144,
};

/** All fields, in order. */
export const FIELDS: readonly Field[] = Object.entries(OFFSETS).map(([name, at], i, all) => ({
  name,
  at,
  size: (all[i + 1]?.[1] ?? REPORT_BYTES) - at,
}));

/** Those that the signature covers. */
export const SIGNED_FIELDS: readonly Field[] = FIELDS.filter(({ at }) => at < SIGNATURE_OFFSET);

/**
 * A field.
 *
 * @param name Its name.
 */
export function field(name: string): Field {
  const found = FIELDS.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`The report has no field ${name}`);
  return found;
}

/**
 * Bytes with others in their place.
 *
 * @param bytes The bytes.
 * @param at Where.
 * @param put What.
 */
export function withBytes(
  bytes: Uint8Array,
  at: number,
  put: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(bytes);
  changed.set(put, at);
  return changed;
}

/**
 * A report with another number in a field.
 *
 * @param report The report.
 * @param name Name of the field.
 * @param value The number, as many bytes as the field has.
 */
export function withNumber(
  report: Uint8Array,
  name: string,
  value: number | bigint,
): Uint8Array<ArrayBuffer> {
  const { at, size } = field(name);
  return withBytes(report, at, littleEndian(value, size));
}

/**
 * Bytes with one bit turned.
 *
 * @param bytes The bytes.
 * @param bit Number of the bit, from the lowest of the first byte on.
 */
export function turned(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte, i) => i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte);
}

/**
 * Writes the ACPI table that points to the event log of a trust domain (ACPI 6.5 §5.2.34).
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { littleEndian } from "../fields.ts";

/** What the table says. */
export interface CcelTableDescription {
  /** Revision. */
  readonly revision: number;
  /** Kind of confidential computing: 2 is TDX. */
  readonly type: number;
  /** Room for the log, bytes. */
  readonly logBytes: number;
  /** Where it lies. */
  readonly logAddress: bigint;
  /** Added to the right checksum. */
  readonly checksumOff: number;
}

const TABLE_BYTES = 56;
const CHECKSUM_AT = 9;

/** A table as firmware makes it. */
export const LAB_CCEL_TABLE: CcelTableDescription = {
  revision: 1,
  type: 2,
  logBytes: 0x40000,
  logAddress: 0xbedb_f000n,
  checksumOff: 0,
};

/**
 * Writes the table.
 *
 * @param description What it says.
 */
export function writeCcelTable(
  description: CcelTableDescription = LAB_CCEL_TABLE,
): Uint8Array {
  const { revision, type, logBytes, logAddress, checksumOff } = description;
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const table = concat(
    text("CCEL"),
    littleEndian(TABLE_BYTES, 4),
    Uint8Array.of(revision, 0),
    text("LAB   "),
    text("CASEMATE"),
    littleEndian(1, 4),
    text("LAB "),
    littleEndian(1, 4),
    Uint8Array.of(type, 0, 0, 0),
    littleEndian(logBytes, 8),
    littleEndian(logAddress, 8),
  );
  const sum = table.reduce((total, byte) => total + byte, 0);
  table[CHECKSUM_AT] = (256 - sum % 256 + checksumOff) % 256;
  return table;
}

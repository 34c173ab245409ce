/**
 * The ACPI table CCEL: where in memory the event log of a trust domain lies
 * (ACPI 6.5 §5.2.34, UEFI 2.10 §38.2). It says nothing about what was measured.
 *
 * @module
 */

import { RejectedError } from "../../core/errors.ts";

/** What the table says. */
export interface CcelTable {
  /** Who made the firmware, as `INTEL EDK2`. */
  readonly maker: string;
  /** Room for the log, bytes. */
  readonly logBytes: number;
  /** Where it lies, `0x` and 16 digits. */
  readonly logAddress: string;
}

/** Bytes of the table. */
const TABLE_BYTES = 56;
const SIGNATURE = "CCEL";
/** Kind of confidential computing: Intel TDX. */
const TDX = 2;
/** No log is larger: firmware gives it some hundred KiB. */
const MAX_LOG_BYTES = 1n << 32n;

/**
 * Whether a file begins as such a table does.
 *
 * @param file The file.
 */
export function looksLikeCcelTable(file: Uint8Array): boolean {
  return file.length >= 8 && asciiOf(file, 0, 4) === SIGNATURE;
}

/**
 * Reads the table.
 *
 * @param file The table.
 * @throws {RejectedError} `gce.ccel_table`
 */
export function readCcelTable(file: Uint8Array): CcelTable {
  if (!looksLikeCcelTable(file)) throw refuse("it does not begin with CCEL");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length !== TABLE_BYTES || view.getUint32(4, true) !== TABLE_BYTES) {
    throw refuse(`it has ${file.length} bytes, expected ${TABLE_BYTES}`);
  }
  if (file.reduce((sum, byte) => sum + byte, 0) % 256 !== 0) throw refuse("its checksum is wrong");
  const [revision, type, subtype] = [view.getUint8(8), view.getUint8(36), view.getUint8(37)];
  if (revision !== 1 || type !== TDX || subtype !== 0 || view.getUint16(38, true) !== 0) {
    throw refuse(`it is of revision ${revision} and type ${type}.${subtype}, expected 1 and 2.0`);
  }
  const logBytes = view.getBigUint64(40, true);
  if (logBytes > MAX_LOG_BYTES) throw refuse("it gives the log more room than there is");
  return {
    maker: `${asciiOf(file, 10, 6).trim()} ${asciiOf(file, 16, 8).trim()}`.trim(),
    logBytes: Number(logBytes),
    logAddress: `0x${view.getBigUint64(48, true).toString(16).padStart(16, "0")}`,
  };
}

/**
 * Refuses a log that the table has no room for: it is another machine's.
 *
 * @param table The table.
 * @param log The log.
 * @throws {RejectedError} `gce.ccel_table`
 */
export function refuseLongerLog({ logBytes }: CcelTable, log: Uint8Array): void {
  if (log.length > logBytes) {
    throw refuse(`it has room for a log of ${logBytes} bytes, this one has ${log.length}`);
  }
}

/** What is no letter is told as a point. */
function asciiOf(file: Uint8Array, at: number, length: number): string {
  return [...file.subarray(at, at + length)].map((byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."
  ).join("");
}

function refuse(problem: string): RejectedError {
  return new RejectedError(`Cannot read the ccel-table: ${problem}`, {
    code: "gce.ccel_table",
    fields: { reason: problem },
  });
}

/**
 * Writes HCL reports, as NV index 0x01400001 of an Azure VM's TPM holds them
 * (Microsoft, "Guest attestation for confidential VMs").
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { exactly, littleEndian, padded } from "../fields.ts";

/** Bytes of the NV index; zeros fill what the report leaves. */
export const HCL_INDEX_BYTES = 2600;

/** Bytes before the hardware report. */
export const HCL_HEADER_BYTES = 32;

/** Bytes that a hardware report has its place in. */
export const HARDWARE_REPORT_BYTES = 1184;

/** Bytes of sizes and types before the runtime data. */
const DATA_HEAD_BYTES = 20;

/** Numbers in an HCL report. */
export const HCL_NUMBERS = {
  /** Request for attestation. */
  attestation: 2,
  /** Hardware report of SEV-SNP. */
  snp: 2,
  /** TD report. */
  tdx: 4,
  /** Runtime data hashed with SHA-256. */
  sha256: 1,
} as const;

/** All that an HCL report says; sizes are the true ones where they are not given. */
export interface HclDescription {
  /** Signature, four bytes. */
  readonly magic: Uint8Array;
  /** Version of the header. */
  readonly version: number;
  /** Size of header, hardware report and data. */
  readonly reportSize?: number;
  /** What was asked for. */
  readonly requestType: number;
  /** Status of the request. */
  readonly status: number;
  /** Reserved, 12 bytes. */
  readonly reserved: Uint8Array;
  /** Hardware report; zeros follow to its place's end. */
  readonly hardwareReport: Uint8Array;
  /** Size of the data with their head. */
  readonly dataSize?: number;
  /** Version of the data. */
  readonly dataVersion: number;
  /** Kind of the hardware report. */
  readonly reportType: number;
  /** Hash that binds the runtime data. */
  readonly hashType: number;
  /** Size of the runtime data. */
  readonly runtimeSize?: number;
  /** Runtime data. */
  readonly runtime: Uint8Array;
  /** What stands behind the report in the index. */
  readonly behind: Uint8Array;
}

/**
 * What an honest paravisor says.
 *
 * @param tee TEE that made the hardware report.
 * @param hardwareReport The hardware report.
 * @param runtime The runtime data.
 */
export function describeHcl(
  tee: "snp" | "tdx",
  hardwareReport: Uint8Array,
  runtime: Uint8Array,
): HclDescription {
  const bytes = HCL_HEADER_BYTES + HARDWARE_REPORT_BYTES + DATA_HEAD_BYTES + runtime.length;
  return {
    magic: new TextEncoder().encode("HCLA"),
    version: 2,
    requestType: HCL_NUMBERS.attestation,
    status: 0,
    reserved: new Uint8Array(12),
    hardwareReport,
    dataVersion: 1,
    reportType: HCL_NUMBERS[tee],
    hashType: HCL_NUMBERS.sha256,
    runtime,
    behind: new Uint8Array(Math.max(0, HCL_INDEX_BYTES - bytes)),
  };
}

/**
 * Writes an HCL report.
 *
 * @param description What it says.
 * @throws {RangeError} if a byte string or number does not fit its place.
 */
export function writeHclReport(description: HclDescription): Uint8Array<ArrayBuffer> {
  const { runtime } = description;
  const dataSize = DATA_HEAD_BYTES + runtime.length;
  const reportSize = HCL_HEADER_BYTES + HARDWARE_REPORT_BYTES + dataSize;
  return concat(
    exactly(4, description.magic),
    littleEndian(description.version, 4),
    littleEndian(description.reportSize ?? reportSize, 4),
    littleEndian(description.requestType, 4),
    littleEndian(description.status, 4),
    exactly(12, description.reserved),
    padded(description.hardwareReport, HARDWARE_REPORT_BYTES),
    littleEndian(description.dataSize ?? dataSize, 4),
    littleEndian(description.dataVersion, 4),
    littleEndian(description.reportType, 4),
    littleEndian(description.hashType, 4),
    littleEndian(description.runtimeSize ?? runtime.length, 4),
    runtime,
    description.behind,
  );
}

/**
 * Writes what quotes report: TD reports (Intel "TDX DCAP Quoting Library API"
 * A.3.2, A.3.3) and reports of enclaves ("SGX ECDSA Quote Library Reference" A.4).
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { exactly, littleEndian } from "../fields.ts";

/** Bytes of a TD report in TDX 1.0. */
export const TD_REPORT_10_BYTES = 584;

/** Bytes of a TD report in TDX 1.5. */
export const TD_REPORT_15_BYTES = 648;

/** Bytes of a report of an enclave. */
export const ENCLAVE_REPORT_BYTES = 384;

/** What a TD report says; the writer checks lengths and ranges, not sense. */
export interface TdReportFields {
  /** TEE_TCB_SVN, 16 bytes. */
  readonly teeTcbSvn: Uint8Array;
  /** MRSEAM, 48 bytes. */
  readonly mrSeam: Uint8Array;
  /** MRSIGNERSEAM, 48 bytes. */
  readonly mrSignerSeam: Uint8Array;
  /** SEAMATTRIBUTES. */
  readonly seamAttributes: bigint;
  /** TD_ATTRIBUTES. */
  readonly tdAttributes: bigint;
  /** XFAM. */
  readonly xfam: bigint;
  /** MRTD, 48 bytes. */
  readonly mrTd: Uint8Array;
  /** MRCONFIGID, 48 bytes. */
  readonly mrConfigId: Uint8Array;
  /** MROWNER, 48 bytes. */
  readonly mrOwner: Uint8Array;
  /** MROWNERCONFIG, 48 bytes. */
  readonly mrOwnerConfig: Uint8Array;
  /** RTMR 0 to 3, 48 bytes each. */
  readonly rtmrs: Rtmrs;
  /** REPORTDATA, 64 bytes. */
  readonly reportData: Uint8Array;
  /** What TDX 1.5 adds; null in TDX 1.0. */
  readonly added: TdReportAddition | null;
}

/** RTMR 0 to 3. */
export type Rtmrs = readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

/** Fields that TDX 1.5 adds. */
export interface TdReportAddition {
  /** TEE_TCB_SVN_2, 16 bytes. */
  readonly teeTcbSvn2: Uint8Array;
  /** MRSERVICETD, 48 bytes. */
  readonly mrServiceTd: Uint8Array;
}

/**
 * Writes a TD report.
 *
 * @param fields What it says.
 * @returns 584 bytes, 648 in TDX 1.5.
 * @throws {RangeError} if a byte string or number does not fit its field exactly.
 */
export function writeTdReport(fields: TdReportFields): Uint8Array<ArrayBuffer> {
  const { added } = fields;
  return concat(
    exactly(16, fields.teeTcbSvn),
    exactly(48, fields.mrSeam),
    exactly(48, fields.mrSignerSeam),
    littleEndian(fields.seamAttributes, 8),
    littleEndian(fields.tdAttributes, 8),
    littleEndian(fields.xfam, 8),
    exactly(48, fields.mrTd),
    exactly(48, fields.mrConfigId),
    exactly(48, fields.mrOwner),
    exactly(48, fields.mrOwnerConfig),
    ...fields.rtmrs.map((rtmr) => exactly(48, rtmr)),
    exactly(64, fields.reportData),
    ...(added === null ? [] : [exactly(16, added.teeTcbSvn2), exactly(48, added.mrServiceTd)]),
  );
}

/** What the report of an enclave says; its reserved fields are zero. */
export interface EnclaveReportFields {
  /** CPUSVN, 16 bytes. */
  readonly cpuSvn: Uint8Array;
  /** MISCSELECT. */
  readonly miscSelect: number;
  /** ISVEXTPRODID, 16 bytes. */
  readonly isvExtProdId: Uint8Array;
  /** ATTRIBUTES: flags. */
  readonly flags: bigint;
  /** ATTRIBUTES: XFRM. */
  readonly xfrm: bigint;
  /** MRENCLAVE, 32 bytes. */
  readonly mrEnclave: Uint8Array;
  /** MRSIGNER, 32 bytes. */
  readonly mrSigner: Uint8Array;
  /** CONFIGID, 64 bytes. */
  readonly configId: Uint8Array;
  /** ISVPRODID. */
  readonly isvProdId: number;
  /** ISVSVN. */
  readonly isvSvn: number;
  /** CONFIGSVN. */
  readonly configSvn: number;
  /** ISVFAMILYID, 16 bytes. */
  readonly isvFamilyId: Uint8Array;
  /** REPORTDATA, 64 bytes. */
  readonly reportData: Uint8Array;
}

/**
 * Writes the report of an enclave.
 *
 * @param fields What it says.
 * @returns 384 bytes.
 * @throws {RangeError} if a byte string or number does not fit its field exactly.
 */
export function writeEnclaveReport(fields: EnclaveReportFields): Uint8Array<ArrayBuffer> {
  return concat(
    exactly(16, fields.cpuSvn),
    littleEndian(fields.miscSelect, 4),
    new Uint8Array(12),
    exactly(16, fields.isvExtProdId),
    littleEndian(fields.flags, 8),
    littleEndian(fields.xfrm, 8),
    exactly(32, fields.mrEnclave),
    new Uint8Array(32),
    exactly(32, fields.mrSigner),
    new Uint8Array(32),
    exactly(64, fields.configId),
    littleEndian(fields.isvProdId, 2),
    littleEndian(fields.isvSvn, 2),
    littleEndian(fields.configSvn, 2),
    new Uint8Array(42),
    exactly(16, fields.isvFamilyId),
    exactly(64, fields.reportData),
  );
}

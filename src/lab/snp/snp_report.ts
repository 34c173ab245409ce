/**
 * Writes and signs SEV-SNP attestation reports (AMD publication 56860,
 * revision 1.58, Table 23 ATTESTATION_REPORT).
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import type { FirmwareVersion } from "../../evidence/snp/report.ts";
import { exactly, littleEndian } from "../fields.ts";
import { type LabKey, signBytes } from "../lab_key.ts";
import type { TcbVersion } from "./amd_leaf.ts";

/** Bytes of a report (56860 Table 23). */
export const REPORT_BYTES = 1184;

/** Offset of SIGNATURE: what lies before it is signed. */
export const SIGNATURE_OFFSET = 0x2a0;

/** Bytes that R and S take each, little-endian (56860 Table 139). */
const SCALAR_BYTES = 72;

/** What a report says; the writer checks lengths and ranges, not sense. */
export interface ReportFields {
  /** VERSION. */
  readonly version: number;
  /** GUEST_SVN. */
  readonly guestSvn: number;
  /** POLICY, the whole field. */
  readonly policy: bigint;
  /** FAMILY_ID, 16 bytes. */
  readonly familyId: Uint8Array;
  /** IMAGE_ID, 16 bytes. */
  readonly imageId: Uint8Array;
  /** VMPL. */
  readonly vmpl: number;
  /** SIGNATURE_ALGO; 1 is ECDSA P-384 with SHA-384. */
  readonly signatureAlgorithm: number;
  /** CURRENT_TCB. */
  readonly currentTcb: TcbVersion;
  /** PLATFORM_INFO, the whole field. */
  readonly platformInfo: bigint;
  /** Word at 0x048: AUTHOR_KEY_EN in bit 0, MASK_CHIP_KEY in bit 1, SIGNING_KEY in bits 4:2. */
  readonly flags: number;
  /** REPORT_DATA, 64 bytes. */
  readonly reportData: Uint8Array;
  /** MEASUREMENT, 48 bytes. */
  readonly measurement: Uint8Array;
  /** HOST_DATA, 32 bytes. */
  readonly hostData: Uint8Array;
  /** ID_KEY_DIGEST, 48 bytes. */
  readonly idKeyDigest: Uint8Array;
  /** AUTHOR_KEY_DIGEST, 48 bytes. */
  readonly authorKeyDigest: Uint8Array;
  /** REPORT_ID, 32 bytes. */
  readonly reportId: Uint8Array;
  /** REPORT_ID_MA, 32 bytes; all 0xff without migration agent. */
  readonly reportIdMa: Uint8Array;
  /** REPORTED_TCB. */
  readonly reportedTcb: TcbVersion;
  /** CPUID_FAM_ID, CPUID_MOD_ID and CPUID_STEP; null leaves them zero, as before version 3. */
  readonly cpuid:
    | { readonly family: number; readonly model: number; readonly stepping: number }
    | null;
  /** CHIP_ID, 64 bytes. */
  readonly chipId: Uint8Array;
  /** COMMITTED_TCB. */
  readonly committedTcb: TcbVersion;
  /** CURRENT_BUILD, CURRENT_MINOR and CURRENT_MAJOR. */
  readonly currentVersion: FirmwareVersion;
  /** COMMITTED_BUILD, COMMITTED_MINOR and COMMITTED_MAJOR. */
  readonly committedVersion: FirmwareVersion;
  /** LAUNCH_TCB. */
  readonly launchTcb: TcbVersion;
  /** LAUNCH_MIT_VECTOR; zero before version 5. */
  readonly launchMitigationVector: bigint;
  /** CURRENT_MIT_VECTOR; zero before version 5. */
  readonly currentMitigationVector: bigint;
}

/**
 * Writes a report, not yet signed.
 *
 * @param fields What it says.
 * @returns 1184 bytes, SIGNATURE all zero.
 * @throws {RangeError} if a byte string or number does not fit its field exactly.
 */
export function writeSnpReport(fields: ReportFields): Uint8Array<ArrayBuffer> {
  const report = new Uint8Array(REPORT_BYTES);
  for (const [offset, bytes] of placements(fields)) report.set(bytes, offset);
  return report;
}

/** Where each field goes (56860 Table 23). */
function placements(fields: ReportFields): readonly (readonly [number, Uint8Array])[] {
  return [
    [0x000, littleEndian(fields.version, 4)],
    [0x004, littleEndian(fields.guestSvn, 4)],
    [0x008, littleEndian(fields.policy, 8)],
    [0x010, exactly(16, fields.familyId)],
    [0x020, exactly(16, fields.imageId)],
    [0x030, littleEndian(fields.vmpl, 4)],
    [0x034, littleEndian(fields.signatureAlgorithm, 4)],
    [0x038, writeTcb(fields.currentTcb)],
    [0x040, littleEndian(fields.platformInfo, 8)],
    [0x048, littleEndian(fields.flags, 4)],
    [0x050, exactly(64, fields.reportData)],
    [0x090, exactly(48, fields.measurement)],
    [0x0c0, exactly(32, fields.hostData)],
    [0x0e0, exactly(48, fields.idKeyDigest)],
    [0x110, exactly(48, fields.authorKeyDigest)],
    [0x140, exactly(32, fields.reportId)],
    [0x160, exactly(32, fields.reportIdMa)],
    [0x180, writeTcb(fields.reportedTcb)],
    [0x188, writeCpuid(fields.cpuid)],
    [0x1a0, exactly(64, fields.chipId)],
    [0x1e0, writeTcb(fields.committedTcb)],
    [0x1e8, writeFirmware(fields.currentVersion)],
    [0x1ec, writeFirmware(fields.committedVersion)],
    [0x1f0, writeTcb(fields.launchTcb)],
    [0x1f8, littleEndian(fields.launchMitigationVector, 8)],
    [0x200, littleEndian(fields.currentMitigationVector, 8)],
  ];
}

/**
 * A TCB_VERSION (56860 §2.2): Turin's layout where there is an FMC, else Milan's and Genoa's.
 *
 * @param tcb Versions, 0 to 255 each.
 * @throws {RangeError} if a version does not fit a byte.
 */
export function writeTcb(tcb: TcbVersion): Uint8Array<ArrayBuffer> {
  const { fmc, bootloader, tee, snp, microcode } = tcb;
  return octets(
    fmc === null
      ? [bootloader, tee, 0, 0, 0, 0, snp, microcode]
      : [fmc, bootloader, tee, snp, 0, 0, 0, microcode],
  );
}

/** Family, model and stepping, a byte each. */
function writeCpuid(cpuid: ReportFields["cpuid"]): Uint8Array {
  return octets(cpuid === null ? [0, 0, 0] : [cpuid.family, cpuid.model, cpuid.stepping]);
}

/** Build, minor and major, a byte each. */
function writeFirmware({ major, minor, build }: FirmwareVersion): Uint8Array {
  return octets([build, minor, major]);
}

/** Bytes out of numbers that must be bytes. */
function octets(values: readonly number[]): Uint8Array<ArrayBuffer> {
  return concat(...values.map((value) => littleEndian(value, 1)));
}

/**
 * Signs a report anew, whatever stands in its SIGNATURE.
 *
 * Use it on bytes that were bent after writing, so that only the bend is wrong.
 *
 * @param report At least the 672 signed bytes; a length other than 1184 is kept.
 * @param key P-384 key pair.
 * @returns A copy with a valid signature (56860 Table 139): R and S little-endian, 72 bytes each.
 * @throws {RangeError} if there is no room for the signature.
 */
export async function signSnpReport(
  report: Uint8Array,
  key: LabKey,
): Promise<Uint8Array<ArrayBuffer>> {
  if (report.length < SIGNATURE_OFFSET + 2 * SCALAR_BYTES) {
    throw new RangeError(
      `Cannot sign report: ${report.length} bytes leave no room for the signature`,
    );
  }
  const signed = concat(report);
  const method = { name: "ECDSA", hash: "SHA-384" } as const;
  const raw = await signBytes(key, method, signed.subarray(0, SIGNATURE_OFFSET));
  const half = raw.length / 2;
  signed.fill(0, SIGNATURE_OFFSET, REPORT_BYTES);
  signed.set(raw.slice(0, half).reverse(), SIGNATURE_OFFSET);
  signed.set(raw.slice(half).reverse(), SIGNATURE_OFFSET + SCALAR_BYTES);
  return signed;
}

/**
 * Attestation reports (56860 Table 23, ATTESTATION_REPORT), versions 2 to 5.
 *
 * @module
 */

import { concat, toHex } from "../../../core/bytes.ts";
import { ECDSA_P384, isInRange } from "../../../core/portable/ecdsa.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import type { FirmwareVersion, SnpReport, Tcb } from "../report.ts";
import { readPlatformInfo, readPolicy, ReportBytes, wordText } from "./fields.ts";
import { refuseSnp } from "./refuse.ts";
import { isReservedZero, type Layout, readTcb } from "../tcb_layout.ts";

/** Size of a report, all versions. */
const REPORT_BYTES = 0x4a0;
/** The signature covers everything before this offset. */
const SIGNATURE_AT = 0x2a0;
/** Versions that AMD has published. */
const VERSIONS = { first: 2, last: 5 } as const;
/** First version with CPUID fields. */
const WITH_CPUID = 3;
/** First version with mitigation vectors. */
const WITH_MITIGATIONS = 5;
/** CPUID family from which on the TCB layout has the FMC. */
const TURIN_FAMILY = 0x1a;
/** VMPL of a report that the host asked for. */
const HOST_VMPL = 0xffff_ffff;
/** Highest VMPL of a guest. */
const MAX_VMPL = 3;
/** SIGNATURE_ALGO of ECDSA P-384 with SHA-384 (Table 138). */
const ECDSA_P384_SHA384 = 1;
/** Bytes of R or S that count, and those that the field has for it (Table 139). */
const NUMBER_BYTES = { used: 48, field: 72 } as const;

/** Keys that sign, by SIGNING_KEY (bits 4:2 at 0x048). */
const SIGNING_KEYS: ReadonlyMap<number, SnpReport["signingKey"]> = new Map([
  [0, "VCEK"],
  [1, "VLEK"],
  [7, "NONE"],
]);

/** A span of offsets, the end excluded. */
type Span = readonly [start: number, end: number];

/** Fields that Table 23 calls zero in every version. */
const RESERVED: readonly Span[] = [
  [0x04c, 0x050],
  [0x18b, 0x1a0],
  [0x1eb, 0x1ec],
  [0x1ef, 0x1f0],
  [0x208, 0x2a0],
];
/** Fields of later versions, zero before. */
const CPUID: Span = [0x188, 0x18b];
const MITIGATIONS: Span = [0x1f8, 0x208];

/** Where the four TCB versions stand, with their names in the specification. */
const TCB_AT = {
  currentTcb: [0x038, "CURRENT_TCB at 0x038"],
  reportedTcb: [0x180, "REPORTED_TCB at 0x180"],
  committedTcb: [0x1e0, "COMMITTED_TCB at 0x1E0"],
  launchTcb: [0x1f0, "LAUNCH_TCB at 0x1F0"],
} as const;

type TcbName = keyof typeof TCB_AT;

/** A report whose TCB versions are not taken apart yet: before version 3 it does not say which layout they have. */
export interface ParsedReport {
  /** Everything else. */
  readonly fields: Omit<SnpReport, TcbName>;
  /** The bytes. */
  readonly bytes: ReportBytes;
  /** The bytes that the signature covers. */
  readonly signed: Uint8Array;
  /** R and S, big-endian. */
  readonly signature: Uint8Array;
}

/**
 * Reads a report for showing it: the operation `snp_report`.
 *
 * A report of version 2 does not say its processor: it is shown in Milan's
 * layout, unless only Turin's leaves the reserved bytes zero.
 *
 * @param parts The report.
 * @throws {RejectedError} those of {@linkcode parseReport} and {@linkcode settleReport}.
 */
export function snpReport(parts: readonly Uint8Array[]): SnpReport {
  const [bytes = new Uint8Array()] = argumentsOf(parts, 1);
  const report = parseReport(bytes);
  const fitsTurin = firstReserved(report, "turin") === undefined;
  const fitsMilan = firstReserved(report, "milan") === undefined;
  return settleReport(report, fitsTurin && !fitsMilan ? "turin" : "milan");
}

/**
 * Reads a report.
 *
 * @param raw The bytes.
 * @throws {RejectedError} `snp.report_length`, `snp.report_version`,
 * `snp.reserved_not_zero`, `snp.policy_malformed`, `snp.signature_algorithm`,
 * `snp.signing_key_unknown`, `snp.signature_encoding`
 */
export function parseReport(raw: Uint8Array): ParsedReport {
  if (raw.length !== REPORT_BYTES) {
    throw refuseSnp("snp.report_length", {
      expected: `${REPORT_BYTES} bytes`,
      actual: `${raw.length} bytes`,
    });
  }
  const bytes = new ReportBytes(raw);
  const version = readVersion(bytes);
  checkReserved(bytes, version);
  const flags = readFlags(bytes);
  const policy = readPolicy(bytes.u64(0x008));
  const vmpl = readVmpl(bytes);
  const signatureAlgorithm = readSignatureAlgorithm(bytes);
  const signature = readSignature(bytes);
  const parsed: ParsedReport = {
    fields: {
      ...plainFields(bytes, version),
      ...flags,
      policy,
      vmpl,
      signatureAlgorithm,
      signature: {
        r: toHex(signature.subarray(0, NUMBER_BYTES.used)),
        s: toHex(signature.subarray(NUMBER_BYTES.used)),
      },
    },
    bytes,
    signed: raw.subarray(0, SIGNATURE_AT),
    signature,
  };
  if (isSigned(parsed) && !isInRange(signature, ECDSA_P384)) throw outOfRange(parsed);
  if (parsed.fields.cpuid !== null) settleReport(parsed, "milan");
  return parsed;
}

/** Fields that any bytes can be. */
function plainFields(
  bytes: ReportBytes,
  version: number,
): Omit<SnpReport, TcbName | keyof Flags | "policy" | "vmpl" | "signatureAlgorithm" | "signature"> {
  const mitigations = (offset: number): string | null =>
    version < WITH_MITIGATIONS ? null : wordText(bytes.u64(offset));
  const [family, model, stepping] = [bytes.u8(0x188), bytes.u8(0x189), bytes.u8(0x18a)];
  return {
    version,
    guestSvn: bytes.u32(0x004),
    familyId: bytes.hex(0x010, 16),
    imageId: bytes.hex(0x020, 16),
    platformInfo: readPlatformInfo(bytes.u64(0x040)),
    reportData: bytes.hex(0x050, 64),
    measurement: bytes.hex(0x090, 48),
    hostData: bytes.hex(0x0c0, 32),
    idKeyDigest: bytes.hex(0x0e0, 48),
    authorKeyDigest: bytes.hex(0x110, 48),
    reportId: bytes.hex(0x140, 32),
    reportIdMa: bytes.hex(0x160, 32),
    cpuid: version < WITH_CPUID ? null : { family, model, stepping },
    chipId: bytes.hex(0x1a0, 64),
    currentVersion: readFirmware(bytes, 0x1e8),
    committedVersion: readFirmware(bytes, 0x1ec),
    launchMitigationVector: mitigations(0x1f8),
    currentMitigationVector: mitigations(0x200),
  };
}

function readFirmware(bytes: ReportBytes, offset: number): FirmwareVersion {
  return { major: bytes.u8(offset + 2), minor: bytes.u8(offset + 1), build: bytes.u8(offset) };
}

function readVersion(bytes: ReportBytes): number {
  const version = bytes.u32(0x000);
  if (version >= VERSIONS.first && version <= VERSIONS.last) return version;
  throw refuseSnp("snp.report_version", {
    expected: `${VERSIONS.first} to ${VERSIONS.last}`,
    actual: `${version}`,
  });
}

function checkReserved(bytes: ReportBytes, version: number): void {
  const spans = [
    ...RESERVED,
    ...(version < WITH_CPUID ? [CPUID] : []),
    ...(version < WITH_MITIGATIONS ? [MITIGATIONS] : []),
  ];
  for (const [start, end] of spans) {
    const at = bytes.notZero(start, end);
    if (at === undefined) continue;
    const field = `byte 0x${at.toString(16).padStart(3, "0")}`;
    throw refuseSnp("snp.reserved_not_zero", { field });
  }
}

/** What the bits at 0x048 say. */
type Flags = Pick<SnpReport, "authorKeyEnabled" | "maskChipKey" | "signingKey">;

function readFlags(bytes: ReportBytes): Flags {
  const flags = bytes.u32(0x048);
  if (flags >= 1 << 5) {
    throw refuseSnp("snp.reserved_not_zero", {
      field: "bits 31:5 at 0x048",
      actual: `0x${flags.toString(16).padStart(8, "0")}`,
    });
  }
  const signingKey = SIGNING_KEYS.get(flags >> 2);
  if (signingKey === undefined) {
    throw refuseSnp("snp.signing_key_unknown", {
      expected: "0 (VCEK), 1 (VLEK) or 7 (none)",
      actual: `${flags >> 2}`,
    });
  }
  return { authorKeyEnabled: (flags & 1) !== 0, maskChipKey: (flags & 2) !== 0, signingKey };
}

function readVmpl(bytes: ReportBytes): number {
  const vmpl = bytes.u32(0x030);
  if (vmpl <= MAX_VMPL || vmpl === HOST_VMPL) return vmpl;
  throw refuseSnp("snp.reserved_not_zero", {
    field: "VMPL at 0x030",
    expected: `0 to ${MAX_VMPL}, or ${HOST_VMPL} for the host`,
    actual: `${vmpl}`,
  });
}

function readSignatureAlgorithm(bytes: ReportBytes): number {
  const algorithm = bytes.u32(0x034);
  if (algorithm === ECDSA_P384_SHA384) return algorithm;
  throw refuseSnp("snp.signature_algorithm", {
    expected: `${ECDSA_P384_SHA384} (ECDSA P-384 with SHA-384)`,
    actual: `${algorithm}`,
  });
}

/** Table 139: R and S little-endian in 72 bytes each, the rest zero. Gives them big-endian. */
function readSignature(bytes: ReportBytes): Uint8Array {
  const { used, field } = NUMBER_BYTES;
  const rEnd = SIGNATURE_AT + field;
  const sEnd = rEnd + field;
  const zeros: readonly (readonly [string, number, number])[] = [
    ["above R", SIGNATURE_AT + used, rEnd],
    ["above S", rEnd + used, sEnd],
    ["after S", sEnd, REPORT_BYTES],
  ];
  for (const [where, start, end] of zeros) {
    if (bytes.notZero(start, end) !== undefined) {
      throw refuseSnp("snp.signature_encoding", { expected: `zeros ${where}` });
    }
  }
  const reversed = (start: number): Uint8Array => bytes.at(start, used).slice().reverse();
  return concat(reversed(SIGNATURE_AT), reversed(rEnd));
}

/** Reducing numbers that are out of range would make one signature out of several. */
function outOfRange({ fields }: ParsedReport): Error {
  const { r, s } = fields.signature;
  return refuseSnp("snp.signature_encoding", {
    expected: "R and S at least 1 and below the order of the group",
    actual: `R ${r}, S ${s}`,
  });
}

/**
 * Whether the platform signed a report at all (MASK_CHIP_KEY, SIGNING_KEY).
 *
 * @param report The report.
 */
export function isSigned({ fields }: ParsedReport): boolean {
  return !fields.maskChipKey && fields.signingKey !== "NONE";
}

/**
 * Takes the TCB versions of a report apart.
 *
 * @param report The report.
 * @param layout Layout where the report does not say its processor; a later one has that of its CPUID.
 * @throws {RejectedError} `snp.reserved_not_zero`
 */
export function settleReport(report: ParsedReport, layout: Layout): SnpReport {
  const wrong = firstReserved(report, layout);
  if (wrong !== undefined) {
    const [offset, field] = TCB_AT[wrong];
    throw refuseSnp("snp.reserved_not_zero", { field, actual: report.bytes.hex(offset, 8) });
  }
  const tcb = (name: TcbName): Tcb =>
    readTcb(report.bytes.at(TCB_AT[name][0], 8), layoutOf(report, layout));
  return {
    ...report.fields,
    currentTcb: tcb("currentTcb"),
    reportedTcb: tcb("reportedTcb"),
    committedTcb: tcb("committedTcb"),
    launchTcb: tcb("launchTcb"),
  };
}

/** The first TCB version with a reserved byte that is not zero. */
function firstReserved(report: ParsedReport, layout: Layout): TcbName | undefined {
  const names = ["currentTcb", "reportedTcb", "committedTcb", "launchTcb"] as const;
  return names.find((name) =>
    !isReservedZero(report.bytes.at(TCB_AT[name][0], 8), layoutOf(report, layout))
  );
}

function layoutOf({ fields: { cpuid } }: ParsedReport, otherwise: Layout): Layout {
  if (cpuid === null) return otherwise;
  return cpuid.family >= TURIN_FAMILY ? "turin" : "milan";
}

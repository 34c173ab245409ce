/**
 * HCL reports: a header, a hardware report, and the runtime data that it binds
 * (Microsoft, "HCL report", NV index 0x01400001). All numbers are little-endian.
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import { checkSize } from "../../../core/portable/refuse.ts";
import type { HclHash, HclReport } from "../report.ts";
import { refuseHcl } from "./refuse.ts";
import { readRuntime } from "./runtime.ts";
import { readTdReportStruct } from "./td_report.ts";

/** Largest file, bytes. Azure's have 2600. */
export const MAX_BYTES = 16 * 1024;

const MAGIC = "48434c41";
/** Versions of the header. */
const HEADER_VERSIONS: readonly number[] = [1, 2];
/** A request for attestation. */
const REQUEST_TYPE = 2;
/** Where the status begins, and the hardware report after it. */
const STATUS_START = 16;
const REPORT_START = 32;
/** Where the place of the hardware report ends, and the head of the runtime data begins. */
const HEAD_START = 1216;
/** Where the runtime data begin. */
const RUNTIME_START = 1236;
/** Version of the head of the runtime data. */
const HEAD_VERSION = 1;

/** A kind of hardware report. */
interface Tee {
  /** Its name. */
  readonly name: HclReport["reportType"];
  /** Length of the report, bytes. */
  readonly bytes: number;
  /** Where its report data begin: SEV-SNP ABI table 23; REPORTDATA of REPORTMACSTRUCT. */
  readonly reportDataAt: number;
}

const TEES: ReadonlyMap<number, Tee> = new Map([
  [2, { name: "snp", bytes: 1184, reportDataAt: 0x50 }],
  [4, { name: "tdx", bytes: 1024, reportDataAt: 128 }],
]);
const REPORT_DATA_BYTES = 64;

const HASHES: ReadonlyMap<number, HclHash> = new Map([
  [1, "sha256"],
  [2, "sha384"],
  [3, "sha512"],
]);

/** What the head of the runtime data says. */
interface Head {
  /** Kind of the hardware report. */
  readonly tee: Tee;
  /** Hash that binds the runtime data. */
  readonly hash: HclHash;
  /** Where the runtime data end, and the report with them. */
  readonly end: number;
}

/**
 * Reads an HCL report; nothing is verified: the operation `hcl_report`.
 *
 * @param parts The report.
 * @throws {RejectedError} `hcl.*`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export function hclReport(parts: readonly Uint8Array[]): HclReport {
  const [blob = new Uint8Array()] = argumentsOf(parts, 1);
  checkSize(blob, "hcl-report", MAX_BYTES);
  if (blob.length < RUNTIME_START) {
    const reason = `${blob.length} bytes are fewer than the ${RUNTIME_START} of its headers`;
    throw refuseHcl("hcl.length", reason);
  }
  const version = readVersion(blob);
  const { tee, hash, end } = readHead(blob);
  checkZero(blob.subarray(end), "bytes behind the report are not zero");
  checkZero(
    blob.subarray(REPORT_START + tee.bytes, HEAD_START),
    "bytes behind the hardware report are not zero",
  );
  const hardware = blob.subarray(REPORT_START, REPORT_START + tee.bytes);
  const reportData = hardware.subarray(tee.reportDataAt, tee.reportDataAt + REPORT_DATA_BYTES);
  return {
    version,
    reportType: tee.name,
    hardwareReport: toHex(hardware),
    tdReport: tee.name === "tdx" ? readTdReportStruct(hardware) : null,
    reportData: toHex(reportData),
    runtime: readRuntime(hash, blob.subarray(RUNTIME_START, end)),
  };
}

function u32(blob: Uint8Array, at: number): number {
  return new DataView(blob.buffer, blob.byteOffset, blob.byteLength).getUint32(at, true);
}

/** The first header, but for its size. */
function readVersion(blob: Uint8Array): number {
  if (toHex(blob.subarray(0, 4)) !== MAGIC) {
    throw refuseHcl("hcl.magic", "it does not begin with HCLA");
  }
  const version = u32(blob, 4);
  if (!HEADER_VERSIONS.includes(version)) {
    throw refuseHcl("hcl.version", `its header has version ${version}`);
  }
  const type = u32(blob, 12);
  if (type !== REQUEST_TYPE) throw refuseHcl("hcl.request_type", `its request has type ${type}`);
  checkZero(blob.subarray(STATUS_START, REPORT_START), "its status or what follows is not zero");
  return version;
}

/** The second header. */
function readHead(blob: Uint8Array): Head {
  const version = u32(blob, 1220);
  if (version !== HEAD_VERSION) {
    throw refuseHcl("hcl.version", `the head of its runtime data has version ${version}`);
  }
  const [teeType, hashType] = [u32(blob, 1224), u32(blob, 1228)];
  const tee = TEES.get(teeType);
  if (tee === undefined) {
    throw refuseHcl("hcl.report_type", `its hardware report has type ${teeType}`);
  }
  const hash = HASHES.get(hashType);
  if (hash === undefined) throw refuseHcl("hcl.hash_type", `its hash has type ${hashType}`);
  return { tee, hash, end: readEnd(blob) };
}

/** Three sizes say the same; which of them a reader believes must not matter. */
function readEnd(blob: Uint8Array): number {
  const [reportSize, dataSize, variableSize] = [u32(blob, 8), u32(blob, 1216), u32(blob, 1232)];
  const fits = dataSize === RUNTIME_START - HEAD_START + variableSize &&
    reportSize === HEAD_START + dataSize && reportSize <= blob.length;
  if (fits) return reportSize;
  const sizes = `${reportSize}, ${dataSize} and ${variableSize}`;
  throw refuseHcl("hcl.length", `its sizes ${sizes} do not fit ${blob.length} bytes`);
}

function checkZero(bytes: Uint8Array, reason: string): void {
  if (bytes.some((byte) => byte !== 0)) throw refuseHcl("hcl.reserved", reason);
}

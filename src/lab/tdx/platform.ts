/**
 * The platform that the lab's quotes come from, and what the lab says of it:
 * TCB info and QE identity whose levels it reaches.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { addDays } from "../dates.ts";
import {
  type EnclaveTcb,
  pcsTime,
  type PlatformTcb,
  type QeIdentity,
  type TcbComponentSvn,
  type TcbInfo,
  type TcbLevel,
  type TdxModuleIdentity,
} from "./collateral.ts";
import type { PckFields } from "./pck.ts";

/** Status that a level of TCB info or QE identity can have. */
export type LevelStatus =
  | "UpToDate"
  | "SWHardeningNeeded"
  | "ConfigurationNeeded"
  | "ConfigurationAndSWHardeningNeeded"
  | "OutOfDate"
  | "OutOfDateConfigurationNeeded"
  | "Revoked";

/** All statuses of levels. */
export const LEVEL_STATUSES: readonly LevelStatus[] = [
  "UpToDate",
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
  "OutOfDate",
  "OutOfDateConfigurationNeeded",
  "Revoked",
];

/** Days that a document holds, as Intel's. */
const DOCUMENT_DAYS = 30;

/** Number of the TCB recovery that the lab is at. */
const EVALUATION_NUMBER = 20;

/** Age in days of the newest level, and days between levels. */
const NEWEST_LEVEL_DAYS = 60;
const BETWEEN_LEVELS_DAYS = 365;

/** What the components stand for, in Intel's words; the others stand for nothing. */
const SGX_COMPONENTS: readonly Omit<TcbComponentSvn, "svn">[] = [
  { category: "BIOS", type: "Early Microcode Update" },
  { category: "OS/VMM", type: "SGX Late Microcode Update" },
  { category: "OS/VMM", type: "TXT SINIT" },
  { category: "BIOS" },
  { category: "BIOS" },
  { category: "BIOS" },
  {},
  { category: "OS/VMM", type: "SEAMLDR ACM" },
];

/** The same of TDX. */
const TDX_COMPONENTS: readonly Omit<TcbComponentSvn, "svn">[] = [
  { category: "OS/VMM", type: "TDX Module" },
  { category: "OS/VMM", type: "TDX Module" },
  { category: "OS/VMM", type: "TDX Late Microcode Update" },
];

/** What runs on the platform, and what the lab thinks of it. */
export interface Platform {
  /** Moment of issue of what is said. */
  readonly now: Date;
  /** Kind of TEE. */
  readonly tee: "TDX" | "SGX";
  /** What its PCK certificate certifies. */
  readonly pck: PckFields;
  /** SVNs of TDX, 16 bytes: [0] and [1] are SVN and version of the module. */
  readonly tdxSvn: Uint8Array;
  /** Signer of the quoting enclave, 32 bytes. */
  readonly qeSigner: Uint8Array;
  /** ISVPRODID of the quoting enclave. */
  readonly qeProdId: number;
  /** ISVSVN of the quoting enclave. */
  readonly qeSvn: number;
  /** Status of the level that the platform reaches. */
  readonly tcbStatus: LevelStatus;
  /** Status of the level that the TDX module reaches. */
  readonly moduleStatus: LevelStatus;
  /** Status of the level that the quoting enclave reaches. */
  readonly qeStatus: LevelStatus;
}

/**
 * TCB info that the platform reaches a level of: of the wanted status, with a
 * newer level above unless it is up to date, and older ones below.
 *
 * @param platform The platform.
 */
export function tcbInfoOf(platform: Platform): TcbInfo {
  const { tee, pck, tcbStatus } = platform;
  return {
    id: tee,
    version: 3,
    ...validityOf(platform),
    fmspc: toHex(pck.fmspc).toUpperCase(),
    pceId: toHex(pck.pceId).toUpperCase(),
    tcbType: 0,
    tcbEvaluationDataNumber: EVALUATION_NUMBER,
    ...(tee === "TDX" ? modulesOf(platform) : {}),
    tcbLevels: levels(platform, tcbStatus, "INTEL-SA-9900", (step) => platformTcb(platform, step)),
  };
}

/**
 * The identity of the platform's quoting enclave.
 *
 * @param platform The platform.
 */
export function qeIdentityOf(platform: Platform): QeIdentity {
  const { tee, qeSigner, qeProdId, qeSvn, qeStatus } = platform;
  return {
    id: tee === "TDX" ? "TD_QE" : "QE",
    version: 2,
    ...validityOf(platform),
    tcbEvaluationDataNumber: EVALUATION_NUMBER,
    miscselect: "00000000",
    miscselectMask: "FFFFFFFF",
    attributes: "11000000000000000000000000000000",
    // As Intel's: MODE64BIT and XFRM do not count.
    attributesMask: "FBFFFFFFFFFFFFFF0000000000000000",
    mrsigner: toHex(qeSigner).toUpperCase(),
    isvprodid: qeProdId,
    tcbLevels: levels(platform, qeStatus, "INTEL-SA-9902", (step) => enclaveTcb(qeSvn, step)),
  };
}

/** Time of issue and of the next one. */
function validityOf(
  { now }: Platform,
): { readonly issueDate: string; readonly nextUpdate: string } {
  return { issueDate: pcsTime(now), nextUpdate: pcsTime(addDays(now, DOCUMENT_DAYS)) };
}

/** The TDX module that runs, and another one, which must not be taken for it. */
function modulesOf(
  platform: Platform,
): Required<Pick<TcbInfo, "tdxModule" | "tdxModuleIdentities">> {
  const [svn = 0, version = 0] = platform.tdxSvn;
  const module = {
    mrsigner: "00".repeat(48),
    attributes: "00".repeat(8),
    attributesMask: "FF".repeat(8),
  };
  const identity = (of: number, status: LevelStatus): TdxModuleIdentity => ({
    id: `TDX_${of.toString(16).toUpperCase().padStart(2, "0")}`,
    ...module,
    tcbLevels: levels(platform, status, "INTEL-SA-9901", (step) => enclaveTcb(svn, step)),
  });
  const running = version === 0 ? [] : [identity(version, platform.moduleStatus)];
  return {
    tdxModule: module,
    tdxModuleIdentities: [identity((version + 2) % 256, "OutOfDate"), ...running],
  };
}

/**
 * Levels from the newest to the oldest. The one that is reached has the wanted
 * status; the others differ in their SVNs by as much as their step says.
 */
function levels<Tcb>(
  { now }: Platform,
  reached: LevelStatus,
  advisory: string,
  tcbAt: (step: number) => Tcb,
): readonly TcbLevel<Tcb>[] {
  const above: readonly LevelStatus[] = reached === "UpToDate" ? [] : ["UpToDate"];
  const below: readonly LevelStatus[] = ["OutOfDate", "Revoked"];
  return [...above, reached, ...below].map((tcbStatus, i) => ({
    tcb: tcbAt(above.length - i),
    tcbDate: dayBefore(now, NEWEST_LEVEL_DAYS + i * BETWEEN_LEVELS_DAYS),
    tcbStatus,
    ...(tcbStatus === "UpToDate" ? {} : { advisoryIDs: advisoriesOf(advisory, i) }),
  }));
}

/** Advisories of a level: one more for each level that is newer. */
function advisoriesOf(prefix: string, level: number): readonly string[] {
  return Array.from({ length: level + 1 }, (_, i) => `${prefix}${i}`);
}

/** Start of the day that many days before. */
function dayBefore(now: Date, days: number): string {
  return `${pcsTime(addDays(now, -days)).slice(0, 10)}T00:00:00Z`;
}

/** SVNs of a level of the platform that lies a step above or below what the platform has. */
function platformTcb({ tee, pck, tdxSvn }: Platform, step: number): PlatformTcb {
  const tcb = { sgxtcbcomponents: components(pck.components, SGX_COMPONENTS, step) };
  // The version of the module is not an SVN: Intel writes zero in its place.
  const tdx = [...tdxSvn].map((svn, i) => i === 1 ? 0 : svn);
  return {
    ...tcb,
    pcesvn: pck.pceSvn,
    ...(tee === "TDX" ? { tdxtcbcomponents: components(tdx, TDX_COMPONENTS, step) } : {}),
  };
}

/** SVNs a step above or below; what is zero is not in use. */
function components(
  svns: readonly number[],
  names: readonly Omit<TcbComponentSvn, "svn">[],
  step: number,
): readonly TcbComponentSvn[] {
  return svns.map((svn, i) => ({ svn: svn === 0 ? 0 : shifted(svn, step), ...names[i] }));
}

/** SVN of a level of an enclave or module, two a step, as Intel's. */
function enclaveTcb(svn: number, step: number): EnclaveTcb {
  return { isvsvn: shifted(svn, 2 * step) };
}

/** An SVN a step above or below, within a byte. */
function shifted(svn: number, step: number): number {
  return Math.min(255, Math.max(0, svn + step));
}

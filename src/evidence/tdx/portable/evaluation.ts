/**
 * What TCB info and QE identity say of a platform: quoting enclave, module,
 * levels, status of all together (PCS, "Get TDX TCB Info"; the relaunch by the
 * design of Intel's quote verification library).
 *
 * @module
 */

import { momentText } from "../../../core/portable/moment.ts";
import type { EnclaveReport, Pck, TcbEvaluation, TcbStatus } from "../report.ts";
import { checkInForce, type EnclaveTcb, type Level, reachedOf } from "./level.ts";
import { findPlatformLevels, type ReachedPlatform } from "./platform_level.ts";
import type { QeIdentity } from "./qe_identity.ts";
import { judgeQuotingEnclave } from "./quoting_enclave.ts";
import { converge, hasFault } from "./status.ts";
import type { TcbInfo } from "./tcb_info.ts";
import type { ParsedTdReport } from "./td_report.ts";
import { findModule, judgeModule, moduleSvnOf, type ReachedModule } from "./tdx_module.ts";

/** What is judged. */
export interface Judged {
  /** What Intel certifies of the platform. */
  readonly pck: Pck;
  /** Report of the quoting enclave. */
  readonly qeReport: EnclaveReport;
  /** Report of the trust domain; null for an enclave. */
  readonly td: ParsedTdReport | null;
}

/** All levels that were reached. */
interface Reached {
  readonly qe: Level<EnclaveTcb>;
  /** The module at launch. */
  readonly module: ReachedModule | null;
  readonly sgx: ReachedPlatform;
  readonly platform: ReachedPlatform;
}

/**
 * Judges a platform.
 *
 * @param info TCB info, of the same TEE.
 * @param identity QE identity, of the same TEE.
 * @param judged What is judged.
 * @throws {RejectedError} `tdx.qe_*`, `tdx.module_*`, `tdx.tcb_level_not_found`, `tdx.tcb_revoked`
 */
export function evaluate(info: TcbInfo, identity: QeIdentity, judged: Judged): TcbEvaluation {
  const { pck, qeReport, td } = judged;
  const qe = judgeQuotingEnclave(identity, qeReport);
  const module = td === null ? null : judgeModule(info, td);
  const { sgx, both } = findPlatformLevels(info, pck, td?.teeTcbSvn ?? null);
  const reached: Reached = { qe, module, sgx, platform: both };
  checkAllInForce(reached);
  return describe(reached, statusOf(info, reached, td), qeReport.isvSvn);
}

/** What is revoked can be forged, whichever part it is; the SGX half signs for the quoting enclave. */
function checkAllInForce({ qe, module, sgx, platform }: Reached): void {
  checkInForce(sgx.level, "sgx");
  checkInForce(platform.level, "platform");
  if (module !== null) checkInForce(module.level, "module");
  checkInForce(qe, "qe");
}

function statusOf(info: TcbInfo, reached: Reached, td: ParsedTdReport | null): TcbStatus {
  const { qe, module, platform, sgx } = reached;
  const own = converge(platform.level.status, module?.level.status ?? "UpToDate");
  const running = td?.teeTcbSvn2 ?? null;
  if (running === null || !mayRelaunch(reached) || !isNewest(info, running)) {
    return converge(own, qe.status);
  }
  const configuration = [sgx.level.status, own].some((one) => hasFault(one, "configuration"));
  const advised = configuration ? "TDRelaunchAdvisedConfigurationNeeded" : "TDRelaunchAdvised";
  return converge(advised, qe.status);
}

/** A relaunch helps where nothing is out of date but the module that the TD was launched on. */
function mayRelaunch({ qe, module, sgx }: Reached): boolean {
  return module?.level.status === "OutOfDate" &&
    ![qe.status, sgx.level.status].some((one) => hasFault(one, "out-of-date"));
}

/**
 * Whether the module that runs now, and what loads it, are as new as the newest
 * levels: component 0 is the module's SVN, or the SVN is its identity's, and
 * component 2 is that of the microcode.
 */
function isNewest(info: TcbInfo, teeTcbSvn2: Uint8Array): boolean {
  const { isvSvn, version } = moduleSvnOf(teeTcbSvn2);
  const newest = info.levels[0]?.tcb.tdx;
  if (newest === undefined || newest === null) return false;
  const [ofPlatform = 0, _, microcode = 0] = newest;
  const least = version === 0 ? ofPlatform : findModule(info, version).levels[0]?.tcb.isvSvn;
  return least !== undefined && isvSvn >= least && (teeTcbSvn2[2] ?? 0) >= microcode;
}

function describe(reached: Reached, status: TcbStatus, qeSvn: number): TcbEvaluation {
  const { qe, module, sgx, platform } = reached;
  const counted = [platform.level, qe, ...(module === null ? [] : [module.level])];
  return {
    status,
    tcbDate: momentText(Math.min(...counted.map(({ date }) => date))),
    advisoryIds: [...new Set(counted.flatMap(({ advisoryIds }) => advisoryIds))].sort(),
    sgx: { ...reachedOf(sgx.level), level: sgx.index },
    platform: { ...reachedOf(platform.level), level: platform.index },
    module: module === null
      ? null
      : { ...reachedOf(module.level), id: module.id, isvSvn: module.isvSvn },
    qe: { ...reachedOf(qe), isvSvn: qeSvn },
  };
}

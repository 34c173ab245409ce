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
import { findSgxLevel, findTdxLevel, type ReachedPlatform } from "./platform_level.ts";
import type { QeIdentity } from "./qe_identity.ts";
import { judgeQuotingEnclave } from "./quoting_enclave.ts";
import { converge, hasFault } from "./status.ts";
import type { TcbInfo } from "./tcb_info.ts";
import type { ParsedTdReport } from "./td_report.ts";
import { checkModule, findModuleLevel, type ReachedModule } from "./tdx_module.ts";

/** What is judged. */
export interface Judged {
  /** What Intel certifies of the platform. */
  readonly pck: Pck;
  /** Report of the quoting enclave. */
  readonly qeReport: EnclaveReport;
  /** Report of the trust domain; null for an enclave. */
  readonly td: ParsedTdReport | null;
}

/** The levels that one TCB reached. */
interface ReachedTcb {
  readonly platform: ReachedPlatform;
  readonly module: ReachedModule | null;
}

/** All levels that were reached. */
interface Reached {
  readonly qe: Level<EnclaveTcb>;
  readonly sgx: ReachedPlatform;
  readonly launched: ReachedTcb;
  /** What runs since; null where nothing says so. */
  readonly running: ReachedTcb | null;
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
  const qe = judgeQuotingEnclave(identity, judged.qeReport);
  const reached = { qe, ...findLevels(info, judged) };
  checkAllInForce(reached);
  return describe(reached, judged.qeReport.isvSvn);
}

function findLevels(info: TcbInfo, { pck, td }: Judged): Omit<Reached, "qe"> {
  if (td === null) {
    const sgx = findSgxLevel(info, pck);
    return { sgx, launched: { platform: sgx, module: null }, running: null };
  }
  checkModule(info, td);
  const sgx = findSgxLevel(info, pck);
  const tcbOf = (teeTcbSvn: Uint8Array): ReachedTcb => ({
    module: findModuleLevel(info, teeTcbSvn),
    platform: findTdxLevel(info, pck, teeTcbSvn),
  });
  const launched = tcbOf(td.teeTcbSvn);
  return { sgx, launched, running: td.teeTcbSvn2 === null ? null : tcbOf(td.teeTcbSvn2) };
}

/**
 * What is revoked can be forged, whichever part it is; the SGX half signs for
 * the quoting enclave, and the module that runs sees all that is in the domain.
 */
function checkAllInForce({ qe, sgx, launched, running }: Reached): void {
  checkInForce(sgx.level, "sgx");
  for (const tcb of [launched, running]) {
    if (tcb === null) continue;
    checkInForce(tcb.platform.level, "platform");
    if (tcb.module !== null) checkInForce(tcb.module.level, "module");
  }
  checkInForce(qe, "qe");
}

/**
 * A launch anew helps where the domain was launched out of date and what runs is
 * not; otherwise what is wrong with either is wrong.
 */
function statusOf({ qe, launched, running }: Reached): TcbStatus {
  const of = ({ platform, module }: ReachedTcb): TcbStatus =>
    converge(platform.level.status, module?.level.status ?? "UpToDate", qe.status);
  const first = of(launched);
  if (running === null) return first;
  const now = of(running);
  if (!hasFault(first, "out-of-date") || hasFault(now, "out-of-date")) return converge(first, now);
  return [first, now].some((one) => hasFault(one, "configuration"))
    ? "TDRelaunchAdvisedConfigurationNeeded"
    : "TDRelaunchAdvised";
}

function describe(reached: Reached, qeSvn: number): TcbEvaluation {
  const { qe, sgx, launched, running } = reached;
  const { platform, module } = launched;
  const counted = [launched, running].flatMap((tcb) =>
    tcb === null ? [] : [tcb.platform.level, ...(tcb.module === null ? [] : [tcb.module.level])]
  );
  return {
    status: statusOf(reached),
    tcbDate: momentText(Math.min(qe.date, ...counted.map(({ date }) => date))),
    advisoryIds: [...new Set([qe, ...counted].flatMap(({ advisoryIds }) => advisoryIds))].sort(),
    sgx: { ...reachedOf(sgx.level), level: sgx.index },
    platform: { ...reachedOf(platform.level), level: platform.index },
    module: module === null
      ? null
      : { ...reachedOf(module.level), id: module.id, isvSvn: module.isvSvn },
    qe: { ...reachedOf(qe), isvSvn: qeSvn },
  };
}

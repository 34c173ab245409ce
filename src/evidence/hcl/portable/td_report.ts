/**
 * A TD's own report (Intel TDX Module ABI Specification, TDREPORT_STRUCT:
 * REPORTMACSTRUCT, TEE_TCB_INFO, 17 reserved bytes, TDINFO_STRUCT). Its MAC is
 * for the platform that made it: nobody else can verify it.
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import type { TdReportStruct } from "../report.ts";
import { refuseHcl } from "./refuse.ts";

/** REPORTTYPE.TYPE of a TD. */
const TD_TYPE = 0x81;
/** Bytes of a measurement. */
const MEASUREMENT = 48;

/**
 * Reads a TD's report.
 *
 * @param report TDREPORT_STRUCT, 1024 bytes.
 * @throws {RejectedError} `hcl.report_type` where it is of another TEE.
 */
export function readTdReportStruct(report: Uint8Array): TdReportStruct {
  const [type = 0] = report;
  if (type !== TD_TYPE) {
    throw refuseHcl("hcl.report_type", `its TD report has type ${type}, not ${TD_TYPE}`);
  }
  const field = (at: number, bytes = MEASUREMENT): string => toHex(report.subarray(at, at + bytes));
  return {
    cpuSvn: field(16, 16),
    reportData: field(128, 64),
    teeTcbSvn: field(264, 16),
    mrSeam: field(280),
    mrSignerSeam: field(328),
    seamAttributes: field(376, 8),
    teeTcbSvn2: field(384, 16),
    tdAttributes: field(512, 8),
    xfam: field(520, 8),
    mrTd: field(528),
    mrConfigId: field(576),
    mrOwner: field(624),
    mrOwnerConfig: field(672),
    rtmrs: [field(720), field(768), field(816), field(864)],
    mrServiceTd: field(912),
  };
}

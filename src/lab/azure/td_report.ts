/**
 * Writes TD reports as the TDX module hands them to a guest (Intel TDX Module
 * ABI Specification, TDREPORT_STRUCT): what a quote repeats, under a MAC that
 * only its own platform can check.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { exactly, littleEndian, padded } from "../fields.ts";
import type { TdReportFields } from "../tdx/quote_body.ts";

/** Bytes of a TD report. */
export const TD_REPORT_STRUCT_BYTES = 1024;

/** Bytes of TEE_TCB_INFO, and of its place. */
const TCB_INFO_BYTES = 239;
const TCB_INFO_PLACE = 256;

/** Bytes of TDINFO. */
const TD_INFO_BYTES = 512;

/** First byte of REPORTTYPE: a report of TDX. */
const TDX = 0x81;

/**
 * Writes a TD report. Nobody here has the key of its MAC, which stays random.
 *
 * @param fields What it says, as a quote does.
 * @param cpuSvn CPUSVN, 16 bytes.
 * @returns 1024 bytes.
 * @throws {RangeError} if a byte string or number does not fit its field exactly.
 */
export async function writeTdReportStruct(
  fields: TdReportFields,
  cpuSvn: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const [tcbInfo, tdInfo] = [writeTcbInfo(fields), writeTdInfo(fields)];
  const mac = concat(
    padded(Uint8Array.of(TDX), 16),
    exactly(16, cpuSvn),
    await sha384(tcbInfo),
    await sha384(tdInfo),
    exactly(64, fields.reportData),
    new Uint8Array(32),
    crypto.getRandomValues(new Uint8Array(32)),
  );
  return concat(mac, padded(tcbInfo, TCB_INFO_PLACE), tdInfo);
}

/** TEE_TCB_INFO: VALID names the fields that it has. */
function writeTcbInfo(fields: TdReportFields): Uint8Array<ArrayBuffer> {
  const valid = 0x301ff;
  return padded(
    concat(
      littleEndian(valid, 8),
      exactly(16, fields.teeTcbSvn),
      exactly(48, fields.mrSeam),
      exactly(48, fields.mrSignerSeam),
      littleEndian(fields.seamAttributes, 8),
      exactly(16, fields.added?.teeTcbSvn2 ?? fields.teeTcbSvn),
    ),
    TCB_INFO_BYTES,
  );
}

function writeTdInfo(fields: TdReportFields): Uint8Array<ArrayBuffer> {
  return padded(
    concat(
      littleEndian(fields.tdAttributes, 8),
      littleEndian(fields.xfam, 8),
      exactly(48, fields.mrTd),
      exactly(48, fields.mrConfigId),
      exactly(48, fields.mrOwner),
      exactly(48, fields.mrOwnerConfig),
      ...fields.rtmrs.map((rtmr) => exactly(48, rtmr)),
      exactly(48, fields.added?.mrServiceTd ?? new Uint8Array(48)),
    ),
    TD_INFO_BYTES,
  );
}

async function sha384(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
}

/**
 * The request to `/dev/tdx_guest` as the kernel takes it (include/uapi/linux/tdx-guest.h);
 * compared with what a C compiler makes of that header by the task `device:abi`.
 *
 * @module
 */

/** `_IOWR('T', 1, struct tdx_report_req)`. */
export const TDX_GET_REPORT0 = 0xc4405401;

/** Report data, then the TD report (TDREPORT_STRUCT). */
export const TDX_REQUEST = { reportData: 64, tdReport: 1024, size: 1088 } as const;

/**
 * `struct tdx_report_req`.
 *
 * @param reportData 64 bytes.
 */
export function writeTdRequest(reportData: Uint8Array): Uint8Array<ArrayBuffer> {
  if (reportData.length !== TDX_REQUEST.reportData) {
    throw new RangeError("Report data have 64 bytes");
  }
  const bytes = new Uint8Array(TDX_REQUEST.size);
  bytes.set(reportData);
  return bytes;
}

/**
 * The TD report in a request that the kernel filled.
 *
 * @param request The request.
 */
export function readTdReport(request: Uint8Array): Uint8Array<ArrayBuffer> {
  return request.slice(TDX_REQUEST.reportData, TDX_REQUEST.size);
}

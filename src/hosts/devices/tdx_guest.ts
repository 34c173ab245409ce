/**
 * TD reports from `/dev/tdx_guest`. No other machine can check one: a quote needs
 * the host's quoting enclave, which configfs-tsm asks.
 *
 * @module
 */

import type { ReportDevice } from "../../core/node_ports.ts";
import { systemFailure } from "./failure.ts";
import type { GuestPorts } from "./sev_guest.ts";
import { readTdReport, TDX_GET_REPORT0, writeTdRequest } from "./tdx_guest_abi.ts";

/** Where the device is, below the root. */
export const TDX_GUEST = "/dev/tdx_guest";

/** Waits while the TDX module is busy, ms. */
const WAITS: readonly number[] = [1, 5, 20, 100, 500];

/**
 * The TEE behind `/dev/tdx_guest`.
 *
 * @param ports Device and time.
 */
export function tdxGuest({ devices, timer, root = "" }: GuestPorts): ReportDevice {
  const path = `${root}${TDX_GUEST}`;
  return {
    async report(reportData) {
      const device = devices.open(path);
      try {
        const request = writeTdRequest(reportData);
        for (const wait of [...WAITS, 0]) {
          const errno = device.ioctl(TDX_GET_REPORT0, request);
          if (errno === null) {
            const report = readTdReport(request);
            const nothing = { certificates: null, lists: [] };
            return { provider: "tdx_guest", report, isQuote: false, ...nothing };
          }
          if (!["EBUSY", "EAGAIN", "EINTR"].includes(errno)) {
            throw systemFailure(path, "ask", errno);
          }
          await timer.wait(wait);
        }
        throw systemFailure(path, "ask", "EBUSY");
      } finally {
        device.close();
      }
    },
  };
}

/**
 * Reports of SEV-SNP from `/dev/sev-guest`, for kernels without configfs-tsm.
 *
 * @module
 */

import type { ReportDevice, TeeReport } from "../../core/node_ports.ts";
import type { Timer } from "../../core/ports.ts";
import { deviceFailure, systemFailure } from "./failure.ts";
import type { GuestDevice, GuestDevices } from "./guest_device.ts";
import {
  readCertificatesLength,
  readGuestErrors,
  readResponse,
  SEV_GUEST_REQUEST,
  SEV_GUEST_SIZE,
  type SevGuestErrors,
  VMM_ERROR,
  writeExtReportRequest,
  writeGuestRequest,
  writeReportRequest,
} from "./sev_guest_abi.ts";

/** Where the device is, below the root. */
export const SEV_GUEST = "/dev/sev-guest";

/** Room for certificates that the kernel allows (SEV_FW_BLOB_MAX_SIZE), and what is followed where it allows more. */
const CERTIFICATES = { first: 0x4000, most: 0x40000, page: 0x1000 } as const;

/** Waits while the hypervisor is busy, ms: it admits some requests a second. */
const WAITS: readonly number[] = [50, 100, 200, 400, 800, 1600, 2000, 2000];

/** What it works with. */
export interface GuestPorts {
  /** Opens the device. */
  readonly devices: GuestDevices;
  /** Waits between attempts. */
  readonly timer: Timer;
  /** What stands before the path; default nothing. */
  readonly root?: string;
}

/** What came of one request. */
interface Asked {
  readonly errno: string | null;
  readonly errors: SevGuestErrors;
  readonly response: Uint8Array<ArrayBuffer>;
}

/**
 * The TEE behind `/dev/sev-guest`.
 *
 * @param ports Device and time.
 */
export function sevGuest(ports: GuestPorts): ReportDevice {
  const path = `${ports.root ?? ""}${SEV_GUEST}`;
  return {
    async report(reportData, privilege = 0) {
      const device = ports.devices.open(path);
      try {
        return await new SevGuest(ports, device, path).report(reportData, privilege);
      } finally {
        device.close();
      }
    },
  };
}

class SevGuest {
  readonly #ports: GuestPorts;
  readonly #device: GuestDevice;
  readonly #path: string;

  constructor(ports: GuestPorts, device: GuestDevice, path: string) {
    this.#ports = ports;
    this.#device = device;
    this.#path = path;
  }

  async report(reportData: Uint8Array, vmpl: number): Promise<TeeReport> {
    const extended = await this.#extended(reportData, vmpl, CERTIFICATES.first);
    if (extended !== null) return extended;
    const request = writeReportRequest(reportData, vmpl);
    return this.#reportIn(await this.#ask(SEV_GUEST_REQUEST.getReport, request), null);
  }

  /** Null where hypervisor or kernel do not have requests with certificates. */
  async #extended(
    reportData: Uint8Array,
    vmpl: number,
    length: number,
  ): Promise<TeeReport | null> {
    const certificates = new Uint8Array(length);
    const address = this.#ports.devices.addressOf(certificates);
    const request = writeExtReportRequest(reportData, vmpl, { address, length });
    const asked = await this.#ask(SEV_GUEST_REQUEST.getExtReport, request);
    if (asked.errno === null) return this.#reportIn(asked, withoutZeros(certificates));
    if (asked.errors.vmm === VMM_ERROR.invalidLength) {
      const wanted = readCertificatesLength(request);
      if (wanted > length && wanted <= CERTIFICATES.most && wanted % CERTIFICATES.page === 0) {
        return await this.#extended(reportData, vmpl, wanted);
      }
      throw deviceFailure(
        "device.too_large",
        `Cannot ask ${this.#path}: the hypervisor wants room for certificates of ${wanted} bytes`,
        { path: this.#path, actual: String(wanted), limit: String(CERTIFICATES.most) },
      );
    }
    if (asked.errors.firmware === 0 && ["ENOTTY", "EINVAL", "EIO"].includes(asked.errno)) {
      return null;
    }
    throw this.#failed(asked);
  }

  async #ask(number: number, request: Uint8Array<ArrayBuffer>): Promise<Asked> {
    for (const wait of WAITS) {
      const asked = this.#askOnce(number, request);
      if (!isBusy(asked)) return asked;
      await this.#ports.timer.wait(wait);
    }
    const asked = this.#askOnce(number, request);
    if (isBusy(asked)) throw systemFailure(this.#path, "ask", "EBUSY");
    return asked;
  }

  #askOnce(number: number, request: Uint8Array<ArrayBuffer>): Asked {
    const { devices } = this.#ports;
    const response = new Uint8Array(SEV_GUEST_SIZE.reportResponse);
    const envelope = writeGuestRequest(devices.addressOf(request), devices.addressOf(response));
    const errno = this.#device.ioctl(number, envelope);
    return { errno, errors: readGuestErrors(envelope), response };
  }

  #reportIn(asked: Asked, certificates: Uint8Array | null): TeeReport {
    if (asked.errno !== null) throw this.#failed(asked);
    const { status, report } = readResponse(asked.response);
    if (status !== 0) throw this.#failed({ ...asked, errors: { firmware: status, vmm: 0 } });
    if (report.length === 0) {
      const fields = { path: this.#path };
      throw deviceFailure("device.answer", `Cannot read what ${this.#path} answers`, fields);
    }
    return { provider: "sev_guest", report, isQuote: true, certificates, lists: [] };
  }

  #failed({ errno, errors: { firmware, vmm } }: Asked): Error {
    if (firmware === 0 && vmm === 0) return systemFailure(this.#path, "ask", errno ?? "EIO");
    const who = vmm === 0 ? `the firmware, error 0x${firmware.toString(16)}` : "";
    const hypervisor = vmm === 0 ? "" : `the hypervisor, error 0x${vmm.toString(16)}`;
    const says = who + hypervisor;
    return deviceFailure("device.refused", `Cannot ask ${this.#path}: refused by ${says}`, {
      path: this.#path,
      firmware: String(firmware),
      vmm: String(vmm),
    });
  }
}

function isBusy({ errno, errors }: Asked): boolean {
  return errno !== null &&
    (errors.vmm === VMM_ERROR.busy || ["EBUSY", "EAGAIN", "EINTR"].includes(errno));
}

/** A hypervisor without certificates leaves the room as it was. */
function withoutZeros(table: Uint8Array): Uint8Array | null {
  return table.some((byte) => byte !== 0) ? table : null;
}

/**
 * Requests to `/dev/sev-guest` as the kernel takes them (include/uapi/linux/sev-guest.h);
 * compared byte for byte with what a C compiler makes of that header by the task `device:abi`.
 *
 * @module
 */

/** Numbers of the requests: `_IOWR('S', n, struct snp_guest_request_ioctl)`. */
export const SEV_GUEST_REQUEST = { getReport: 0xc0205300, getExtReport: 0xc0205302 } as const;

/** Sizes of the structures, bytes. */
export const SEV_GUEST_SIZE = {
  request: 32,
  reportRequest: 96,
  reportResponse: 4000,
  extReportRequest: 112,
} as const;

/** Version of the messages between guest and firmware. */
const MESSAGE_VERSION = 1;

/** Where in `snp_guest_request_ioctl` the errors of firmware and hypervisor come back. */
const EXIT_INFO = 24;

/** Where the report stands in the answer (AMD 56860, MSG_REPORT_RSP). */
const RESPONSE = { status: 0, size: 4, report: 32 } as const;

/** Errors of the hypervisor (GHCB specification, `SNP_GUEST_VMM_ERR_*`). */
export const VMM_ERROR = { invalidLength: 1, busy: 2 } as const;

/** What firmware and hypervisor said. */
export interface SevGuestErrors {
  /** The firmware's; 0 without. */
  readonly firmware: number;
  /** The hypervisor's; 0 without. */
  readonly vmm: number;
}

/**
 * `struct snp_report_req`.
 *
 * @param reportData 64 bytes.
 * @param vmpl Privilege level of the report.
 */
export function writeReportRequest(reportData: Uint8Array, vmpl: number): Uint8Array<ArrayBuffer> {
  if (reportData.length !== 64) throw new RangeError("Report data have 64 bytes");
  const bytes = new Uint8Array(SEV_GUEST_SIZE.reportRequest);
  bytes.set(reportData);
  new DataView(bytes.buffer).setUint32(64, vmpl, true);
  return bytes;
}

/**
 * `struct snp_ext_report_req`.
 *
 * @param reportData 64 bytes.
 * @param vmpl Privilege level of the report.
 * @param certificates Address and length of the room for certificates.
 */
export function writeExtReportRequest(
  reportData: Uint8Array,
  vmpl: number,
  certificates: { readonly address: bigint; readonly length: number },
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SEV_GUEST_SIZE.extReportRequest);
  bytes.set(writeReportRequest(reportData, vmpl));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(96, certificates.address, true);
  view.setUint32(104, certificates.length, true);
  return bytes;
}

/**
 * `struct snp_guest_request_ioctl`.
 *
 * @param request Address of the request.
 * @param response Address of the room for the answer.
 */
export function writeGuestRequest(request: bigint, response: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SEV_GUEST_SIZE.request);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, MESSAGE_VERSION);
  view.setBigUint64(8, request, true);
  view.setBigUint64(16, response, true);
  return bytes;
}

/**
 * Errors that came back in the request.
 *
 * @param request The request, as the kernel left it.
 */
export function readGuestErrors(request: Uint8Array): SevGuestErrors {
  const view = new DataView(request.buffer, request.byteOffset);
  return {
    firmware: view.getUint32(EXIT_INFO, true),
    vmm: view.getUint32(EXIT_INFO + 4, true),
  };
}

/**
 * Length of the certificates that the kernel wants room for.
 *
 * @param request The request with certificates, as the kernel left it.
 */
export function readCertificatesLength(request: Uint8Array): number {
  return new DataView(request.buffer, request.byteOffset).getUint32(104, true);
}

/** What the firmware answered. */
export interface SevGuestResponse {
  /** 0 without error. */
  readonly status: number;
  /** The report; empty where its length reaches past the answer. */
  readonly report: Uint8Array<ArrayBuffer>;
}

/**
 * `struct snp_report_resp`, which holds MSG_REPORT_RSP.
 *
 * @param response The answer.
 */
export function readResponse(response: Uint8Array): SevGuestResponse {
  const view = new DataView(response.buffer, response.byteOffset);
  const end = RESPONSE.report + view.getUint32(RESPONSE.size, true);
  const report = end > response.length ? new Uint8Array() : response.slice(RESPONSE.report, end);
  return { status: view.getUint32(RESPONSE.status, true), report };
}

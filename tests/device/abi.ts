/**
 * Task `device:abi`: the requests to the kernel's devices are byte for byte those
 * that a C compiler makes of its headers.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromFileUrl, output, run } from "../../scripts/process.ts";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import {
  readCertificatesLength,
  readGuestErrors,
  SEV_GUEST_REQUEST,
  SEV_GUEST_SIZE,
  VMM_ERROR,
  writeExtReportRequest,
  writeGuestRequest,
  writeReportRequest,
} from "../../src/hosts/devices/sev_guest_abi.ts";
import {
  TDX_GET_REPORT0,
  TDX_REQUEST,
  writeTdRequest,
} from "../../src/hosts/devices/tdx_guest_abi.ts";
import { trixieHeaders } from "./headers.ts";

const REPORT_DATA = Uint8Array.from({ length: 64 }, (_, i) => i + 1);
const CERTIFICATES = { address: 0x0102030405060708n, length: 0x4000 };

/** What the program here makes, by the names that the C program prints. */
const OURS: Readonly<Record<string, string | number>> = {
  "getReport": SEV_GUEST_REQUEST.getReport,
  "getExtReport": SEV_GUEST_REQUEST.getExtReport,
  "getReport0": TDX_GET_REPORT0,
  "size.request": SEV_GUEST_SIZE.request,
  "size.reportRequest": SEV_GUEST_SIZE.reportRequest,
  "size.reportResponse": SEV_GUEST_SIZE.reportResponse,
  "size.extReportRequest": SEV_GUEST_SIZE.extReportRequest,
  "size.tdRequest": TDX_REQUEST.size,
  // What is read is read at these places.
  "at.errors": 24,
  "at.certificatesLength": 104,
  "at.tdReport": TDX_REQUEST.reportData,
  "vmm.invalidLength": VMM_ERROR.invalidLength,
  "vmm.busy": VMM_ERROR.busy,
  "reportRequest": toHex(writeReportRequest(REPORT_DATA, 3)),
  "extReportRequest": toHex(writeExtReportRequest(REPORT_DATA, 3, CERTIFICATES)),
  "guestRequest": toHex(writeGuestRequest(0x1122334455667788n, 0x99aabbccddeeff00n)),
  "tdRequest": toHex(writeTdRequest(REPORT_DATA)),
};

Deno.test("requests to the kernel are those of its headers", async () => {
  const theirs = await compiled();
  const failed = fromHex(theirs.get("guestRequest.failed") ?? "");
  assert.deepEqual(readGuestErrors(failed), { firmware: 0x16, vmm: VMM_ERROR.busy });
  theirs.delete("guestRequest.failed");
  const extended = fromHex(theirs.get("extReportRequest") ?? "");
  assert.equal(readCertificatesLength(extended), CERTIFICATES.length);
  const ours = Object.entries(OURS).map(([name, value]) => [name, String(value)] as const);
  assert.deepEqual(Object.fromEntries(ours), Object.fromEntries(theirs));
});

/** What the C program prints. */
async function compiled(): Promise<Map<string, string>> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_abi_" });
  try {
    const includes = (await trixieHeaders()).flatMap((path) => ["-isystem", path]);
    const source = fromFileUrl(new URL("abi.c", import.meta.url));
    await run("gcc", ["-Wall", "-Werror", ...includes, "-o", `${folder}/abi`, source]);
    const lines = (await output(`${folder}/abi`, [])).trim().split("\n");
    return new Map(lines.map((line): [string, string] => {
      const at = line.indexOf(" ");
      return [line.slice(0, at), line.slice(at + 1)];
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

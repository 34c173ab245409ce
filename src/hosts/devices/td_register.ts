/**
 * RTMR 3 of a TD by the kernel's measurement registers (Linux 6.16,
 * Documentation/ABI/testing/sysfs-devices-virtual-misc-tdx_guest): reading the
 * file gives the value, writing 48 bytes in one piece extends it.
 *
 * @module
 */

import type { TdRegister } from "../../core/node_ports.ts";
import { UnavailableError } from "../../core/errors.ts";
import { deviceFailure, errnoOf, isBusy, systemFailure } from "./failure.ts";
import { denoGuestDevices } from "./guest_device.ts";
import type { MachinePorts } from "./machine.ts";
import { tdxGuest } from "./tdx_guest.ts";
import { denoTsmFiles } from "./tsm_files.ts";

/** Where the register is, below the root. */
export const RTMR3 = "/sys/devices/virtual/misc/tdx_guest/measurements/rtmr3:sha384";

/** Bytes of a register. */
const RTMR_BYTES = 48;

/** Where RTMR 3 stands in a TD report: TDINFO begins at 512, its RTMRs at 208 (Intel TDX Module ABI Specification, TDREPORT_STRUCT). */
const RTMR3_AT = 512 + 208 + 3 * RTMR_BYTES;

/** Why there is no such file: an older kernel, or one that was built without it. */
const NOT_THERE: readonly string[] = ["ENOENT", "ENOTDIR", "ENODEV", "ENXIO"];

/** Waits while the TDX module is busy, which extends nothing, ms. */
const WAITS: readonly number[] = [1, 5, 20, 100, 500];

/**
 * Opens the register.
 *
 * @param ports Files, device and time.
 * @throws {UnavailableError} `device.*`
 */
export async function openTdRegister(ports: MachinePorts): Promise<TdRegister> {
  const path = `${ports.root ?? ""}${RTMR3}`;
  const found = await readFile(ports, path);
  const isExtendable = found !== "not there";
  return {
    isExtendable,
    async read() {
      const value = isExtendable ? await readFile(ports, path) : "not there";
      return value instanceof Uint8Array ? value : await readReport(ports);
    },
    async extend(digest) {
      if (digest.length !== RTMR_BYTES) throw new RangeError("A register takes 48 bytes");
      await extend(ports, path, digest);
    },
  };
}

async function readFile(
  { files = denoTsmFiles }: MachinePorts,
  path: string,
): Promise<Uint8Array | "not there" | "not readable"> {
  let value: Uint8Array;
  try {
    value = await files.read(path, RTMR_BYTES);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === null) throw cause;
    if (NOT_THERE.includes(errno)) return "not there";
    if (errno === "EACCES" || errno === "EPERM") return "not readable";
    throw systemFailure(path, "read", errno, cause);
  }
  if (value.length === RTMR_BYTES) return value;
  const message = `Cannot use ${path}: expected ${RTMR_BYTES} bytes, got ${value.length}`;
  throw deviceFailure("device.answer", message, { path, actual: `${value.length} bytes` });
}

/** The same by a report of the TD about itself; null where there is no such device. */
async function readReport(
  { devices = denoGuestDevices(), timer, root = "" }: MachinePorts,
): Promise<Uint8Array | null> {
  try {
    const { report } = await tdxGuest({ devices, timer, root }).report(new Uint8Array(64));
    return report.slice(RTMR3_AT, RTMR3_AT + RTMR_BYTES);
  } catch (error) {
    if (error instanceof UnavailableError && NO_DEVICE.includes(error.code)) return null;
    throw error;
  }
}

/** The device is not there, or nothing stands behind it. */
const NO_DEVICE: readonly string[] = ["device.unreachable", "device.no_provider"];

async function extend(
  { files = denoTsmFiles, timer }: MachinePorts,
  path: string,
  digest: Uint8Array,
): Promise<void> {
  for (const wait of [...WAITS, null]) {
    try {
      return await files.writeOnce(path, digest);
    } catch (cause) {
      const errno = errnoOf(cause);
      if (errno === null) throw cause;
      if (wait === null || !isBusy(errno)) throw systemFailure(path, "extend", errno, cause);
      await timer.wait(wait);
    }
  }
}

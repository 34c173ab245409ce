/**
 * What the kernel shows of the machine, and the TEE that it has.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { InputError, UnavailableError } from "../../core/errors.ts";
import type { Machine, ReportDevice, TeeReport } from "../../core/node_ports.ts";
import type { Random, Timer } from "../../core/ports.ts";
import { configfsTsm, readProvider, TSM_REPORT } from "./configfs_tsm.ts";
import { errnoOf, failureOf } from "./failure.ts";
import { denoGuestDevices, type GuestDevices } from "./guest_device.ts";
import { labTee } from "./lab_tee.ts";
import { SEV_GUEST, sevGuest } from "./sev_guest.ts";
import { TDX_GUEST, tdxGuest } from "./tdx_guest.ts";
import { denoTsmFiles, type TsmFiles } from "./tsm_files.ts";

/** What looking at a machine needs. */
export interface MachinePorts {
  /** Waits between attempts. */
  readonly timer: Timer;
  /** Makes names that nobody else has. */
  readonly random: Random;
  /** What stands before each path; default nothing. */
  readonly root?: string;
  /** Files of configfs; default the machine's own. */
  readonly files?: TsmFiles;
  /** Character devices; default the machine's own. */
  readonly devices?: GuestDevices;
}

/** Largest file that is looked at: those of DMI have one line. */
const MAX_TEXT_BYTES = 4096;

/** Why a file cannot be read where that means that it says nothing: DMI may be root's alone, or the attribute without value. */
const SAYS_NOTHING: readonly string[] = ["ENOENT", "ENXIO", "ENODEV", "EACCES", "EPERM", "EIO"];

/**
 * The machine.
 *
 * @param ports Where it is looked at.
 */
export function denoMachine({ root = "", files = denoTsmFiles, random }: MachinePorts): Machine {
  return {
    text: (path) => textOf(files, `${root}${path}`),
    exists: (path) => exists(`${root}${path}`),
    async teeProvider() {
      const entry = `${root}${TSM_REPORT}/casemate-${toHex(random.bytes(12))}`;
      try {
        await files.makeFolder(entry);
      } catch (cause) {
        if (["ENOENT", "ENXIO", "ENODEV"].includes(errnoOf(cause) ?? "")) return null;
        throw failureOf(`${root}${TSM_REPORT}`, "make a request in", cause);
      }
      try {
        return readProvider(entry, await files.read(`${entry}/provider`, MAX_TEXT_BYTES));
      } catch (cause) {
        throw failureOf(`${entry}/provider`, "read", cause);
      } finally {
        await files.removeFolder(entry).catch((cause: unknown) => {
          throw failureOf(entry, "remove", cause);
        });
      }
    },
  };
}

async function textOf(files: TsmFiles, path: string): Promise<string | null> {
  try {
    return new TextDecoder().decode(await files.read(path, MAX_TEXT_BYTES)).trim();
  } catch (cause) {
    if (SAYS_NOTHING.includes(errnoOf(cause) ?? "")) return null;
    throw failureOf(path, "read", cause);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (cause) {
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(cause) ?? "")) return false;
    throw failureOf(path, "look at", cause);
  }
}

/** Ways to a TEE that can be named. */
const NAMED = ["auto", "none", "configfs-tsm", "sev-guest", "tdx-guest"] as const;

/**
 * Opens the TEE that is named, or the one that the machine has. The lab's is
 * only ever the one that is named.
 *
 * @param address `auto`, `none`, `configfs-tsm`, `sev-guest`, `tdx-guest` or `unix:/PATH` of the lab's.
 * @param ports What it works with.
 * @returns Null where there is none.
 * @throws {InputError} `input.value` where it is no such address.
 */
export async function openTee(
  address: string,
  ports: MachinePorts,
): Promise<ReportDevice | null> {
  const { root = "", files = denoTsmFiles, devices = denoGuestDevices() } = ports;
  const all = { ...ports, root, files, devices };
  if (/^unix:\/./.test(address)) return labTee(address.slice("unix:".length));
  switch (NAMED.find((name) => name === address)) {
    case "auto":
      return await found(all);
    case "none":
      return null;
    case "configfs-tsm":
      return configfsTsm(all);
    case "sev-guest":
      return sevGuest(all);
    case "tdx-guest":
      return tdxGuest(all);
    default: {
      const expected = `${NAMED.join(", ")} or unix:/PATH`;
      const fields = { address, expected };
      const message = `Cannot use ${JSON.stringify(address)} as a TEE: expected ${expected}`;
      throw new InputError(message, { code: "input.value", fields });
    }
  }
}

/** configfs-tsm first: it alone gives quotes of TDX, and one interface is one to be tried. */
async function found(
  ports: Required<MachinePorts>,
): Promise<ReportDevice | null> {
  const provider = await providerOrNull(ports);
  if (provider !== null) return configfsTsm(ports);
  if (await exists(`${ports.root}${SEV_GUEST}`)) return sevGuest(ports);
  return await exists(`${ports.root}${TDX_GUEST}`) ? tdxGuest(ports) : null;
}

async function providerOrNull(ports: MachinePorts): Promise<TeeReport["provider"] | null> {
  try {
    return await denoMachine(ports).teeProvider();
  } catch (error) {
    // A TEE that is not known here is none that evidence can be had of.
    if (error instanceof UnavailableError && error.code === "device.answer") return null;
    throw error;
  }
}

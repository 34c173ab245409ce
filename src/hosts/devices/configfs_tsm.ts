/**
 * Reports of a TEE through configfs-tsm, the kernel's one interface for all of
 * them (Linux 6.7, Documentation/ABI/testing/configfs-tsm): a folder for each
 * request, the question written in one piece, the answer read, the folder removed.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { UnavailableError } from "../../core/errors.ts";
import type { ReportDevice, TeeReport } from "../../core/node_ports.ts";
import type { Random, Timer } from "../../core/ports.ts";
import { deviceFailure, errnoOf, failureOf } from "./failure.ts";
import type { TsmFiles } from "./tsm_files.ts";

/** Where requests are made, below the root. */
export const TSM_REPORT = "/sys/kernel/config/tsm/report";

/** Largest blob that the kernel hands over (TSM_OUTBLOB_MAX is 32 KiB; later kernels allow 16 MiB, which no evidence has). */
const MAX_BLOB_BYTES = 64 * 1024;

/** Waits before a request that met another is made anew, ms: together some seconds. */
const WAITS: readonly number[] = [1, 5, 20, 50, 100, 200, 400, 800, 1600];

/** What it works with. */
export interface TsmPorts {
  /** Files of configfs. */
  readonly files: TsmFiles;
  /** Waits between attempts. */
  readonly timer: Timer;
  /** Makes names that nobody else has. */
  readonly random: Random;
  /** What stands before each path; default nothing. */
  readonly root?: string;
}

/**
 * The TEE behind configfs-tsm.
 *
 * @param ports Files, time and chance.
 */
export function configfsTsm(ports: TsmPorts): ReportDevice {
  return {
    async report(reportData, privilege) {
      for (const wait of WAITS) {
        const given = await unlessBusy(() => request(ports, reportData, privilege));
        if (given !== null) return given;
        await ports.timer.wait(wait);
      }
      return await request(ports, reportData, privilege);
    },
  };
}

/** Null where another request came between. */
async function unlessBusy(ask: () => Promise<TeeReport>): Promise<TeeReport | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UnavailableError && error.code === "device.busy") return null;
    throw error;
  }
}

async function request(
  ports: TsmPorts,
  reportData: Uint8Array,
  privilege: number | undefined,
): Promise<TeeReport> {
  const entry = new Entry(ports);
  await entry.make();
  try {
    if (privilege !== undefined) await entry.write("privlevel", text(String(privilege)));
    await entry.write("inblob", reportData);
    return await entry.answer();
  } finally {
    await entry.remove();
  }
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** A folder of one request. */
class Entry {
  readonly #files: TsmFiles;
  readonly #folder: string;
  readonly #path: string;
  #writes = 0;

  constructor({ files, random, root = "" }: TsmPorts) {
    this.#files = files;
    this.#folder = `${root}${TSM_REPORT}`;
    this.#path = `${this.#folder}/casemate-${toHex(random.bytes(12))}`;
  }

  async make(): Promise<void> {
    try {
      await this.#files.makeFolder(this.#path);
    } catch (cause) {
      // That the request cannot be made says something of the interface, not of this one.
      throw failureOf(this.#folder, "make a request in", cause);
    }
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const path = `${this.#path}/${name}`;
    try {
      await this.#files.writeOnce(path, bytes);
    } catch (cause) {
      throw failureOf(path, "write", cause);
    }
    this.#writes++;
  }

  async answer(): Promise<TeeReport> {
    // The first of these lets the TEE make the report; the others are of the same.
    const report = await this.#read("outblob");
    const certificates = await this.#maybe("auxblob");
    const manifest = await this.#maybe("manifestblob");
    const provider = readProvider(this.#path, await this.#read("provider"));
    await this.#checkGeneration();
    if (report.length === 0) {
      throw deviceFailure("device.answer", `Cannot use ${this.#path}/outblob: it is empty`, {
        path: `${this.#path}/outblob`,
      });
    }
    return {
      provider,
      report,
      isQuote: true,
      certificates,
      lists: [],
      ...(manifest === null ? {} : { manifest }),
    };
  }

  async remove(): Promise<void> {
    try {
      await this.#files.removeFolder(this.#path);
    } catch (cause) {
      throw failureOf(this.#path, "remove", cause);
    }
  }

  async #read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const path = `${this.#path}/${name}`;
    try {
      return await this.#files.read(path, MAX_BLOB_BYTES);
    } catch (cause) {
      throw failureOf(path, "read", cause);
    }
  }

  /** What not every TEE and kernel gives. */
  async #maybe(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const path = `${this.#path}/${name}`;
    try {
      const blob = await this.#files.read(path, MAX_BLOB_BYTES);
      return blob.length === 0 ? null : blob;
    } catch (cause) {
      if (errnoOf(cause) === "ENOENT") return null;
      throw failureOf(path, "read", cause);
    }
  }

  /** Counts what was written: more than we wrote means that somebody else asks in our folder. */
  async #checkGeneration(): Promise<void> {
    const given = new TextDecoder().decode(await this.#read("generation")).trim();
    if (given === String(this.#writes)) return;
    const fields = { expected: String(this.#writes), actual: given };
    const message =
      `Another program wrote to ${this.#path}: generation ${given}, expected ${this.#writes}`;
    throw deviceFailure("device.busy", message, fields, { retryable: true });
  }
}

/**
 * Which TEE a file of configfs-tsm names.
 *
 * @param path Folder of the request, for messages.
 * @param bytes Content of its file `provider`.
 * @throws {UnavailableError} `device.answer` where it is none that is known here.
 */
export function readProvider(path: string, bytes: Uint8Array): TeeReport["provider"] {
  const provider = new TextDecoder().decode(bytes).trim();
  // Kernels name the driver with hyphen or underscore.
  const name = provider.replaceAll("-", "_");
  if (name === "sev_guest" || name === "tdx_guest") return name;
  const fields = { path: `${path}/provider`, expected: "sev_guest or tdx_guest" };
  const message = `Cannot use the TEE behind ${path}: it is neither sev_guest nor tdx_guest`;
  throw deviceFailure("device.answer", message, fields);
}

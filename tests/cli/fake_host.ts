/**
 * A double of the machine: files in memory, output kept.
 *
 * @module
 */

import { InputError, UnavailableError } from "../../src/core/errors.ts";
import type { DeviceKeys } from "../../src/core/device_keys.ts";
import type { LabHost } from "../../src/core/lab_ports.ts";
import type { NodeHost } from "../../src/core/node_host.ts";
import type { Caches, Files, Host, Http, Servers, Tpms } from "../../src/core/ports.ts";
import { memoryCache } from "../../src/collateral/memory.ts";
import { run } from "../../src/cli/mod.ts";

/** Content of a file, or the reason why it cannot be read. */
export type FakeFile = Uint8Array | string | InputError;

/** What a run left. */
export interface Ran {
  /** Exit code. */
  readonly exitCode: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
  /** Files that were written, by path; those of a temporary folder are gone with it. */
  readonly written: ReadonlyMap<string, Uint8Array>;
  /** Paths that only the owner may read. */
  readonly secret: ReadonlySet<string>;
}

/** What a run is done with. */
export interface RunWith {
  /** Files by path; `-` is standard input. */
  readonly files?: Readonly<Record<string, FakeFile>>;
  /** Time. */
  readonly now?: Date;
  /** Whether it is the binary; default true. */
  readonly isCompiled?: boolean;
  /** Width of the terminal. */
  readonly width?: number;
  /** Whether it shows colour. */
  readonly colour?: boolean;
  /** Whether mistakes are told with their stack. */
  readonly debug?: boolean;
  /** TPMs; default a machine without one. */
  readonly tpms?: Tpms;
  /** Devices that keep keys; default a machine without one. */
  readonly deviceKeys?: DeviceKeys;
  /** Machine of an agent; none where it is absent. */
  readonly node?: Promise<NodeHost>;
  /** The machine of a lab; default none. */
  readonly lab?: Promise<LabHost>;
  /** Being a server; default a machine where nothing can be. */
  readonly servers?: Servers;
  /** Network; default one on which nothing can be reached. */
  readonly http?: Http;
  /** Caches; default one in memory that ends with the run. */
  readonly caches?: Caches;
}

/** A machine without a TPM: each address is refused. */
const NO_TPMS: Tpms = {
  open(address) {
    return Promise.reject(
      new UnavailableError(`Cannot reach the TPM at ${address}: it does not exist`, {
        code: "tpm.device_unreachable",
        fields: { address, reason: "it does not exist" },
        retryable: false,
      }),
    );
  },
};

/** A machine without devices that keep keys. */
const NO_DEVICE_KEYS: DeviceKeys = {
  open() {
    return Promise.reject(
      new InputError("Cannot load the PKCS #11 module: it does not exist", {
        code: "keys.module",
        fields: { reason: "it does not exist" },
      }),
    );
  },
};

/** A machine that lets nobody listen. */
const NO_SERVERS: Servers = {
  serve({ hostname, port }) {
    return Promise.reject(
      new InputError(`Cannot listen on ${hostname}:${port}: permission denied`, {
        code: "input.value",
        fields: { address: `${hostname}:${port}`, reason: "permission denied" },
      }),
    );
  },
  checkIdentity: () => Promise.resolve(),
};

/** A machine without network. */
const NO_NETWORK: Http = {
  get({ url }) {
    const { host } = new URL(url);
    return Promise.reject(
      new UnavailableError(`${host} cannot be reached: there is no network`, {
        code: "collateral.unreachable",
        fields: { host },
        retryable: true,
      }),
    );
  },
};

/** Noon of the day of which test evidence is. */
const NOON = new Date("2026-11-21T12:00:00Z");

/**
 * Runs a command line in this process.
 *
 * @param args Arguments without the program's name.
 * @param options The machine.
 */
export async function runCli(args: readonly string[], options: RunWith = {}): Promise<Ran> {
  const written = new Map<string, Uint8Array>();
  const secret = new Set<string>();
  let out = "";
  let err = "";
  // Who waits moves the time.
  let waited = 0;
  const host: Host = {
    clock: { now: () => new Date((options.now ?? NOON).getTime() + waited) },
    random: { bytes: (length) => new Uint8Array(length).fill(0x5f) },
    files: fakeFiles(options.files ?? {}, written, secret),
    terminal: {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      colour: options.colour ?? false,
      width: options.width ?? 80,
    },
    timer: { wait: (time) => Promise.resolve(void (waited += time)) },
    tpms: options.tpms ?? NO_TPMS,
    deviceKeys: options.deviceKeys ?? NO_DEVICE_KEYS,
    http: options.http ?? NO_NETWORK,
    caches: options.caches ??
      { open: () => memoryCache({ now: () => options.now ?? NOON }) },
    servers: options.servers ?? NO_SERVERS,
    build: {
      ...{ version: "1.2.3", kind: "dev build", runtime: "test 1" },
      isCompiled: options.isCompiled ?? true,
    },
    node: () => options.node ?? Promise.reject(new Error("no machine of an agent is given")),
    lab: () => options.lab ?? Promise.reject(new Error("no machine of a lab is given")),
    page: () => Promise.resolve(null),
  };
  const exitCode = await run(args, host, { debug: options.debug ?? false });
  return { exitCode, out, err, written, secret };
}

function fakeFiles(
  given: Readonly<Record<string, FakeFile>>,
  written: Map<string, Uint8Array>,
  secret: Set<string>,
): Files {
  return {
    read(path, limit) {
      const file = written.get(path) ?? given[path];
      if (file === undefined) {
        return Promise.reject(
          new InputError(`Cannot read ${path}: it does not exist`, { code: "input.unreadable" }),
        );
      }
      if (file instanceof InputError) return Promise.reject(file);
      const bytes = typeof file === "string"
        ? new TextEncoder().encode(file)
        : Uint8Array.from(file);
      if (bytes.length > limit) {
        return Promise.reject(
          new InputError(`Cannot read ${path}: it has more than ${limit} bytes`, {
            code: "input.too_large",
          }),
        );
      }
      return Promise.resolve(bytes);
    },
    write(path, bytes, isSecret) {
      if (written.has(path) || given[path] !== undefined) {
        return Promise.reject(
          new InputError(`Cannot write ${path}: it exists already`, { code: "input.unwritable" }),
        );
      }
      written.set(path, Uint8Array.from(bytes));
      if (isSecret) secret.add(path);
      return Promise.resolve();
    },
    temporaryFolder: () => Promise.resolve("/tmp/casemate-1"),
    removeFolder(path) {
      for (const name of written.keys()) if (name.startsWith(`${path}/`)) written.delete(name);
      return Promise.resolve();
    },
  };
}

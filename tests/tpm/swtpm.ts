/**
 * TPMs in software for tests: swtpm, each in a folder of its own, with
 * endorsement certificates of an authority that is made for it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { denoTpms } from "../../src/hosts/deno_tpm.ts";
import type { TpmConnection, TpmTransport } from "../../src/core/ports.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { outcome, output } from "../../scripts/process.ts";

/** What all these tests need. */
const PROGRAMS = ["swtpm", "swtpm_setup", "swtpm_localca", "tpm2_getrandom", "openssl"];

const missing = await notInstalled(PROGRAMS);

/** A TPM that runs. */
export interface Swtpm {
  /** Folder of its state and certificates. */
  readonly folder: string;
  /** Its address, as `--device` takes it. */
  readonly address: string;
  /** The same for tpm2-tools. */
  readonly tcti: string;
  /** Its process. */
  readonly pid: number;
}

/** How a TPM is made. */
export interface SwtpmOptions {
  /** Where it listens; default a unix socket. */
  readonly over?: "unix" | "tcp";
  /** Whether endorsement keys and certificates are made, which takes a second; default no. */
  readonly certified?: boolean;
}

/**
 * A test over a TPM in software; it says where it is ignored.
 *
 * @param name Its name.
 * @param fn What it does.
 * @param lacking Programs that it needs besides and that are not there.
 */
export function testWithTpm(
  name: string,
  fn: () => Promise<void>,
  lacking: readonly string[] = [],
): void {
  const all = [...missing, ...lacking];
  const note = all.length > 0 ? ` (ignored: no ${all.join(", ")} here)` : "";
  Deno.test({ name: name + note, ignore: all.length > 0, fn });
}

/**
 * Those of some programs that are not there.
 *
 * @param programs The programs.
 */
export async function notInstalled(programs: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    programs.map((program) => outcome("sh", ["-c", `command -v ${program}`])),
  );
  return programs.filter((_, i) => found[i]?.code !== 0);
}

/**
 * Starts a TPM, uses it and ends it.
 *
 * @param options How it is made.
 * @param use What is done with it.
 */
export async function withSwtpm<T>(
  { over = "unix", certified = false }: SwtpmOptions,
  use: (tpm: Swtpm) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_swtpm_" });
  try {
    if (certified) await certify(folder);
    const server = await started(() => over === "tcp" ? serveTcp(folder) : serveUnix(folder));
    try {
      return await use({ ...server.tpm, pid: server.process.pid });
    } finally {
      // Also where a test stopped it, which holds up any other signal.
      server.process.kill("SIGKILL");
      await server.process.status;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Connects to a TPM, for a while: swtpm serves one after the other.
 *
 * @param tpm The TPM.
 * @param use What is done with it.
 */
export async function connected<T>(
  tpm: Swtpm,
  use: (device: TpmDevice) => Promise<T>,
): Promise<T> {
  const connection = await denoTpms().open(tpm.address);
  try {
    return await use(deviceOver(connection));
  } finally {
    connection.close();
  }
}

/**
 * Starts a TPM and connects to it.
 *
 * @param use What is done with it.
 */
export function withDevice<T>(use: (device: TpmDevice) => Promise<T>): Promise<T> {
  return withSwtpm({}, (tpm) => connected(tpm, use));
}

/**
 * What commands need, over some transport.
 *
 * @param transport The transport.
 */
export function deviceOver(transport: TpmTransport): TpmDevice {
  return {
    transport,
    timer: { wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)) },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  };
}

/**
 * Runs a tool of tpm2-tools in the TPM's folder.
 *
 * @param tpm The TPM.
 * @param line The command line; words are between blanks.
 * @returns Its standard output.
 */
export async function tpm2(tpm: Swtpm, line: string): Promise<string> {
  const [program = "", ...args] = line.split(" ");
  return await output(program, args, { cwd: tpm.folder, env: { TPM2TOOLS_TCTI: tpm.tcti } });
}

interface Server {
  readonly tpm: Omit<Swtpm, "pid">;
  readonly process: Deno.ChildProcess;
}

/** tpm2-tools look for the control channel beside the socket, and at the next port. */
function serveUnix(folder: string): Server {
  const path = `${folder}/sock`;
  const process = serve(folder, `type=unixio,path=${path}`, `type=unixio,path=${path}.ctrl`);
  return { process, tpm: { folder, address: `unix:${path}`, tcti: `swtpm:path=${path}` } };
}

function serveTcp(folder: string): Server {
  const port = somePorts();
  const process = serve(folder, tcp(port), tcp(port + 1));
  const address = `swtpm:host=127.0.0.1,port=${port}`;
  return { process, tpm: { folder, address, tcti: address } };
}

function tcp(port: number): string {
  return `type=tcp,port=${port},bindaddr=127.0.0.1`;
}

function serve(folder: string, server: string, control: string): Deno.ChildProcess {
  return new Deno.Command("swtpm", {
    args: [
      ...["socket", "--tpm2", "--tpmstate", `dir=${folder}`],
      ...["--server", server, "--ctrl", control, "--flags", "not-need-init,startup-clear"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** Ports that no system hands out by itself (Linux begins at 32768), of which somebody may have taken one all the same. */
function somePorts(): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return 20_000 + 2 * (drawn % 6000);
}

/** Starts a TPM until one listens: it ends by itself where its ports were taken. */
async function started(start: () => Server): Promise<Server> {
  const until = performance.now() + 30_000;
  for (;;) {
    const server = start();
    if (await listens(server, until)) return server;
    assert.ok(performance.now() < until, `no TPM listens at ${server.tpm.address}`);
  }
}

async function listens({ process, tpm }: Server, until: number): Promise<boolean> {
  let ended = false;
  void process.status.then(() => ended = true);
  while (!ended) {
    try {
      const connection: TpmConnection = await denoTpms().open(tpm.address);
      connection.close();
      return !ended;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 5));
    }
  }
  return false;
}

/** Endorsement keys with certificates of an authority in the same folder; the default one is shared by the machine. */
async function certify(folder: string): Promise<void> {
  const authority = `statedir = ${folder}\nsigningkey = ${folder}/signkey.pem\n` +
    `issuercert = ${folder}/issuercert.pem\ncertserial = ${folder}/certserial\n`;
  const setup = `create_certs_tool=/usr/bin/swtpm_localca\n` +
    `create_certs_tool_config=${folder}/localca.conf\nactive_pcr_banks=sha1,sha256,sha384\n`;
  await Deno.writeTextFile(`${folder}/localca.conf`, authority);
  await Deno.writeTextFile(`${folder}/setup.conf`, setup);
  await output("swtpm_setup", [
    ...["--tpm2", "--tpm-state", `dir://${folder}`, "--create-ek-cert", "--create-platform-cert"],
    ...["--config", `${folder}/setup.conf`, "--lock-nvram", "--overwrite"],
  ]);
}

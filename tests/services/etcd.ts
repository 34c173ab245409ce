/**
 * A real etcd for tests: on loopback, with TLS, certificates of clients and
 * users, in a temporary folder.
 *
 * @module
 */

import { openEtcdHttp } from "../../src/hosts/etcd/etcd_http.ts";
import type { EtcdHttp } from "../../src/core/node_ports.ts";
import type { StoreAccess } from "../../src/protocol/store_access.ts";
import { EtcdStore } from "../../src/services/store/etcd.ts";
import { setUpEtcd } from "../../src/services/store/etcd_setup.ts";
import { labSockets } from "../../src/hosts/lab/sockets.ts";
import { output } from "../../scripts/process.ts";
import { notInstalled } from "../tpm/swtpm.ts";

const missing = await notInstalled(["etcd", "openssl"]);

/** Password of etcd's root. */
export const ROOT_PASSWORD = "7".repeat(64);

/** A clock that only goes on. */
export const monotonic = (): number => performance.now();

/** An etcd that runs. */
export interface RunningEtcd {
  /** What a client needs. */
  readonly access: StoreAccess;
  /** Opens a client's connections; they end with the test. */
  client(): EtcdHttp;
  /**
   * Prepares it for a cluster.
   *
   * @param clusterId The cluster, hex.
   */
  setUp(clusterId: string): Promise<void>;
  /**
   * Opens a store of a cluster, with connections of its own.
   *
   * @param clusterId The cluster, hex.
   */
  store(clusterId: string): EtcdStore;
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again, and waits until it answers. */
  start(): Promise<void>;
  /** Sends it a signal. */
  signal(signal: Deno.Signal): void;
}

/**
 * A test over a real etcd; it says where it is ignored.
 *
 * @param name Its name.
 * @param fn What it does.
 */
export function testWithEtcd(name: string, fn: (etcd: RunningEtcd) => Promise<void>): void {
  const note = missing.length > 0 ? ` (ignored: no ${missing.join(", ")} here)` : "";
  Deno.test({ name: name + note, ignore: missing.length > 0, fn: () => withEtcd(fn) });
}

/**
 * Starts an etcd without users, uses it and ends it.
 *
 * @param use What is done with it.
 */
export async function withEtcd<T>(use: (etcd: RunningEtcd) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_etcd_" });
  const clients: EtcdHttp[] = [];
  let process: Deno.ChildProcess | null = null;
  try {
    const address = ownAddress();
    await makeCertificates(folder, address);
    const [port = 0, peer = 0] = labSockets.freePorts(2, new Set());
    const access = await accessTo(folder, `https://${address}:${port}`);
    const client = () => {
      clients.push(openEtcdHttp(access));
      return clients[clients.length - 1] ?? openEtcdHttp(access);
    };
    const kill = async () => {
      if (process !== null) await end(process);
      process = null;
    };
    const start = async () => {
      process = serve(folder, { client: `${address}:${port}`, peer: `${address}:${peer}` });
      await untilItAnswers(access, client(), process);
    };
    await start();
    return await use({
      access,
      client,
      setUp: (clusterId) =>
        setUpEtcd({ http: client(), access, clusterId, rootPassword: ROOT_PASSWORD, monotonic }),
      store: (clusterId) => new EtcdStore({ http: client(), access, clusterId, monotonic }),
      kill,
      start,
      signal: (signal) => process?.kill(signal),
    });
  } finally {
    for (const client of clients) client.close();
    const last = process as Deno.ChildProcess | null;
    if (last !== null) await end(last);
    await Deno.remove(folder, { recursive: true });
  }
}

/** etcd's gateway dials etcd itself with the server's certificate, so it must be a client's as well. */
async function makeCertificates(folder: string, address: string): Promise<void> {
  await makeAuthority(folder, "ca");
  await issue(
    folder,
    "server",
    `subjectAltName=IP:${address}\nextendedKeyUsage=serverAuth,clientAuth`,
  );
  await issue(folder, "client", "extendedKeyUsage=clientAuth");
}

/**
 * Makes an authority.
 *
 * @param folder Where.
 * @param name Name of its files.
 */
export async function makeAuthority(folder: string, name: string): Promise<void> {
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const files = ["-keyout", `${name}.key`, "-out", `${name}.pem`];
  const about = ["-nodes", "-days", "2", "-subj", `/CN=${name}`];
  await output("openssl", ["req", "-x509", ...curve, ...files, ...about], { cwd: folder });
}

async function issue(folder: string, name: string, extensions: string): Promise<void> {
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const request = [
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.csr`,
    "-nodes",
    "-subj",
    "/O=casemate",
  ];
  await output("openssl", ["req", "-new", ...curve, ...request], { cwd: folder });
  await Deno.writeTextFile(`${folder}/${name}.ext`, `${extensions}\n`);
  const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
  const files = ["-in", `${name}.csr`, "-out", `${name}.pem`, "-extfile", `${name}.ext`];
  await output("openssl", ["x509", "-req", ...files, ...by], { cwd: folder });
}

async function accessTo(folder: string, endpoint: string): Promise<StoreAccess> {
  const read = (name: string) => Deno.readTextFile(`${folder}/${name}`);
  return {
    endpoints: [endpoint],
    authorities: await read("ca.pem"),
    certificate: await read("client.pem"),
    key: await read("client.key"),
    user: "casemate",
    password: "5".repeat(64),
  };
}

/** Where an etcd listens, as `127.1.2.3:20000`. */
interface Listens {
  readonly client: string;
  readonly peer: string;
}

function serve(folder: string, at: Listens): Deno.ChildProcess {
  const [url, peerUrl] = [`https://${at.client}`, `http://${at.peer}`];
  const where = ["--listen-client-urls", url, "--advertise-client-urls", url];
  const peers = ["--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl];
  const tls = ["--cert-file", "server.pem", "--key-file", "server.key"];
  return new Deno.Command("etcd", {
    args: [
      ...["--name", "only", "--data-dir", "data", "--initial-cluster", `only=${peerUrl}`],
      ...[...where, ...peers, ...tls, "--trusted-ca-file", "ca.pem", "--client-cert-auth"],
      ...["--heartbeat-interval", "10", "--election-timeout", "100", "--bcrypt-cost", "4"],
      ...["--logger", "zap", "--log-level", "panic"],
    ],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/**
 * An address of the loopback that no other test has, as far as 24 random bits say: ports of one that were free when
 * they were looked for are free when they are used, also by a server that is ended and started again.
 */
export function ownAddress(): string {
  const address = `127.${[...crypto.getRandomValues(new Uint8Array(3))].map(within).join(".")}`;
  try {
    Deno.listen({ hostname: address, port: 0 }).close();
    return address;
  } catch (error) {
    // Systems other than Linux have 127.0.0.1 alone.
    if (error instanceof Deno.errors.AddrNotAvailable) return "127.0.0.1";
    throw error;
  }
}

/** From 1 to 254: neither a network nor all of one. */
function within(byte: number): number {
  return 1 + byte % 254;
}

/** One that ended already, for whatever reason, is ended. */
async function end(process: Deno.ChildProcess): Promise<void> {
  try {
    process.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  await process.status;
}

/** It answers whoever has a certificate; whether it lets them do anything is another matter. One that ended never will. */
async function untilItAnswers(
  { endpoints }: StoreAccess,
  http: EtcdHttp,
  process: Deno.ChildProcess,
): Promise<void> {
  const body = new TextEncoder().encode('{"key":"YQ=="}');
  const call = { url: `${endpoints[0]}/v3/kv/range`, body, token: null, timeout: 5000 };
  const ended = process.status.then(({ code }) => `etcd ended with ${code}`);
  for (;;) {
    const answered = http.post(call).then(({ status }) => status < 500, () => false);
    const seen = await Promise.race([answered, ended]);
    if (typeof seen === "string") throw new Error(seen);
    if (seen) return;
    await new Promise((done) => setTimeout(done, 10));
  }
}

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
    await makeCertificates(folder);
    const [port, peer] = [freePort(), freePort()];
    const access = await accessTo(folder, `https://127.0.0.1:${port}`);
    const client = () => {
      clients.push(openEtcdHttp(access));
      return clients[clients.length - 1] ?? openEtcdHttp(access);
    };
    const kill = async () => {
      process?.kill("SIGKILL");
      await process?.status;
      process = null;
    };
    const start = async () => {
      process = serve(folder, port, peer);
      await untilItAnswers(access, client());
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
    last?.kill("SIGKILL");
    await last?.status;
    await Deno.remove(folder, { recursive: true });
  }
}

/** etcd's gateway dials etcd itself with the server's certificate, so it must be a client's as well. */
async function makeCertificates(folder: string): Promise<void> {
  await makeAuthority(folder, "ca");
  await issue(
    folder,
    "server",
    "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth",
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

function serve(folder: string, port: number, peer: number): Deno.ChildProcess {
  const [url, peerUrl] = [`https://127.0.0.1:${port}`, `http://127.0.0.1:${peer}`];
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

/** A port that was free a moment ago. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** It answers whoever has a certificate; whether it lets them do anything is another matter. */
async function untilItAnswers({ endpoints }: StoreAccess, http: EtcdHttp): Promise<void> {
  const started = performance.now();
  const body = new TextEncoder().encode('{"key":"YQ=="}');
  const call = { url: `${endpoints[0]}/v3/kv/range`, body, token: null, timeout: 1000 };
  for (;;) {
    try {
      if ((await http.post(call)).status < 500) return;
    } catch (error) {
      if (performance.now() - started > 20_000) throw error;
    }
    await new Promise((done) => setTimeout(done, 10));
  }
}

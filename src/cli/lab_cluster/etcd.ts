/**
 * The lab's etcd: started with TLS, and set up so that nobody does anything in it
 * without a password.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { UnavailableError } from "../../core/errors.ts";
import { STORE_ACCESS, type StoreAccess } from "../../protocol/store_access.ts";
import { setUpEtcd } from "../../services/store/etcd_setup.ts";
import { makeEtcdPapers } from "./etcd_papers.ts";
import { ensureProgram, type LabProgram, untilSo } from "./programs.ts";
import { bytesOf, ensureFile, jsonBytes, readJson } from "./files.ts";
import { type LabPlace, type LabWork, programHostOf } from "./work.ts";

/** What etcd is among the processes. */
export const ETCD = "etcd";

/** User of the cluster in etcd. */
const USER = "casemate";

/** Time until etcd answers, ms; it waits for its disk. */
const READY = 60_000;

/** Time to set it up again while it elects itself, ms. */
const AGAIN = 50;

/**
 * Starts etcd, unless it runs.
 *
 * @param work The lab.
 * @throws {OperationError} `lab.start_failed`, `lab.not_ready`
 */
export async function startEtcd(work: LabWork): Promise<void> {
  const { lab, paths, record } = work;
  await lab.folders.make(paths.etcd);
  await ensureAccess(work);
  const host = programHostOf(work);
  await ensureProgram(host, record, etcdProgram(work));
  const { client } = record.state.etcd;
  const what = { role: ETCD, log: paths.etcdLog, within: READY };
  await untilSo(host, record, what, () => lab.sockets.isHeld(client));
}

/** Certificates first into files of their own, the access last: it stands for all of them. */
async function ensureAccess(work: LabWork): Promise<void> {
  const { host: { clock, random }, lab: { folders }, paths, record } = work;
  await ensureFile(work.lab, paths.store, async () => {
    const { authority, server, client } = await makeEtcdPapers(clock.now(), random);
    const files = papersOf(paths.etcd);
    await folders.write(files.authority, bytesOf(authority));
    await folders.write(files.certificate, bytesOf(server.certificate));
    await folders.write(files.key, bytesOf(server.key));
    const access: StoreAccess = {
      endpoints: [`https://127.0.0.1:${record.state.etcd.client}`],
      authorities: authority,
      certificate: client.certificate,
      key: client.key,
      user: USER,
      password: toHex(random.bytes(32)),
    };
    return jsonBytes(access);
  });
}

function papersOf(folder: string): Readonly<Record<"authority" | "certificate" | "key", string>> {
  return {
    authority: `${folder}/authority.pem`,
    certificate: `${folder}/server.pem`,
    key: `${folder}/server.key`,
  };
}

/** A single member elects itself when its patience ends, which is a second unless something else is said. */
function etcdProgram({ paths, programs, record }: LabWork): LabProgram {
  const { client, peer } = record.state.etcd;
  const [clients, peers] = [client, peer].map((port) => `https://127.0.0.1:${port}`);
  const { authority, certificate, key } = papersOf(paths.etcd);
  const command = [
    ...[programs.etcd, "--name=lab", `--data-dir=${paths.etcd}/data`, "--logger=zap"],
    ...[`--listen-client-urls=${clients}`, `--advertise-client-urls=${clients}`],
    ...[`--listen-peer-urls=${peers}`, `--initial-advertise-peer-urls=${peers}`],
    ...[`--initial-cluster=lab=${peers}`, "--heartbeat-interval=20", "--election-timeout=100"],
    ...[`--cert-file=${certificate}`, `--key-file=${key}`, `--trusted-ca-file=${authority}`],
    ...[`--peer-cert-file=${certificate}`, `--peer-key-file=${key}`],
    ...[`--peer-trusted-ca-file=${authority}`, "--client-cert-auth", "--peer-client-cert-auth"],
  ];
  return { role: ETCD, command, log: paths.etcdLog, port: client };
}

/**
 * How control planes reach etcd.
 *
 * @param work The lab.
 * @throws {InputError} `lab.damaged`
 */
export async function readAccess({ lab, paths }: LabPlace): Promise<StoreAccess> {
  return await readJson(lab, paths.store, STORE_ACCESS);
}

/**
 * Sets etcd up for the cluster; what is set up already stays.
 *
 * @param work The lab.
 * @param clusterId The cluster, hex.
 * @throws {UnavailableError} `store.*`
 */
export async function prepareEtcd(work: LabWork, clusterId: string): Promise<void> {
  const { host: { random, timer }, node, paths } = work;
  const path = `${paths.etcd}/root-password`;
  const root = await ensureFile(
    work.lab,
    path,
    () => Promise.resolve(bytesOf(toHex(random.bytes(32)))),
  );
  const access = await readAccess(work);
  const http = node.openEtcd(access);
  const parts = {
    http,
    access,
    clusterId,
    rootPassword: new TextDecoder().decode(root),
    monotonic: () => node.monotonic(),
  };
  try {
    for (const end = node.monotonic() + READY;;) {
      try {
        return await setUpEtcd(parts);
      } catch (error) {
        const again = error instanceof UnavailableError && error.retryable;
        if (!again || node.monotonic() > end) throw error;
        await timer.wait(AGAIN);
      }
    }
  } finally {
    http.close();
  }
}

/**
 * A lab that is put together by hand: the lab's own etcd, TEE and TPMs, with as
 * many clusters after each other and machines beside each other as a test wants,
 * and agents that are processes whose end is seen.
 *
 * @module
 */

import {
  ensureAmdAuthority,
  ensureRoots,
  ensureTpmAuthority,
} from "../../src/cli/lab_cluster/authorities.ts";
import { FRESH } from "../../src/cli/lab_cluster/begin.ts";
import { ensureChip, startTee } from "../../src/cli/lab_cluster/chips.ts";
import { prepareEtcd, readAccess, startEtcd } from "../../src/cli/lab_cluster/etcd.ts";
import { startMachine } from "../../src/cli/lab_cluster/machine.ts";
import { jsonBytes } from "../../src/cli/lab_cluster/files.ts";
import { ensureOwner, type LabOwner } from "../../src/cli/lab_cluster/owner.ts";
import { labPaths } from "../../src/cli/lab_cluster/paths.ts";
import type { Progress } from "../../src/cli/lab_cluster/progress.ts";
import { removeLab } from "../../src/cli/lab_cluster/remove.ts";
import { type LabMachine, LabRecord } from "../../src/cli/lab_cluster/state.ts";
import type { LabWork } from "../../src/cli/lab_cluster/work.ts";
import { denoHost } from "../../src/hosts/deno.ts";
import { readManifest, signManifest } from "../../src/manifest/mod.ts";
import { EtcdStore } from "../../src/services/store/etcd.ts";
import type { Store } from "../../src/services/store/store.ts";
import { exportAmdAuthority } from "../../src/lab/mod.ts";
import { labAuthorityAt } from "../lab_authority.ts";
import { SHIPPED } from "./program.ts";

/** Name of the lab. */
const NAME = "bench";

const SILENT: Progress = { step: (_title, work) => work(() => {}), event: () => {}, end: () => {} };

/** A lab that is put together by hand. */
export interface Bench {
  /** The lab, as its own commands work on it. */
  readonly work: LabWork;
  /** Folder beside the lab's, for what belongs to the test. */
  readonly folder: string;
  /**
   * Another cluster: a new owner, none of the machines before.
   *
   * @param most Most workers that its manifest takes; as many as a lab's without.
   */
  cluster(most?: { readonly workers: number }): Promise<LabOwner>;
  /**
   * A machine of the cluster, switched on.
   *
   * @param group Its group.
   */
  machine(group: LabMachine["group"]): Promise<LabMachine>;
  /** The cluster's records, as its control planes see them. */
  store(): Promise<Store>;
}

/**
 * Puts a lab together, uses it and takes it down.
 *
 * @param use What is done with it.
 * @param etcd Starts etcd; default is as in every lab.
 */
export async function withBench(
  use: (bench: Bench) => Promise<void>,
  etcd: (work: LabWork) => Promise<void> = startEtcd,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_bench_" });
  using claims = new DisposableStack();
  const work = await workIn(`${folder}/labs`, claims);
  try {
    // Keys of RSA-4096 take seconds to make: those of the tests do.
    const stored = exportAmdAuthority(await labAuthorityAt(new Date()));
    await work.lab.folders.make(work.paths.tee);
    await work.lab.folders.write(work.paths.amd, jsonBytes(stored));
    const amd = await ensureAmdAuthority(work);
    const { digests } = await ensureRoots(work, amd, await ensureTpmAuthority(work));
    await Promise.all([etcd(work), startTee(work)]);
    await use(benchOf(work, folder, digests, claims));
  } finally {
    await removeLab(work);
    await Deno.remove(folder, { recursive: true });
  }
}

async function workIn(home: string, claims: DisposableStack): Promise<LabWork> {
  const host = denoHost("0.0.0");
  const [there, node] = [await host.lab(), await host.node()];
  const lab = { ...there, processes: { ...there.processes, own: () => SHIPPED } };
  const found = (name: string) => there.processes.find(name).then((path) => path ?? name);
  const programs = { swtpm: await found("swtpm"), etcd: await found("etcd") };
  const paths = labPaths(home, NAME);
  await there.folders.make(paths.folder);
  const { ports: [client = 0, peer = 0] } = claims.use(there.sockets.claimPorts(2, new Set()));
  const record = new LabRecord(there.folders, paths, {
    ...{ kind: "casemate-lab-cluster/v1", name: NAME, created: new Date().toISOString() },
    ...{ goal: "up", reached: "begun", clusterId: "", etcd: { client, peer } },
    ...{ machineBoot: await there.processes.machineBoot(), machines: [], processes: [] },
  });
  return { host, lab, node, paths, record, progress: SILENT, programs };
}

/** The owner's manifest with a group of workers that can be full. */
async function withFewer(work: LabWork, owner: LabOwner, workers: number): Promise<LabOwner> {
  const { manifest } = await readManifest(owner.manifest, "manifest");
  const groups = manifest.groups.map((group) =>
    group.role === "worker" ? { ...group, max: workers } : group
  );
  const signed = await signManifest({ ...manifest, groups }, [owner.key]);
  await work.lab.folders.write(work.paths.manifest, signed);
  return { ...owner, manifest: signed };
}

function benchOf(
  work: LabWork,
  folder: string,
  roots: readonly string[],
  claims: DisposableStack,
): Bench {
  const { lab, node, paths, record } = work;
  let machines = 0;
  return {
    work,
    folder,
    async cluster(most) {
      await lab.folders.remove(`${paths.folder}/owner`);
      for (const path of [paths.manifest, paths.reference]) await lab.folders.remove(path);
      await record.change((state) => ({ ...state, machines: [] }));
      const made = await ensureOwner(work, roots);
      const owner = most === undefined ? made : await withFewer(work, made, most.workers);
      await prepareEtcd(work, owner.clusterId);
      return owner;
    },
    async machine(group) {
      const name = `vm-${++machines}`;
      const { ports: [port = 0] } = claims.use(lab.sockets.claimPorts(1, new Set()));
      const machine: LabMachine = { name, group, port, bend: "", ...FRESH, power: "on" };
      await record.change((state) => ({ ...state, machines: [...state.machines, machine] }));
      await startMachine(work, machine, await ensureTpmAuthority(work));
      await ensureChip(work, machine, await ensureAmdAuthority(work));
      return machine;
    },
    async store() {
      const access = await readAccess(work);
      const { clusterId } = record.state;
      return new EtcdStore({
        http: node.openEtcd(access),
        access,
        clusterId,
        monotonic: () => node.monotonic(),
      });
    },
  };
}

/**
 * A cluster over two networks, of which one is cut off for longer than a lease.
 * Where the store is, work goes on, and who was silent may lose its name; where it
 * is not, nobody is admitted. Healed, all renew or learn that their name is gone,
 * and no name is there twice.
 *
 * @module
 */

import assert from "node:assert/strict";
import { makeEtcdPapers } from "../../src/cli/lab_cluster/etcd_papers.ts";
import { jsonBytes } from "../../src/cli/lab_cluster/files.ts";
import type { LabMachine } from "../../src/cli/lab_cluster/state.ts";
import type { LabWork } from "../../src/cli/lab_cluster/work.ts";
import type { StoreAccess } from "../../src/protocol/store_access.ts";
import {
  type AgentProcess,
  startAgent,
  statusOf,
  untilAnswers,
  untilMember,
  untilSo,
} from "./agents.ts";
import { type Bench, withBench } from "./bench.ts";
import { assertConverged, leasesOf } from "./converged.ts";
import { initByCommand } from "./init_command.ts";
import { canMakeNetworks, type Network, withNetworks } from "./networks.ts";
import { SHIPPED, TRIED } from "./program.ts";

/** Until a lease that nobody renews is given away: its life, a round of renewals, and what is waited between attempts. */
const TAKEN = 150_000;

/** Starts the lab's etcd in a network, under a certificate for its address. */
async function startEtcdIn(work: LabWork, network: Network): Promise<void> {
  const { host: { clock, random }, lab: { folders }, paths, record, programs } = work;
  const octets = Uint8Array.from(network.address.split(".").map(Number));
  const papers = await makeEtcdPapers(clock.now(), random, [octets]);
  await folders.make(paths.etcd);
  const text = new TextEncoder();
  const files = [["ca", papers.authority], ["crt", papers.server.certificate], [
    "key",
    papers.server.key,
  ]];
  for (const [name, content = ""] of files) {
    await folders.write(`${paths.etcd}/${name}`, text.encode(content));
  }
  const { client, peer } = record.state.etcd;
  const [clients, peers] = [client, peer].map((port) => `https://${network.address}:${port}`);
  const { authority: authorities, client: { certificate, key } } = papers;
  const password = crypto.randomUUID().replaceAll("-", "").repeat(2);
  const access: StoreAccess = {
    ...{ endpoints: [clients ?? ""], authorities, certificate, key, user: "casemate", password },
  };
  await folders.write(paths.store, jsonBytes(access));
  const tls = (prefix: string): readonly string[] => [
    ...[`--${prefix}cert-file=${paths.etcd}/crt`, `--${prefix}key-file=${paths.etcd}/key`],
    ...[`--${prefix}trusted-ca-file=${paths.etcd}/ca`, `--${prefix}client-cert-auth`],
  ];
  const command = network.within([
    ...[programs.etcd, "--name=lab", `--data-dir=${paths.etcd}/data`, "--logger=zap"] as const,
    ...[`--listen-client-urls=${clients}`, `--advertise-client-urls=${clients}`],
    ...[`--listen-peer-urls=${peers}`, `--initial-advertise-peer-urls=${peers}`],
    ...[`--initial-cluster=lab=${peers}`, "--heartbeat-interval=20", "--election-timeout=100"],
    ...[...tls(""), ...tls("peer-")],
  ]);
  await work.lab.processes.launch({ command, log: paths.etcdLog, tag: `${paths.folder}#etcd.` });
}

/** A cluster of which one half is cut off. */
class Halves {
  readonly #bench: Bench;
  readonly #agents: AgentProcess[] = [];

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  async start(
    group: LabMachine["group"],
    network: Network,
    peers: readonly string[],
  ): Promise<AgentProcess> {
    const machine = await this.#bench.machine(group);
    const { address } = network;
    const how = { program: network.within(SHIPPED), address, peers };
    const agent = await startAgent(this.#bench, machine, how);
    this.#agents.push(agent);
    return agent;
  }

  async says(agent: AgentProcess, what: RegExp): Promise<boolean> {
    return what.test((await statusOf(this.#bench, agent))?.doing ?? "");
  }

  async end(): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.end("SIGKILL")));
  }
}

async function walk(bench: Bench, halves: Halves, here: Network, there: Network): Promise<void> {
  await bench.cluster({ workers: 1 });
  const first = await halves.start("control-plane", here, []);
  assert.ok(await untilAnswers(bench, first), "it ended");
  assert.equal(await initByCommand(bench, first.url, SHIPPED), 0);
  const second = await halves.start("control-plane", there, [first.url]);
  assert.equal(await untilMember(bench, second), "control-plane-2");
  const old = await halves.start("worker", there, [first.url, second.url]);
  assert.equal(await untilMember(bench, old), "worker-1");
  const names = ["control-plane-1", "control-plane-2", "worker-1"];
  await assertConverged(bench, names, names, [first.url, second.url, old.url]);
  const before = await leasesOf(bench);

  await there.cut();
  const cutOff = await halves.start("control-plane", there, [second.url]);
  const cut = await halves.start("worker", here, [first.url]);
  await untilSo("worker-1 was silent for too long", async () => {
    return (await statusOf(bench, cut))?.phase === "member";
  }, TAKEN);
  assert.equal((await statusOf(bench, cut))?.nodeName, "worker-1");

  assert.deepEqual([...(await leasesOf(bench)).keys()], names, "who is cut off was admitted");
  await there.heal();
  await untilSo("who lost its name learns it", () => halves.says(old, /fenced/));
  await untilSo("the other control plane renews as it was", async () => {
    const [now, then] = [
      (await leasesOf(bench)).get("control-plane-2"),
      before.get("control-plane-2"),
    ];
    assert.equal(now?.id, then?.id);
    return (now?.renewed ?? 0) > (then?.renewed ?? 0);
  });
  assert.equal(await untilMember(bench, cutOff), "control-plane-3");
  const all = [...names, "control-plane-3"];
  await assertConverged(bench, all, all, [first.url, second.url, cutOff.url, cut.url]);
}

console.log(`Tried is ${TRIED}`);

Deno.test({
  name: "a cluster that was cut in two goes on, and no name is there twice",
  // Needs network namespaces, so root.
  ignore: !await canMakeNetworks(),
  fn: async () => {
    await withNetworks(async (here, there) => {
      await withBench(async (bench) => {
        const halves = new Halves(bench);
        try {
          await walk(bench, halves, here, there);
        } finally {
          await halves.end();
        }
      }, (work) => startEtcdIn(work, here));
    });
  },
});

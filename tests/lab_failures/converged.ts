/**
 * What must be so whatever ended when: each machine one member of one name, told
 * of once, with a lease that is its own; events without a gap; registers that
 * prove it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { agentUrl } from "../../src/cli/lab_cluster/agents.ts";
import { labJudge } from "../../src/cli/lab_cluster/appraiser.ts";
import { verifyCluster } from "../../src/cluster/verify.ts";
import { INIT_STEPS, readInitRecord } from "../../src/services/init/record.ts";
import { LEASE, type Lease, MACHINE, MEMBER } from "../../src/services/join/records.ts";
import { listEvents } from "../../src/services/store/events.ts";
import { readKept } from "../../src/services/store/kept.ts";
import type { Store } from "../../src/services/store/store.ts";
import type { Bench } from "./bench.ts";

/**
 * Refuses a cluster in which anything is lost or twice.
 *
 * @param bench The lab.
 * @param names Names of its members.
 * @param running Names of those that run; default is all.
 * @param urls Where those answer that ought to run; default is each machine's own port of the loopback.
 */
export async function assertConverged(
  bench: Bench,
  names: readonly string[],
  running: readonly string[] = names,
  urls: readonly string[] = urlsOf(bench),
): Promise<void> {
  const store = await bench.store();
  await assertMembers(store, names);
  await assertTold(store, names);
  const init = await readInitRecord(store);
  assert.deepEqual(
    init?.value.steps.toSorted(),
    INIT_STEPS.toSorted(),
    "steps of the initialisation",
  );
  assert.equal(init?.value.nodeName, "control-plane-1");
  await assertProven(bench, running, urls);
}

function urlsOf({ work: { record } }: Bench): readonly string[] {
  return record.state.machines.filter(({ power }) => power === "on").map(agentUrl);
}

/** By evidence of each, as anybody verifies it from the cluster's id. */
async function assertProven(
  { work }: Bench,
  names: readonly string[],
  urls: readonly string[],
): Promise<void> {
  const { host: { random }, node, record: { state: { clusterId } } } = work;
  const judge = await labJudge(work, clusterId);
  const asking = { clients: node.clients, random, monotonic: () => node.monotonic(), urls };
  const { members } = await verifyCluster({ ...judge, ...asking });
  for (const { url, verdict, message } of members) {
    assert.equal(verdict, "lab-trusted", `${url}: ${message}`);
  }
  const proven = members.map(({ peer }) => peer?.statement.nodeName ?? "");
  assert.deepEqual(proven.toSorted(), names.toSorted());
}

/**
 * Leases, by name of the node.
 *
 * @param bench The lab.
 */
export async function leasesOf(bench: Bench): Promise<ReadonlyMap<string, Lease>> {
  const records = await (await bench.store()).list("lease/");
  return new Map(
    records.map((record) => [record.key.slice("lease/".length), readKept(LEASE, record).value]),
  );
}

async function assertMembers(store: Store, names: readonly string[]): Promise<void> {
  const members = (await store.list("member/")).map((record) => readKept(MEMBER, record).value);
  assert.deepEqual(members.map(({ nodeName }) => nodeName), names.toSorted(), "members");
  const leases = (await store.list("lease/")).map((record) => readKept(LEASE, record));
  assert.deepEqual(leases.map(({ key }) => key), names.toSorted().map((name) => `lease/${name}`));
  for (const [at, member] of members.entries()) {
    assert.equal(leases[at]?.value.machine, member.machine, "lease of another machine");
    assert.equal(leases[at]?.value.bootId, member.bootId, "lease of another boot");
  }
  const machines = await store.list("machine/");
  const places = machines.map((record) => [record.key, readKept(MACHINE, record).value.nodeName]);
  const own = members.map(({ machine, nodeName }) => [`machine/${machine}`, nodeName]);
  assert.deepEqual(places.toSorted(), own.toSorted(), "a machine has another name, or two");
}

/** Who is admitted again after a boot was fenced before: no more admissions than fences, and one. */
async function assertTold(store: Store, names: readonly string[]): Promise<void> {
  const events = await listEvents(store);
  const count = (kind: string, name: string): number =>
    events.filter((event) => event.kind === kind && event.node === name).length;
  for (const name of names) {
    const [admitted, fenced] = [count("admit", name), count("fence", name)];
    assert.equal(admitted - fenced, 1, `${name}: ${admitted} admissions, ${fenced} fences`);
  }
  const others = events.filter(({ node }) => node !== "" && !names.includes(node));
  assert.deepEqual(others, [], "events of nobody");
  assert.equal(count("manifest", ""), 1, "the manifest is told of once");
}

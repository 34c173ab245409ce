/**
 * Agents with real TPMs in software, over real TLS: a cluster is initialised,
 * joined, verified, and goes on where agents were started anew.
 *
 * @module
 */

import assert from "node:assert/strict";
import { openCall } from "../../src/channel/client.ts";
import { nodeHost } from "../../src/hosts/node_host.ts";
import { MANIFEST_PATH, STATUS_PATH } from "../../src/protocol/paths.ts";
import { MANIFEST_ANSWER, STATUS_ANSWER } from "../../src/protocol/status.ts";
import { testWithTpm } from "../tpm/swtpm.ts";
import { isAdmitted, killedAfter } from "./killed.ts";
import {
  initAt,
  makeOwner,
  makeStore,
  MemoryFiles,
  type Owner,
  type Running,
  startAgent,
  untilSo,
  updateManifest,
  verifyAll,
  withMachines,
} from "./world.ts";

const NAMES = ["control-plane-1", "control-plane-2", "worker-1"];

testWithTpm("three machines become a cluster that its owner verifies, and stay one", async () => {
  const owner = await makeOwner();
  await withMachines(3, owner.clusterId, async ([first, second, third]) => {
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const { clusterId } = owner;
    const store = makeStore();
    const one = await startAgent(first, clusterId, store);
    const done = await initAt(owner, one.url);
    assert.deepEqual([done.nodeName, done.already], ["control-plane-1", false]);
    const again = await initAt(owner, one.url);
    assert.deepEqual([again.nodeName, again.already], ["control-plane-1", true]);
    assert.deepEqual(again.nodeAuthority, done.nodeAuthority);
    assert.ok(done.isSameSecret && again.isSameSecret);
    // Who remembers nothing is not told that the master secret was the same: no member compares it.
    const elsewhere = { ...owner, files: new MemoryFiles(), epochRoot: new Uint8Array(32).fill(9) };
    const forgetful = await initAt(elsewhere, one.url);
    assert.deepEqual([forgetful.already, forgetful.isSameSecret], [true, false]);
    const peers = [one.url];
    const two = await startAgent(second, clusterId, store, { peers, group: "control-plane" });
    // It knows the second control plane alone, which was told all that it needs.
    const three = await startAgent(third, clusterId, store, { peers: [two.url], group: "worker" });
    await untilSo("all are admitted", () => [one, two, three].every(isAdmitted));
    await requireNames(owner, [one, two, three]);
    await untilSo("all renewed", async () => {
      const all = await Promise.all([one, two, three].map(({ url }) => doingAt(url)));
      return all.every((doing, at) => doing === `serves as ${NAMES[at]}`);
    });
    assert.deepEqual([one, two, three].flatMap(failuresOf), []);

    await updateManifest(owner, one.url);
    for (const running of [one, two, three]) await running.end();
    // Ports are other ones now: whoever took the old ones in between is asked, and is nobody's control plane.
    const back = await startAgent(first, clusterId, store);
    const rest = await startAgent(third, clusterId, store, { peers: [back.url] });
    await untilSo("they go on", () => [back, rest].every(isAdmitted));
    assert.equal(await sequenceAt(back.url), 2);
    await untilSo(
      "a renewal brings the newer manifest",
      async () => await sequenceAt(rest.url) === 2,
    );
    const verdict = await verifyAll(owner, [back.url, rest.url]);
    assert.equal(verdict.verdict, "lab-trusted", JSON.stringify(verdict.members));
    for (const running of [back, rest]) await running.end();
  });
});

async function requireNames(owner: Owner, agents: readonly Running[]): Promise<void> {
  const { members, verdict } = await verifyAll(owner, agents.map(({ url }) => url));
  assert.equal(verdict, "lab-trusted", JSON.stringify(members));
  assert.deepEqual(members.map(({ peer }) => peer?.statement.nodeName), NAMES);
  assert.deepEqual(members.map(({ peer }) => peer?.roots), NAMES.map(() => ["lab"]));
}

async function sequenceAt(url: string): Promise<number> {
  const call = { method: "GET", path: MANIFEST_PATH, answer: MANIFEST_ANSWER } as const;
  return (await openCall(askingOf(url), call))?.manifests.length ?? 0;
}

async function doingAt(url: string): Promise<string> {
  const call = { method: "GET", path: STATUS_PATH, answer: STATUS_ANSWER } as const;
  return (await openCall(askingOf(url), call))?.doing ?? "";
}

function failuresOf({ events }: Running): readonly string[] {
  return events.filter(({ event }) => event === "not_renewed").map(({ message }) => message);
}

function askingOf(url: string) {
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  return { clients: nodeHost.clients, url, random, monotonic: () => performance.now() };
}

testWithTpm(
  "an agent that is ended inside of its way to a member becomes that member",
  async () => {
    await killedAfter("init", "after write control_plane.secret", 1);
    // The first time is the cluster's, the second the member's: one bank is a step behind the other.
    await killedAfter("init", "after extend sha256", 2);
    await killedAfter("join", "after extend sha256", 2);
  },
);

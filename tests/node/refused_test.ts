/**
 * What agents, and who speaks with them, refuse: each by its own code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { signDsse } from "../../src/core/dsse.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import { attestForOwner, attestServer, sealedCall } from "../../src/channel/client.ts";
import { writeStatement } from "../../src/evidence/statement/read.ts";
import { nodeHost } from "../../src/hosts/node_host.ts";
import {
  INIT_ANSWER,
  INIT_BODY,
  type InitBody,
  OWNER_REQUEST,
  OWNER_REQUEST_TYPE,
} from "../../src/protocol/init.ts";
import { writeMessage } from "../../src/protocol/message.ts";
import { INIT_PATH } from "../../src/protocol/paths.ts";
import { NodeMemory } from "../../src/node/memory.ts";
import { NodeTime } from "../../src/node/time.ts";
import { testWithTpm } from "../tpm/swtpm.ts";
import { isAdmitted } from "./killed.ts";
import {
  appraiserOf,
  collectorOf,
  initAt,
  type Machine,
  makeOwner,
  makeStore,
  NOW,
  type Owner,
  type Running,
  signNext,
  startAgent,
  untilSo,
  updateManifest,
  withMachines,
} from "./world.ts";

const RANDOM = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    assert.ok(error instanceof CasemateError, String(error));
    return error.fields["code"] ?? error.code;
  }
}

function askingOf(url: string) {
  const { clients } = nodeHost;
  return { clients, url, random: RANDOM, monotonic: () => performance.now() };
}

/** Codes that an agent told of, why it was not admitted. */
function refusalsOf({ events }: Running): readonly unknown[] {
  return events.filter(({ event }) => event === "refused").map(({ fields }) => fields["code"]);
}

/** An owner's request for what will be sealed, signed by somebody. */
async function requestFor(owner: Owner, exact: Uint8Array, by: Owner = owner) {
  const nonce = RANDOM.bytes(32);
  const payload = writeMessage(OWNER_REQUEST, {
    v: 1,
    purpose: "init",
    clusterId: owner.clusterId,
    owner: toHex(by.key.publicKey.spki),
    random: by.chain.newest.random,
    nonce: toHex(nonce),
    body: toHex(plainHash("sha256", exact)),
    issued: "2026-11-22T12:00:00Z",
  });
  return { nonce, payload, request: await signDsse(OWNER_REQUEST_TYPE, payload, [by.key]) };
}

function bodyOf({ manifests, references, epochRoot }: Owner): InitBody {
  const time = "2026-11-22T12:00:00Z";
  const root = toHex(epochRoot);
  return { v: 1, manifests, references, epoch: 1, epochRoot: root, time, store: null };
}

async function sealInit(owner: Owner, url: string, signed: InitBody, sent: InitBody) {
  const exact = writeMessage(INIT_BODY, signed);
  const asks = await requestFor(owner, exact);
  const appraiser = await appraiserOf(owner);
  const session = await attestForOwner(askingOf(url), {
    ...{ ...asks, appraiser, expected: { clusterId: owner.clusterId }, purpose: "init" },
  });
  return await sealedCall(session, {
    ...{ purpose: "init", path: INIT_PATH, body: sent, own: null },
    ...{ request: INIT_BODY, answer: INIT_ANSWER },
  });
}

testWithTpm("a node is initialised by its owner alone, with what was signed for", async () => {
  const [owner, other] = [await makeOwner(), await makeOwner()];
  await withMachines(1, owner.clusterId, async ([machine]) => {
    assert.ok(machine !== undefined);
    const running = await startAgent(machine, owner.clusterId, makeStore());
    const { url } = running;
    const expected = { clusterId: owner.clusterId };
    const appraiser = await appraiserOf(owner);
    const ask = async (made: Awaited<ReturnType<typeof requestFor>>) =>
      await codeOf(
        attestForOwner(askingOf(url), { ...made, appraiser, expected, purpose: "init" }),
      );
    const foreign = await requestFor(owner, new Uint8Array(), other);
    assert.equal(await ask(foreign), "node.owner_request");
    const forged = { ...await requestFor(owner, new Uint8Array()), request: foreign.request };
    assert.equal(await ask(forged), "node.owner_request");

    const body = bodyOf(owner);
    const stolen = { ...body, epochRoot: "66".repeat(32) };
    assert.equal(await codeOf(sealInit(owner, url, body, stolen)), "node.init_body");
    const { manifests, references } = other;
    const theirs = { ...body, manifests, references };
    assert.equal(await codeOf(sealInit(owner, url, theirs, theirs)), "manifest.cluster");
    assert.equal((await sealInit(owner, url, body, body)).nodeName, "control-plane-1");
    assert.equal(await codeOf(sealInit(owner, url, body, body)), "node.purpose_refused");
    await running.end();
  });
});

testWithTpm(
  "a node joins no foreign, rolled back, forked or unadmitted control plane",
  async () => {
    const [owner, other] = [await makeOwner(), await makeOwner()];
    await withMachines(3, owner.clusterId, async ([first, second, third]) => {
      assert.ok(first !== undefined && second !== undefined && third !== undefined);
      const store = makeStore();
      const { clusterId } = owner;
      const server = await startAgent(first, clusterId, store);
      await initAt(owner, server.url);
      const peers = [server.url];
      const refused = async (machine: Machine, options: Parameters<typeof startAgent>[3]) => {
        const agent = await startAgent(machine, clusterId, store, options);
        await untilSo("it is refused", () => refusalsOf(agent).length > 0 || isAdmitted(agent));
        await agent.end();
        return refusalsOf(agent)[0];
      };
      const behind = () => new Date(NOW.getTime() - 14 * 3_600_000);
      assert.equal(await refused(second, { peers, minimumSequence: 2 }), "manifest.rollback");
      assert.equal(await refused(second, { peers, group: "none" }), "join.group");
      assert.equal(await refused(second, { peers, group: "worker", now: behind }), "time.behind");
      await updateManifest(owner, server.url);
      await remember(second, owner, await signNext(owner, 120_000));
      assert.equal(await refused(second, { peers, group: "worker" }), "manifest.fork");
      second.files.content.clear();
      // The server's manifest is not of the cluster that this machine is launched for.
      const lost = await startAgent(third, other.clusterId, makeStore(), { peers });
      await untilSo("it is refused", () => refusalsOf(lost).length > 0);
      assert.equal(refusalsOf(lost)[0], "manifest.cluster");
      // A machine that is not admitted has the chain to tell, and admits nobody.
      assert.equal(await refused(second, { peers: [lost.url] }), "node.not_serving");
      await lost.end();
      await server.end();
    });
  },
);

/** A machine that saw these manifests in an earlier boot. */
async function remember(
  { files }: Machine,
  { clusterId, references }: Owner,
  manifests: readonly Uint8Array[],
): Promise<void> {
  const time = new NodeTime({ now: () => NOW });
  const memory = await NodeMemory.open({ files, clusterId, time, minimumSequence: 0 });
  await memory.learn(await memory.verify({ manifests, references }));
}

testWithTpm("an admitted machine makes no evidence for joining, whatever it states", async () => {
  const owner = await makeOwner();
  await withMachines(1, owner.clusterId, async ([machine]) => {
    assert.ok(machine !== undefined);
    const running = await startAgent(machine, owner.clusterId, makeStore());
    await initAt(owner, running.url);
    const appraiser = await appraiserOf(owner);
    const expected = { clusterId: owner.clusterId };
    const { peer } = await attestServer(askingOf(running.url), { appraiser, expected });
    // Code that came later has the devices, and states the phase before.
    const question = { purpose: "join", audience: "a1".repeat(32), requestDigest: "b2".repeat(32) };
    const statement = writeStatement({
      ...peer.statement,
      ...{ ...question, purpose: "join" },
      ...{ phase: "cluster", role: "", nodeName: "", manifestDigest: "", manifestSequence: 0 },
    });
    const nonce = RANDOM.bytes(32);
    const envelope = await collectorOf(machine, running.device)(statement, nonce);
    const judged = appraiser.appraise(envelope, nonce, {
      ...{ ...question, purpose: "join" },
      clusterId: owner.clusterId,
    });
    assert.equal(await codeOf(judged), "statement.phase_mismatch");
    assert.deepEqual(fromHex(peer.statement.clusterId), fromHex(owner.clusterId));
    await running.end();
  });
});

testWithTpm("a damaged state is an error, and so is one of another cluster", async () => {
  const [owner, other] = [await makeOwner(), await makeOwner()];
  await withMachines(1, owner.clusterId, async ([machine]) => {
    assert.ok(machine !== undefined);
    const start = (clusterId: string) => startAgent(machine, clusterId, makeStore());
    const running = await start(owner.clusterId);
    await initAt(owner, running.url);
    await running.end();
    assert.equal(await codeOf(start(other.clusterId)), "node.other_cluster");
    const { content } = machine.files;
    for (const name of ["node.state", "control_plane.secret"]) {
      const whole = content.get(name);
      assert.ok(whole !== undefined, name);
      for (const bent of [whole.subarray(0, -1), bend(whole), new Uint8Array()]) {
        content.set(name, bent);
        assert.equal(await codeOf(start(owner.clusterId)), "node.state", name);
      }
      content.set(name, whole);
    }
    const secrets = content.get("control_plane.secret");
    content.delete("control_plane.secret");
    assert.equal(await codeOf(start(owner.clusterId)), "node.state");
    content.set("control_plane.secret", secrets ?? new Uint8Array());
    // Without it the register holds what nothing explains.
    content.delete("node.state");
    assert.equal(await codeOf(start(owner.clusterId)), "node.register");
  });
});

function bend(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bent = new Uint8Array(bytes);
  const at = bent.length - 20;
  bent[at] = (bent[at] ?? 0) ^ 1;
  return bent;
}

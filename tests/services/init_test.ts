/** Initialising a cluster: in steps that are repeated safely, once. */

import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { readSigningKey } from "../../src/core/signing_key.ts";
import { createInit, finishInit, runInit } from "../../src/services/init/init.ts";
import { INIT_STEPS } from "../../src/services/init/record.ts";
import { makeClusterKeys } from "../../src/services/init/secrets.ts";
import { MemoryStore } from "../../src/services/store/memory.ts";
import type { Store } from "../../src/services/store/store.ts";
import { nextOf, NOW, RANDOM } from "../manifest/owner.ts";
import { testWithEtcd } from "./etcd.ts";
import { fails } from "./world.ts";
import {
  BODY,
  CHAIN,
  contents,
  emptied,
  type Fate,
  initialise,
  initParts,
  isOneCluster,
  Killed,
  newNode,
} from "./init_world.ts";

/** Goes on as an owner and a restarted agent do: with the same request, until it is done. */
async function untilDone(node: ReturnType<typeof newNode>, store: Store) {
  return await initialise(initParts(node, store));
}

async function killedBetweenSteps(store: Store): Promise<void> {
  for (let done = 0; done <= INIT_STEPS.length; done++) {
    const node = newNode();
    const init = await createInit(initParts(node, store));
    for (const step of init.steps.slice(0, done)) await step.do();
    const result = await untilDone(node, store);
    equal(result.answer.already, done === INIT_STEPS.length ? "yes" : "no");
    await isOneCluster(node, store, result);
    await emptied(store);
  }
}

Deno.test("runInit() goes on after an end between any two steps, in memory", async () => {
  await killedBetweenSteps(new MemoryStore());
});

testWithEtcd("runInit() goes on after an end between any two steps, on etcd", async (etcd) => {
  await etcd.setUp(CHAIN.clusterId);
  await killedBetweenSteps(etcd.store(CHAIN.clusterId));
});

Deno.test("runInit() goes on after an end before and after each write", async () => {
  let ends = 0;
  for (let left = 0;; left++) {
    const [node, store, fate] = [newNode(), new MemoryStore(), { left, what: "killed" } as Fate];
    const first = await initialise(initParts(node, store, fate)).catch((error) => {
      if (error instanceof Killed) return null;
      throw error;
    });
    await isOneCluster(node, store, first ?? await untilDone(node, store));
    if (first !== null) break;
    ends++;
  }
  ok(ends > 20, `${ends} moments`);
});

Deno.test("runInit() finds out for itself what came of a change that the store was silent about", async () => {
  let silences = 0;
  for (let left = 0;; left++) {
    const [node, store] = [newNode(), new MemoryStore()];
    const fate: Fate = { left, what: "unreachable" };
    await isOneCluster(node, store, await initialise(initParts(node, store, fate)));
    if (fate.left >= 0) return ok(silences > 15, `${silences} silences`);
    silences++;
  }
});

Deno.test("runInit() goes on in another boot, which takes the machine's place", async () => {
  for (const at of [...INIT_STEPS.keys(), INIT_STEPS.length]) {
    const [node, store] = [newNode(), new MemoryStore()];
    const init = await createInit(initParts(node, store));
    for (const step of init.steps.slice(0, at)) await step.do();
    const admitted = at > INIT_STEPS.indexOf("admission");
    node.boot = 2;
    node.register.length = 0;
    await isOneCluster(node, store, await untilDone(node, store), admitted ? 2 : 1);
  }
});

Deno.test("createInit() refuses another request once keys were made, and after the end", async () => {
  const further = await CHAIN.extend([await nextOf(CHAIN)], { now: NOW });
  const access = {
    endpoints: ["https://127.0.0.1:2379"],
    authorities: "A",
    certificate: "B",
    key: "C",
    user: "casemate",
    password: "5".repeat(64),
  };
  const others = [
    { chain: further },
    { body: { ...BODY, epochRoot: "98".repeat(32) } },
    { body: { ...BODY, epoch: 2 } },
    { body: { ...BODY, store: access } },
  ];
  for (const upTo of [INIT_STEPS.indexOf("keys") + 1, INIT_STEPS.length]) {
    const [node, store] = [newNode(), new MemoryStore()];
    const init = await createInit(initParts(node, store));
    for (const step of init.steps.slice(0, upTo)) await step.do();
    const before = await contents(store);
    for (const change of others) {
      await fails("init.done", createInit(initParts(node, store, null, change)));
      await fails("init.done", createInit(initParts(node, new MemoryStore(), null, change)));
    }
    deepEqual(await contents(store), before);
    await isOneCluster(node, store, await untilDone(node, store));
  }
  const [node, store] = [newNode(), new MemoryStore()];
  const init = await createInit(initParts(node, store));
  await init.steps[0]?.do();
  await fails("init.done", createInit(initParts(node, store, null, { chain: further })));
});

Deno.test("createInit() refuses a store that another machine claimed, also at the same moment", async () => {
  const store = new MemoryStore();
  const one = newNode(1);
  const result = await initialise(initParts(one, store));
  await fails("init.other", createInit(initParts(newNode(2), store)));
  await isOneCluster(one, store, result);
  const [two, three, shared] = [newNode(2), newNode(3), new MemoryStore()];
  const races = [two, three].map((node) => createInit(initParts(node, shared)));
  const [first, second] = await Promise.all(races);
  ok(first !== undefined && second !== undefined);
  const ends = await Promise.allSettled([runInit(first), runInit(second)]);
  deepEqual(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  const lost = ends.find((end) => end.status === "rejected");
  await fails("init.other", Promise.reject(lost?.reason));
  const won = ends.find((end) => end.status === "fulfilled");
  ok(won !== undefined);
  await isOneCluster(ends[0] === won ? two : three, shared, won.value);
});

Deno.test("createInit() says that keys are lost, and goes on where nobody knew them yet", async () => {
  const [node, store] = [newNode(), new MemoryStore()];
  await initialise(initParts(node, store));
  const secret = node.disk.get("init.secret");
  ok(secret !== undefined);
  node.disk.set("init.secret", secret.subarray(1));
  const damaged = createInit(initParts(node, store));
  await fails("init.lost", damaged);
  await rejects(
    damaged,
    (error: Error) => !error.message.includes("99") && error.cause === undefined,
  );
  node.disk.clear();
  await fails("init.lost", createInit(initParts(node, store)));
  const [fresh, other] = [newNode(), new MemoryStore()];
  const init = await createInit(initParts(fresh, other));
  for (const step of init.steps.slice(0, INIT_STEPS.indexOf("admission"))) await step.do();
  fresh.disk.clear();
  await isOneCluster(fresh, other, await untilDone(fresh, other));
});

Deno.test("finishInit() records what a node did that took its place and ended", async () => {
  const [node, store] = [newNode(), new MemoryStore()];
  const parts = initParts(node, store);
  await finishInit(store, parts.machine);
  const init = await createInit(parts);
  for (const step of init.steps.slice(0, INIT_STEPS.indexOf("phase"))) await step.do();
  await finishInit(store, "0".repeat(64));
  const again = await createInit(parts);
  equal(await again.steps.at(-1)?.done(), false);
  await finishInit(store, parts.machine);
  const never = () => Promise.reject(new Error("this boot gives no more evidence for init"));
  const placed = { peer: never, extend: never, isPlaced: () => true };
  const result = await initialise(initParts(node, store, null, placed));
  deepEqual([result.answer.already, result.answer.nodeName], ["yes", "control-plane-1"]);
});

Deno.test("runInit() tells its steps in order, and no secret to the store", async () => {
  const [node, store] = [newNode(), new MemoryStore()];
  const told: string[] = [];
  const { clusterId } = CHAIN;
  const makeKeys = () => makeClusterKeys({ clusterId, lab: false, now: NOW, random: RANDOM });
  const change = { makeKeys, doing: (step: string) => void told.push(step) };
  const { secrets, answer } = await initialise(initParts(node, store, null, change));
  deepEqual(told, [...INIT_STEPS]);
  equal(answer.already, "no");
  equal((await readSigningKey(secrets.grant.nodeAuthorityKey)).publicKey.kind, "P-384");
  equal((await readSigningKey(secrets.grant.logKey)).publicKey.kind, "Ed25519");
  const everything = JSON.stringify(
    (await Promise.all(
      ["", "event/", "manifest/", "reference/", "member/", "lease/", "machine/"].map((prefix) =>
        prefix === "" ? store.read("init").then((record) => [record]) : store.list(prefix)
      ),
    )).flat().map((record) => new TextDecoder().decode(record?.value)),
  );
  ok(everything.includes(answer.manifestDigest) && !everything.includes(BODY.epochRoot));
  const saved = new TextDecoder().decode(node.disk.get("init.secret"));
  const hidden = [JSON.parse(saved).grant.logKey, JSON.parse(saved).grant.nodeAuthorityKey];
  for (const secret of hidden) ok(!everything.includes(secret.slice(40, 80)));
});

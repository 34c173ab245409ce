/** The join service: roles and names, leases, fencing, tickets, and everybody who is refused. */

import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { signTicket } from "../../src/manifest/ticket.ts";
import { JOIN_ANSWER, RENEW_ANSWER } from "../../src/protocol/join.ts";
import { readMessage, writeMessage } from "../../src/protocol/message.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import type { JoinService } from "../../src/services/join/service.ts";
import type { Store } from "../../src/services/store/store.ts";
import { storeManifests } from "../../src/services/store/documents.ts";
import { DAY, made, nextOf, NOW, OTHER, OWNER } from "../manifest/owner.ts";
import {
  agree,
  digest,
  fails,
  group,
  insider,
  intent,
  type Machine,
  makeWorld,
  stay,
  stranger,
  wish,
  type World,
} from "./world.ts";

const LEASE_MS = 60_000;

/** Time goes on, and a service looks at the leases as often as a control plane renews its own. */
async function watchFor(milliseconds: number, world: World, service: JoinService): Promise<void> {
  const until = world.now + milliseconds;
  for (await service.observe(); world.now < until; await service.observe()) {
    world.now = Math.min(until, world.now + LEASE_MS / 3);
  }
}

const names = async (world: World) =>
  (await world.service().members()).map(({ nodeName }) => nodeName);

const kinds = async (world: World) =>
  (await world.events()).map(({ kind, node }) => `${kind} ${node}`.trim());

/** A store in which something happens just before the first change of a record. */
function before(store: Store, record: string, happens: () => Promise<void>): Store {
  let left = 1;
  return {
    read: (key) => store.read(key),
    list: (prefix) => store.list(prefix),
    commit: async (change) => {
      if (change.put.some(({ key }) => key === record) && left-- > 0) await happens();
      return await store.commit(change);
    },
  };
}

Deno.test("JoinService.admit() gives the lowest free name of the group, and all that a node needs", async () => {
  const world = await makeWorld();
  const [one, two] = [world.service(), world.service()];
  const first = await one.admit(stranger(world, { machine: 1 }), wish("control-plane"));
  const second = await two.admit(stranger(world, { machine: 2 }), wish("worker"));
  const third = await one.admit(stranger(world, { machine: 3 }), wish("worker"));
  deepEqual([first.nodeName, second.nodeName, third.nodeName], [
    "control-plane-1",
    "worker-1",
    "worker-2",
  ]);
  deepEqual([first.role, second.role], ["control-plane", "worker"]);
  ok(first.controlPlane !== null && second.controlPlane === null, "workers get no secrets");
  deepEqual(third.peers.map(({ nodeName }) => nodeName), [
    "control-plane-1",
    "worker-1",
    "worker-2",
  ]);
  deepEqual([third.manifestSequence, third.leaseSeconds, third.manifests.length], [1, 60, 1]);
  equal(third.references.length, 1);
  const said = new TextDecoder().decode(third.certificate);
  equal(said, `${digest("d", 3001)} worker-2 worker https://127.0.0.1:9000`);
  for (const answer of [first, second, third]) {
    deepEqual(readMessage(JOIN_ANSWER, writeMessage(JOIN_ANSWER, answer)), answer);
  }
  const [manifest, ...rest] = await world.events();
  equal(manifest?.kind, "manifest");
  deepEqual(
    rest.map((
      { kind, node, role, variant, verdict, manifestSequence, evidence },
    ) => [kind, node, role, variant, verdict, manifestSequence, evidence]),
    [
      [
        "admit",
        "control-plane-1",
        "control-plane",
        "gcp-sev-snp",
        "lab-trusted",
        1,
        digest("1", 1001),
      ],
      ["admit", "worker-1", "worker", "gcp-sev-snp", "lab-trusted", 1, digest("1", 2001)],
      ["admit", "worker-2", "worker", "gcp-sev-snp", "lab-trusted", 1, digest("1", 3001)],
    ],
  );
  await agree(world);
});

Deno.test("JoinService.admit() gives the same boot the same answer, and writes nothing twice", async () => {
  const world = await makeWorld();
  const first = await world.service().admit(stranger(world, { machine: 1 }), wish("worker"));
  const before = await kinds(world);
  const again = await world.service().admit(stranger(world, { machine: 1 }), wish("worker"));
  deepEqual(again, first);
  deepEqual(await world.service().admit(stranger(world, { machine: 1 }), wish("worker")), first);
  deepEqual(await kinds(world), before);
  const anew = stranger(world, { machine: 1, keys: 2 });
  const withKeys = await world.service().admit(anew, wish("worker"));
  deepEqual([withKeys.nodeName, withKeys.lease], [first.nodeName, first.lease]);
  ok(new TextDecoder().decode(withKeys.certificate).startsWith(digest("d", 1002)));
  deepEqual(await kinds(world), [...before, "renew worker-1"]);
  await agree(world);
});

Deno.test("JoinService.admit() gives another boot of a machine its name at once, and fences the old boot", async () => {
  const world = await makeWorld();
  const service = world.service();
  const old: Machine = { machine: 1 };
  const first = await service.admit(stranger(world, old), wish("worker"));
  await service.renew(insider(world, old, first), stay(first));
  const second = await service.admit(stranger(world, { machine: 1, boot: 2 }), wish("worker"));
  equal(second.nodeName, first.nodeName);
  notEqual(second.lease, first.lease);
  await fails("join.fenced", service.renew(insider(world, old, first), stay(first)));
  await fails("join.fenced", world.service().renew(insider(world, old, first), stay(second)));
  const now: Machine = { machine: 1, boot: 2 };
  await fails("join.fenced", service.renew(insider(world, now, second), stay(first)));
  await service.renew(insider(world, now, second), stay(second));
  deepEqual(await kinds(world), ["manifest", "admit worker-1", "fence worker-1", "admit worker-1"]);
  await agree(world);
});

Deno.test("JoinService.admit() gives away a name only when its lease was silent on the service's own clock", async () => {
  const world = await makeWorld(intent(group("control-plane", 1), group("worker", 1)));
  const service = world.service();
  const first = await service.admit(stranger(world, { machine: 1 }), wish("worker"));
  const want = () => service.admit(stranger(world, { machine: 2 }), wish("worker"));
  await fails("join.name_held", want());
  await watchFor(LEASE_MS - 1, world, service);
  await fails("join.name_held", want());
  await service.renew(insider(world, { machine: 1 }, first), stay(first));
  world.now += 1;
  await fails("join.full", want());
  await watchFor(LEASE_MS - 1, world, service);
  await fails("join.full", want());
  await fails(
    "join.name_held",
    world.service().admit(stranger(world, { machine: 2 }), wish("worker")),
  );
  world.now += 1;
  const taken = await want();
  equal(taken.nodeName, "worker-1");
  notEqual(taken.lease, first.lease);
  await fails("join.fenced", service.renew(insider(world, { machine: 1 }, first), stay(first)));
  deepEqual(await kinds(world), ["manifest", "admit worker-1", "fence worker-1", "admit worker-1"]);
  await agree(world);
  await fails(
    "join.full",
    service.admit(stranger(world, { machine: 1, boot: 2 }), wish("worker")),
  );
});

Deno.test("JoinService.admit() gives away no name for a silence that it did not watch", async () => {
  const world = await makeWorld(intent(group("control-plane", 1), group("worker", 1)));
  const service = world.service();
  const first = await service.admit(stranger(world, { machine: 1 }), wish("worker"));
  const want = () => service.admit(stranger(world, { machine: 2 }), wish("worker"));
  await service.renew(insider(world, { machine: 1 }, first), stay(first));
  await watchFor(LEASE_MS / 2, world, service);
  // The store is away: nobody can renew, and nobody looks.
  world.now += 2 * LEASE_MS;
  await fails("join.name_held", want());
  await service.renew(insider(world, { machine: 1 }, first), stay(first));
  await fails("join.full", want());
  world.now += 2 * LEASE_MS;
  await fails("join.name_held", want());
  await watchFor(LEASE_MS - 1, world, service);
  await fails("join.name_held", want());
  world.now += 1;
  equal((await want()).nodeName, "worker-1");
});

Deno.test("JoinService.admit() loses to a renewal that comes between look and change", async () => {
  const world = await makeWorld(intent(group("control-plane", 1), group("worker", 1)));
  const service = world.service();
  const first = await service.admit(stranger(world, { machine: 1 }), wish("worker"));
  await service.observe();
  world.now += LEASE_MS;
  let renewals = 0;
  const store = before(world.store, "lease/worker-1", async () => {
    renewals++;
    await service.renew(insider(world, { machine: 1 }, first), stay(first));
  });
  const late = world.service({ store });
  await late.observe();
  await watchFor(LEASE_MS, world, late);
  await fails("join.full", late.admit(stranger(world, { machine: 2 }), wish("worker")));
  await service.renew(insider(world, { machine: 1 }, first), stay(first));
  equal(renewals, 1);
});

Deno.test("JoinService.renew() loses to another boot that comes between look and change", async () => {
  for (const keys of [1, 2]) {
    const world = await makeWorld();
    const service = world.service();
    const first = await service.admit(stranger(world, { machine: 1 }), wish("worker"));
    const between = before(world.store, "lease/worker-1", async () => {
      await service.admit(stranger(world, { machine: 1, boot: 2 }), wish("worker"));
    });
    const late = world.service({ store: between });
    const old = insider(world, { machine: 1, keys }, first);
    await fails("join.fenced", late.renew(old, stay(first)));
    await agree(world);
  }
});

Deno.test("JoinService finds out for itself what came of a change that the store was silent about", async () => {
  for (const made of [false, true]) {
    const world = await makeWorld();
    let silences = 0;
    const silent = (): Store => ({
      read: (key) => world.store.read(key),
      list: (prefix) => world.store.list(prefix),
      commit: async (change) => {
        if (silences++ > 0) return await world.store.commit(change);
        if (made) await world.store.commit(change);
        const details = { code: "store.unreachable", retryable: true };
        throw new UnavailableError("Cannot reach the store", details);
      },
    });
    const service = world.service({ store: silent() });
    const first = await service.admit(stranger(world, { machine: 1 }), wish("worker"));
    silences = 0;
    await service.renew(insider(world, { machine: 1, keys: 2 }, first), stay(first));
    silences = 0;
    equal(await service.release("worker-1"), true);
    deepEqual(await kinds(world), [
      "manifest",
      "admit worker-1",
      "renew worker-1",
      "leave worker-1",
    ]);
    await agree(world);
  }
});

Deno.test("JoinService.renew() keeps the lease, takes note of new keys, and tells what is new", async () => {
  const world = await makeWorld();
  const service = world.service();
  const first = await service.admit(stranger(world, { machine: 1 }), wish("worker"));
  const plain = await service.renew(insider(world, { machine: 1 }, first), stay(first));
  deepEqual([plain.manifests, plain.references, plain.leaseSeconds], [[], [], 60]);
  deepEqual(readMessage(RENEW_ANSWER, writeMessage(RENEW_ANSWER, plain)), plain);
  equal((await world.events()).length, 2, "a lease that goes on is no event");
  const keys = insider(world, { machine: 1, keys: 2 }, first);
  const url = "https://127.0.0.1:9001";
  const renewed = await service.renew(keys, stay(first, { url }));
  const said = new TextDecoder().decode(renewed.certificate);
  equal(said, `${digest("d", 1002)} worker-1 worker ${url}`);
  deepEqual(renewed.peers, [{ nodeName: "worker-1", role: "worker", url }]);
  const [member] = await service.members();
  deepEqual([member?.spki, member?.hpke, member?.url], [digest("d", 1002), digest("e", 1002), url]);
  deepEqual(await kinds(world), ["manifest", "admit worker-1", "renew worker-1"]);
  const next = await nextOf(world.chain);
  world.chain = await world.chain.extend([next], { now: NOW });
  await storeManifests(world.store, world.chain, NOW);
  const told = await service.renew(keys, stay(first, { url }));
  deepEqual([told.manifests, told.references.length], [[next], 1]);
  await agree(world);
});

Deno.test("JoinService.release() makes room again, once", async () => {
  const world = await makeWorld();
  const service = world.service();
  for (const machine of [1, 2, 3]) {
    await service.admit(stranger(world, { machine }), wish("worker"));
  }
  await fails("join.name_held", service.admit(stranger(world, { machine: 4 }), wish("worker")));
  deepEqual([await service.release("worker-2"), await service.release("worker-2")], [true, false]);
  equal(
    (await service.admit(stranger(world, { machine: 4 }), wish("worker"))).nodeName,
    "worker-2",
  );
  const third = await service.admit(stranger(world, { machine: 3 }), wish("worker"));
  await service.release("worker-3");
  await fails("join.not_member", service.renew(insider(world, { machine: 3 }, third), stay(third)));
  await agree(world);
});

Deno.test("JoinService.admit() takes a further control plane by the owner's ticket, once", async () => {
  const groups = [group("control-plane", 1), group("control-plane-b", 1), group("worker", 1)];
  const world = await makeWorld(intent(...groups));
  const service = world.service();
  const { clusterId } = world.chain;
  const times = { issued: NOW, notAfter: new Date(NOW.getTime() + DAY) };
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  const sign = (name: string, key = OWNER) =>
    signTicket({ clusterId, group: name, ...times }, key, random);
  const ticket = await sign("control-plane");
  const ask = (machine: number, file: Uint8Array | null, boot = 1) =>
    service.admit(stranger(world, { machine, boot }), wish("control-plane", { ticket: file }));
  await ask(1, ticket);
  equal((await world.store.list("ticket/")).length, 0, "a ticket that is not needed stays");
  await service.observe();
  const [lease] = await world.store.list("lease/");
  ok(lease !== undefined);
  await world.store.commit({ expect: [], put: [lease], remove: [] });
  await fails("join.ticket_needed", ask(2, null));
  await fails("manifest.ticket", ask(2, await sign("control-plane", OTHER)));
  await fails("join.ticket_needed", ask(2, await sign("control-plane-b")));
  await fails("manifest.ticket", ask(2, await sign("worker")));
  const second = await ask(2, ticket);
  equal(second.nodeName, "control-plane-2");
  ok(second.controlPlane !== null);
  deepEqual(await ask(2, ticket), second);
  await fails("join.ticket_used", ask(3, ticket));
  equal((await ask(2, null, 2)).nodeName, "control-plane-2", "its place stays its own");
  await service.release("control-plane-1");
  equal(
    (await ask(3, null)).nodeName,
    "control-plane-1",
    "the manifest's own number is free again",
  );
  await service.release("control-plane-2");
  await fails("join.ticket_used", ask(2, ticket, 3));
  await agree(world);
});

Deno.test("JoinService refuses who may not have what it asks, each with its own code", async () => {
  const wanted = intent(
    group("control-plane", 1, { account: "operators" }),
    group("worker", 1),
    group("pool-a", 1, { account: "others" }),
    group("pool-b", 1, { account: "others" }),
    group("metal", 1, { variant: "sev-snp", account: "" }),
  );
  const world = await makeWorld(wanted);
  const service = world.service();
  const admit = (node: Partial<Machine>, name: string, change = {}) =>
    service.admit(stranger(world, { machine: 1, ...node }), wish(name, change));
  await fails("join.role", admit({}, "control-plane"));
  await fails("join.account", admit({}, "pool-a"));
  await fails("join.account", admit({ proven: { account: "strangers" } }, ""));
  await fails("join.account", admit({ proven: { account: "" } }, "worker"));
  await fails("join.variant", admit({}, "metal"));
  await fails("join.variant", admit({ proven: { variant: "tdx", account: "" } }, ""));
  await fails("join.group", admit({}, "gone"));
  await fails("join.ambiguous", admit({ proven: { account: "others" } }, ""));
  await fails("join.purpose", admit({ statement: { purpose: "renew" } }, "worker"));
  await fails("join.purpose", admit({ statement: { purpose: "init" } }, "worker"));
  await fails("join.phase", admit({ statement: { phase: "member" } }, "worker"));
  await fails("join.phase", admit({ statement: { phase: "zero" } }, "worker"));
  await fails("join.cluster", admit({ statement: { clusterId: digest("3", 1) } }, "worker"));
  await fails("join.role", admit({ statement: { role: "control-plane" } }, "worker"));
  await fails("join.role", admit({ statement: { nodeName: "worker-7" } }, "worker"));
  await fails("join.manifest", admit({ statement: { manifestSequence: 1 } }, "worker"));
  await fails("join.behind", admit({}, "worker", { manifestSequence: 2 }));
  await fails("join.purpose", service.admitFirst(stranger(world, { machine: 1 }), wish("")));
  const first = { purpose: "init" } as const;
  const refusedFirst = stranger(world, { machine: 1, statement: first });
  await fails("join.role", service.admitFirst(refusedFirst, wish("worker")));
  deepEqual(await names(world), []);
  equal((await admit({}, "")).nodeName, "worker-1", "one group fits");
  const operators = { account: "operators" };
  const chief = stranger(world, { machine: 2, statement: first, proven: operators });
  equal((await service.admitFirst(chief, wish(""))).nodeName, "control-plane-1");
  await agree(world);
});

Deno.test("JoinService.renew() refuses who is not that very member", async () => {
  const world = await makeWorld();
  const service = world.service();
  const node: Machine = { machine: 1 };
  const first = await service.admit(stranger(world, node), wish("worker"));
  await service.admit(stranger(world, { machine: 2 }), wish("control-plane"));
  const before = await world.store.list("lease/");
  const renew = (change: Partial<Machine>, body = stay(first)) =>
    service.renew(insider(world, { ...node, ...change }, first), body);
  await fails("join.purpose", renew({ statement: { purpose: "serve" } }));
  await fails("join.purpose", renew({ statement: { purpose: "join" } }));
  await fails("join.phase", renew({ statement: { phase: "cluster" } }));
  await fails("join.cluster", renew({ statement: { clusterId: digest("3", 1) } }));
  await fails("join.role", renew({ statement: { role: "control-plane" } }));
  await fails("join.fenced", renew({ statement: { nodeName: "control-plane-1" } }));
  await fails("join.not_member", renew({ statement: { nodeName: "worker-2" } }));
  await fails("join.fenced", renew({ machine: 3 }));
  await fails("join.fenced", renew({ boot: 2 }));
  const { bootId } = stranger(world, node).statement;
  await fails("join.fenced", renew({ machine: 3, statement: { bootId } }));
  await fails("join.manifest", renew({ statement: { manifestSequence: 2 } }));
  await fails("join.manifest", renew({ statement: { manifestDigest: digest("3", 1) } }));
  await fails("join.variant", renew({ proven: { variant: "sev-snp" } }));
  await fails("join.account", renew({ proven: { account: "strangers" } }));
  await fails("join.behind", renew({}, stay(first, { manifestSequence: 2 })));
  await fails("join.fenced", renew({}, stay(first, { lease: digest("7", 1) })));
  deepEqual(await world.store.list("lease/"), before, "nothing was renewed");
  await renew({});
});

Deno.test("JoinService admits under the newest manifest that the store has, or not at all", async () => {
  const world = await makeWorld();
  const old = world.chain;
  const service = world.service();
  const behind = world.service({ chain: () => old });
  const node: Machine = { machine: 1 };
  const first = await behind.admit(stranger(world, node), wish("worker"));
  world.chain = await old.extend([await nextOf(old)], { now: NOW });
  await storeManifests(world.store, world.chain, NOW);
  await fails("join.behind", behind.admit(stranger(world, { machine: 2 }), wish("worker")));
  await fails("join.behind", behind.renew(insider(world, node, first), stay(first)));
  const again = await service.admit(stranger(world, node), wish("worker"));
  deepEqual([again.nodeName, again.lease, again.manifestSequence], [
    first.nodeName,
    first.lease,
    1,
  ]);
  equal(again.manifests.length, 2);
  const second = await service.admit(stranger(world, { machine: 2 }), wish("worker"));
  equal(second.manifestSequence, 2);
  await service.renew(insider(world, node, first), stay(first));
  const late = world.service({ clock: { now: () => new Date(NOW.getTime() + 100 * DAY) } });
  await fails("manifest.expired", late.admit(stranger(world, { machine: 3 }), wish("worker")));
  await fails("manifest.expired", late.renew(insider(world, node, first), stay(first)));
});

Deno.test("JoinService gives a machine a new place where the manifest has no more its old one", async () => {
  const world = await makeWorld();
  const service = world.service();
  const first = await service.admit(stranger(world, { machine: 1 }), wish("worker"));
  await service.admit(stranger(world, { machine: 2 }), wish("control-plane"));
  const groups = [group("control-plane", 3), group("pool", 2)];
  world.chain = await world.chain.extend([await nextOf(world.chain, { groups })], { now: NOW });
  await storeManifests(world.store, world.chain, NOW);
  await service.renew(insider(world, { machine: 1 }, first), stay(first));
  await fails(
    "join.group",
    service.admit(stranger(world, { machine: 1, boot: 2 }), wish("worker")),
  );
  const second = await service.admit(stranger(world, { machine: 1, boot: 2 }), wish("pool"));
  deepEqual([second.nodeName, second.manifestSequence], ["pool-1", 2]);
  deepEqual(await names(world), ["control-plane-1", "pool-1"]);
  await agree(world);
});

Deno.test("JoinService gives a machine that is launched for another group its place there, or leaves it where it is", async () => {
  const world = await makeWorld(
    intent(group("control-plane", 1), group("worker", 2), group("pool", 1)),
  );
  const service = world.service();
  const ask = (machine: number, boot: number, name: string) =>
    service.admit(stranger(world, { machine, boot }), wish(name));
  equal((await ask(1, 1, "worker")).nodeName, "worker-1");
  equal((await ask(2, 1, "worker")).nodeName, "worker-2");
  equal((await ask(1, 2, "pool")).nodeName, "pool-1");
  deepEqual(await names(world), ["pool-1", "worker-2"]);
  equal((await ask(1, 2, "")).nodeName, "pool-1", "who names no group stays");
  await fails("join.name_held", ask(2, 2, "pool"));
  deepEqual(await names(world), ["pool-1", "worker-2"]);
  await agree(world);
});

Deno.test("JoinService.renew() takes note of each key by itself", async () => {
  for (const statement of [{ tlsSpki: digest("8", 1) }, { hpkeKey: digest("9", 1) }]) {
    const world = await makeWorld();
    const service = world.service();
    const first = await service.admit(stranger(world, { machine: 1 }), wish("worker"));
    await service.renew(insider(world, { machine: 1, statement }, first), stay(first));
    const [member] = await service.members();
    const { tlsSpki = digest("d", 1001), hpkeKey = digest("e", 1001) } = statement;
    deepEqual([member?.spki, member?.hpke], [tlsSpki, hpkeKey]);
  }
});

Deno.test("JoinService takes no word of a store that somebody else wrote to", async () => {
  const world = await makeWorld();
  const service = world.service();
  const first = await service.admit(stranger(world, { machine: 1 }), wish("worker"));
  const [member] = await world.store.list("member/");
  ok(member !== undefined);
  const forged = new TextEncoder().encode('{"v":1}');
  const head = await world.store.read("events");
  ok(head !== null);
  await world.store.commit({
    expect: [],
    put: [{ key: member.key, value: forged }, head],
    remove: [],
  });
  await fails("store.record", service.admit(stranger(world, { machine: 2 }), wish("worker")));
  await world.store.commit({ expect: [], put: [member, head], remove: ["lease/worker-1"] });
  await fails("store.record", service.renew(insider(world, { machine: 1 }, first), stay(first)));
  await fails("store.record", service.admit(stranger(world, { machine: 1 }), wish("worker")));
});

Deno.test("storeManifests() and storeReferences() refuse another manifest of a number", async () => {
  const world = await makeWorld();
  const one = await world.chain.extend([await nextOf(world.chain)], { now: NOW });
  const { chain } = await made(1, intent());
  const other = await chain.extend([await nextOf(chain, { kubernetes: "1.35.0" })], { now: NOW });
  await storeManifests(world.store, one, NOW);
  await fails("manifest.fork", storeManifests(world.store, other, NOW));
  await storeManifests(world.store, one, NOW);
  await storeManifests(world.store, chain, NOW);
  deepEqual(
    (await world.events()).map(({ kind, manifestSequence }) => `${kind} ${manifestSequence}`),
    [
      "manifest 1",
      "manifest 2",
    ],
  );
});

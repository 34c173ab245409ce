/** Stores: the same of memory and etcd; what only etcd has: users, ends, silence. */

import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { UnavailableError } from "../../src/core/errors.ts";
import { openEtcdHttp } from "../../src/hosts/etcd/etcd_http.ts";
import { EtcdStore } from "../../src/services/store/etcd.ts";
import { setUpEtcd } from "../../src/services/store/etcd_setup.ts";
import { MemoryStore } from "../../src/services/store/memory.ts";
import type { Store } from "../../src/services/store/store.ts";
import { makeAuthority, monotonic, ownAddress, ROOT_PASSWORD, testWithEtcd } from "./etcd.ts";
import { storeSuite } from "./store_suite.ts";

const CLUSTER = "a1".repeat(32);
const OTHER = "b2".repeat(32);

const put = (key: string, value: string) => ({
  expect: [],
  put: [{ key, value: new TextEncoder().encode(value) }],
  remove: [],
});

function refusedAs(code: string): (error: unknown) => boolean {
  return (error) => error instanceof UnavailableError && error.code === code;
}

Deno.test("MemoryStore keeps the contract of stores", async () => {
  const store = new MemoryStore();
  await storeSuite(() => store);
});

testWithEtcd("EtcdStore keeps the contract of stores", async (etcd) => {
  await etcd.setUp(CLUSTER);
  const stores = [etcd.store(CLUSTER), etcd.store(CLUSTER)];
  let next = 0;
  await storeSuite(() => stores[next++ % 2] ?? etcd.store(CLUSTER));
});

testWithEtcd(
  "EtcdStore sees its cluster's keys alone, with the right password alone",
  async (etcd) => {
    await etcd.setUp(CLUSTER);
    const { access } = etcd;
    const store = etcd.store(CLUSTER);
    ok(await store.commit(put("s/a", "1")));
    await rejects(etcd.store(OTHER).read("s/a"), refusedAs("store.denied"));
    await rejects(etcd.store(OTHER).commit(put("s/a", "1")), refusedAs("store.denied"));
    const wrong = { ...access, password: "6".repeat(64) };
    const stranger = new EtcdStore({
      http: etcd.client(),
      access: wrong,
      clusterId: CLUSTER,
      monotonic,
    });
    await rejects(stranger.read("s/a"), refusedAs("store.denied"));
    equal((await store.list("s/")).length, 1);
  },
);

testWithEtcd(
  "setUpEtcd() may be repeated, takes a new password, and serves further clusters",
  async (etcd) => {
    const { access } = etcd;
    await etcd.setUp(CLUSTER);
    const store = etcd.store(CLUSTER);
    ok(await store.commit(put("s/a", "1")));
    await etcd.setUp(CLUSTER);
    equal((await store.list("s/")).length, 1);
    const changed = { ...access, password: "9".repeat(64) };
    const parts = {
      http: etcd.client(),
      clusterId: CLUSTER,
      rootPassword: ROOT_PASSWORD,
      monotonic,
    };
    await setUpEtcd({ ...parts, access: changed });
    await rejects(etcd.store(CLUSTER).read("s/a"), refusedAs("store.denied"));
    const renewed = new EtcdStore({ ...parts, access: changed });
    equal((await renewed.list("s/")).length, 1);
    await setUpEtcd({ ...parts, access: { ...access, user: "second" }, clusterId: OTHER });
    const second = new EtcdStore({
      ...parts,
      access: { ...access, user: "second" },
      clusterId: OTHER,
    });
    deepEqual(await second.list("s/"), []);
    const denied = setUpEtcd({ ...parts, access: changed, rootPassword: "8".repeat(64) });
    await rejects(denied, refusedAs("store.denied"));
  },
);

testWithEtcd(
  "EtcdStore keeps what was committed over kill -9, and goes on with the same client",
  async (etcd) => {
    await etcd.setUp(CLUSTER);
    const store = etcd.store(CLUSTER);
    let known = 0;
    let running = true;
    const uncertain: number[] = [];
    const writer = (async () => {
      for (let n = 1; running; n++) {
        try {
          ok(await store.commit(put(`s/${String(n).padStart(6, "0")}`, String(n))));
          known = n;
        } catch (error) {
          ok(refusedAs("store.unreachable")(error), String(error));
          uncertain.push(n);
          await new Promise((done) => setTimeout(done, 20));
        }
      }
    })();
    for (let end = 0; end < 2; end++) {
      const seen = known;
      while (known < seen + 20) await new Promise((done) => setTimeout(done, 5));
      await etcd.kill();
      while (uncertain.length <= end * 2) await new Promise((done) => setTimeout(done, 5));
      await etcd.start();
    }
    const seen = known;
    while (known < seen + 5) await new Promise((done) => setTimeout(done, 5));
    running = false;
    await writer;
    const there = new Set(
      (await store.list("s/")).map(({ value }) => Number(new TextDecoder().decode(value))),
    );
    for (let n = 1; n <= known; n++) ok(there.has(n) || uncertain.includes(n), `${n} is lost`);
  },
);

testWithEtcd("EtcdStore asks the next member where one is silent or gone", async (etcd) => {
  await etcd.setUp(CLUSTER);
  const nobody = `https://${ownAddress()}:1`;
  const endpoints = [nobody, ...etcd.access.endpoints];
  const access = { ...etcd.access, endpoints };
  const store = new EtcdStore({ http: etcd.client(), access, clusterId: CLUSTER, monotonic });
  ok(await store.commit(put("s/a", "1")), "a change that cannot have been seen goes to the next");
  equal((await store.list("s/")).length, 1);
  etcd.signal("SIGSTOP");
  const client = etcd.client();
  let patience = 300;
  const http = {
    ...client,
    post: (call: Parameters<typeof client.post>[0]) => client.post({ ...call, timeout: patience }),
  };
  const paused = new EtcdStore({ http, access: etcd.access, clusterId: CLUSTER, monotonic });
  await rejects(paused.read("s/a"), refusedAs("store.unreachable"));
  etcd.signal("SIGCONT");
  patience = 60_000;
  equal((await paused.list("s/")).length, 1);
});

testWithEtcd("EtcdStore believes no other authority, and says what is not there", async (etcd) => {
  await etcd.setUp(CLUSTER);
  const folder = await Deno.makeTempDir();
  await makeAuthority(folder, "foreign");
  const authorities = await Deno.readTextFile(`${folder}/foreign.pem`);
  await Deno.remove(folder, { recursive: true });
  const foreign = openEtcdHttp({ ...etcd.access, authorities });
  const parts = { access: etcd.access, clusterId: CLUSTER, monotonic };
  await rejects(new EtcdStore({ ...parts, http: foreign }).read("s/a"), (error) => {
    return error instanceof UnavailableError && error.code === "store.unreachable" &&
      error.fields["sent"] === "no";
  });
  foreign.close();
  await etcd.kill();
  const store: Store = etcd.store(CLUSTER);
  await rejects(store.read("s/a"), refusedAs("store.unreachable"));
  await rejects(store.list("s/"), refusedAs("store.unreachable"));
  await rejects(store.commit(put("s/a", "1")), refusedAs("store.unreachable"));
});

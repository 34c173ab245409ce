/**
 * What every store does, put to each of them.
 *
 * @module
 */

import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import type { Store, StoreChange } from "../../src/services/store/store.ts";

const text = (value: string) => new TextEncoder().encode(value);
const NOTHING: StoreChange = { expect: [], put: [], remove: [] };

/**
 * Steps of the suite; each has the store for itself, empty.
 *
 * @param open Opens a further client of the same store.
 */
export async function storeSuite(open: () => Store): Promise<void> {
  for (const step of [reading, conditions, wholeOrNot, listing, bytes, careless, races]) {
    await step(open);
    await emptied(open());
  }
}

async function emptied(store: Store): Promise<void> {
  const keys = (await store.list("s/")).map(({ key }) => key);
  for (let at = 0; at < keys.length; at += 100) {
    ok(await store.commit({ ...NOTHING, remove: keys.slice(at, at + 100) }));
  }
}

async function reading(open: () => Store): Promise<void> {
  const [one, other] = [open(), open()];
  equal(await one.read("s/none"), null);
  deepEqual(await one.list("s/"), []);
  ok(await one.commit({ ...NOTHING, put: [{ key: "s/a", value: text("1") }] }));
  const before = await other.read("s/a");
  ok(before !== null);
  equal(before.key, "s/a");
  deepEqual([...before.value], [...text("1")]);
  ok(await other.commit({ ...NOTHING, put: [{ key: "s/a", value: text("1") }] }));
  const after = await one.read("s/a");
  ok(after !== null && after.revision !== before.revision, "each write has its own revision");
  ok(await one.commit({ ...NOTHING, remove: ["s/a"] }));
  equal(await other.read("s/a"), null);
  ok(await one.commit({ ...NOTHING, put: [{ key: "s/a", value: text("1") }] }));
  const again = await one.read("s/a");
  ok(again !== null && ![before.revision, after.revision].includes(again.revision));
}

async function conditions(open: () => Store): Promise<void> {
  const store = open();
  const fresh = { expect: [{ key: "s/a", revision: null }], remove: [] };
  ok(await store.commit({ ...fresh, put: [{ key: "s/a", value: text("1") }] }));
  equal(await store.commit({ ...fresh, put: [{ key: "s/a", value: text("2") }] }), false);
  const first = (await store.read("s/a"))?.revision ?? "";
  const given = { expect: [{ key: "s/a", revision: first }], remove: [] };
  ok(await store.commit({ ...given, put: [{ key: "s/a", value: text("3") }] }));
  equal(await store.commit({ ...given, put: [{ key: "s/a", value: text("4") }] }), false);
  equal(await store.commit({ ...given, put: [{ key: "s/b", value: text("4") }] }), false);
  equal(await store.commit({ ...given, put: [], remove: ["s/a"] }), false);
  deepEqual([...(await store.read("s/a"))?.value ?? []], [...text("3")]);
  equal(await store.read("s/b"), null);
  const gone = { expect: [{ key: "s/none", revision: first }], remove: [] };
  equal(await store.commit({ ...gone, put: [{ key: "s/none", value: text("5") }] }), false);
}

async function wholeOrNot(open: () => Store): Promise<void> {
  const store = open();
  const put = ["a", "b", "c"].map((name) => ({ key: `s/${name}`, value: text(name) }));
  ok(await store.commit({ ...NOTHING, put }));
  const wrong = [{ key: "s/a", revision: (await store.read("s/a"))?.revision ?? "" }, {
    key: "s/c",
    revision: null,
  }];
  const change = { expect: wrong, put: [{ key: "s/b", value: text("x") }], remove: ["s/a"] };
  equal(await store.commit(change), false);
  deepEqual((await store.list("s/")).map(({ value }) => new TextDecoder().decode(value)), [
    "a",
    "b",
    "c",
  ]);
  const revisions = new Set((await store.list("s/")).map(({ revision }) => revision));
  equal(revisions.size, 1, "one change, one revision");
}

async function listing(open: () => Store): Promise<void> {
  const store = open();
  const names = Array.from({ length: 230 }, (_, i) => `s/n/${String(i * 7).padStart(5, "0")}`);
  const put = [...names].reverse().map((key) => ({ key, value: text(key) }));
  for (let at = 0; at < put.length; at += 100) {
    ok(await store.commit({ ...NOTHING, put: put.slice(at, at + 100) }));
  }
  const beside = ["s/n.b", "s/n0", "s/na", "s/m/z", "s/o"].map((key) => ({ key, value: text("") }));
  ok(await store.commit({ ...NOTHING, put: beside }));
  deepEqual((await store.list("s/n/")).map(({ key }) => key), names);
  ok((await store.list("s/n/")).every(({ key, value }) => key === new TextDecoder().decode(value)));
  equal((await store.list("s/")).length, names.length + beside.length);
}

async function bytes(open: () => Store): Promise<void> {
  const store = open();
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const large = new Uint8Array(900_000).fill(7);
  const put = [["all", all], ["large", large], ["none", new Uint8Array(0)]] as const;
  ok(
    await store.commit({
      ...NOTHING,
      put: put.map(([name, value]) => ({ key: `s/${name}`, value })),
    }),
  );
  all[0] = 255;
  equal(toHex((await store.read("s/all"))?.value.subarray(0, 2) ?? text("")), "0001");
  equal((await store.read("s/large"))?.value.length, 900_000);
  equal((await store.read("s/none"))?.value.length, 0);
}

async function careless(open: () => Store): Promise<void> {
  const store = open();
  const value = text("1");
  const wrong: readonly Partial<StoreChange>[] = [
    {},
    { expect: [{ key: "s/a", revision: null }] },
    { put: [{ key: "s/a", value }, { key: "s/a", value }] },
    { put: [{ key: "s/a", value }], remove: ["s/a"] },
    { put: [{ key: "/s/a", value }] },
    { put: [{ key: "s/../a", value }] },
    { put: [{ key: "S/a", value }] },
    { remove: Array.from({ length: 129 }, (_, i) => `s/${i}`) },
    { put: [{ key: "s/a", value: new Uint8Array(1024 * 1024 + 1) }] },
  ];
  for (const change of wrong) {
    await rejects(
      store.commit({ ...NOTHING, ...change }),
      RangeError,
      JSON.stringify(change).slice(0, 80),
    );
  }
  await rejects(store.read("s/"), RangeError);
  await rejects(store.list("s"), RangeError);
  deepEqual(await store.list("s/"), []);
}

/** Two clients want to write the same record at the same time, 200 times. */
async function races(open: () => Store): Promise<void> {
  const clients = [open(), open()] as const;
  let revision: string | null = null;
  for (let round = 0; round < 200; round++) {
    const expect: StoreChange["expect"] = [{ key: "s/race", revision }];
    const won: readonly boolean[] = await Promise.all(clients.map((client, i) => {
      const value = text(`${round} ${i}`);
      const put = [{ key: "s/race", value }, { key: `s/by-${i}`, value }];
      return client.commit({ expect, put, remove: [] });
    }));
    deepEqual([...won].sort(), [false, true], `round ${round}`);
    const winner = won[0] ? 0 : 1;
    const [first, second, race] = await clients[round % 2 === 0 ? 1 : 0].list("s/");
    const told = [first, second, race].flatMap((record) =>
      record === undefined ? [] : [`${record.key} ${new TextDecoder().decode(record.value)}`]
    );
    ok(
      told.includes(`s/race ${round} ${winner}`) &&
        told.includes(`s/by-${winner} ${round} ${winner}`),
    );
    ok(!told.includes(`s/by-${1 - winner} ${round} ${1 - winner}`), "the other wrote nothing");
    revision = (race ?? second)?.revision ?? null;
  }
}

import assert from "node:assert/strict";
import type { CacheFiles } from "../core/ports.ts";
import { kvCache, type KvNamespace, type KvPage } from "./workers.ts";

/** A namespace in memory, which hands out keys one a page. */
function namespace(): KvNamespace & { readonly ttls: Map<string, number | undefined> } {
  const values = new Map<string, { readonly value: Uint8Array; readonly metadata: unknown }>();
  const ttls = new Map<string, number | undefined>();
  return {
    ttls,
    get: (key) =>
      Promise.resolve(values.get(key)).then((found) =>
        found === undefined ? null : Uint8Array.from(found.value).buffer
      ),
    put(key, value, { metadata, expirationTtl }) {
      values.set(key, { value: value.slice(), metadata });
      ttls.set(key, expirationTtl);
      return Promise.resolve();
    },
    delete: (key) => Promise.resolve(void values.delete(key)),
    list({ prefix, cursor = "0" }) {
      const all = [...values].filter(([name]) => name.startsWith(prefix));
      const at = Number(cursor);
      const keys = all.slice(at, at + 1).map(([name, { metadata }]) => ({ name, metadata }));
      const done = at + 1 >= all.length;
      const page: KvPage = { keys, list_complete: done, ...(done ? {} : { cursor: `${at + 1}` }) };
      return Promise.resolve(page);
    },
  };
}

/** A clock that is set. */
function clock(start: number): { time: number; now(): Date } {
  return {
    time: start,
    now() {
      return new Date(this.time);
    },
  };
}

Deno.test("kvCache() gives back what it was given, and lists it over pages", async () => {
  const kv = namespace();
  const cache = kvCache(kv, clock(1000));
  await cache.write("entries/a", Uint8Array.of(1, 2));
  await cache.write("entries/b", Uint8Array.of(3));
  await cache.write("seen/a", Uint8Array.of(4));
  assert.deepEqual(await cache.read("entries/a"), Uint8Array.of(1, 2));
  assert.equal(await cache.read("entries/c"), null);
  const modified = new Date(1000);
  assert.deepEqual(await cache.list("entries"), [
    { name: "entries/a", size: 2, modified },
    { name: "entries/b", size: 1, modified },
  ]);
  await cache.remove("entries/a");
  assert.equal(await cache.read("entries/a"), null);
});

Deno.test("kvCache() lets everything go but what guards against older issues", async () => {
  const kv = namespace();
  const cache = kvCache(kv, clock(0));
  for (const name of ["entries/a", "blobs/a", "seen/a"]) {
    await cache.write(name, new Uint8Array());
  }
  assert.deepEqual([...kv.ttls.values()], [7_776_000, 7_776_000, undefined]);
});

Deno.test("kvCache() takes no name that is none", async () => {
  const cache = kvCache(namespace(), clock(0));
  await assert.rejects(cache.read("../a"), TypeError);
  await assert.rejects(cache.write("entries", new Uint8Array()), TypeError);
});

Deno.test("kvCache() keeps notes to itself, which are written more often than KV takes", async () => {
  const kv = namespace();
  const cache = kvCache(kv, clock(0));
  await cache.write("notes/a", Uint8Array.of(1));
  assert.deepEqual(await cache.read("notes/a"), Uint8Array.of(1));
  assert.equal(kv.ttls.size, 0);
  await cache.remove("notes/a");
  assert.equal(await cache.read("notes/a"), null);
});

/** A namespace that refuses the first writes, and what is waited between them. */
function refusing(times: number): { readonly cache: CacheFiles; readonly waits: number[] } {
  const kv = namespace();
  const waits: number[] = [];
  let left = times;
  const put: KvNamespace["put"] = (...args) => {
    if (left-- > 0) return Promise.reject(new Error("KV PUT failed: 429 Too Many Requests"));
    return kv.put(...args);
  };
  const timer = { wait: (time: number) => Promise.resolve(void waits.push(time)) };
  return { cache: kvCache({ ...kv, put }, clock(0), timer), waits };
}

Deno.test("kvCache() writes again where somebody wrote the same a moment ago", async () => {
  const { cache, waits } = refusing(1);
  await cache.write("entries/a", Uint8Array.of(1));
  assert.deepEqual([await cache.read("entries/a"), waits], [Uint8Array.of(1), [1100]]);
});

Deno.test("kvCache() tells a failure of the namespace as collateral.cache_failed", async () => {
  const failed = { code: "collateral.cache_failed", retryable: true };
  await assert.rejects(refusing(2).cache.write("entries/a", new Uint8Array()), failed);
});

Deno.test("kvCache() does work of one name one after the other, also after a failure", async () => {
  const { lock } = kvCache(namespace(), clock(0));
  const said: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    said.push(`${name} begins`);
    await new Promise((done) => setTimeout(done, 1));
    said.push(`${name} ends`);
    if (name === "first") throw new Error("first fails");
  };
  const all = ["first", "second", "third"].map((name) => lock("locks/a", 5000, work(name)));
  const ends = await Promise.allSettled(all);
  assert.deepEqual(ends.map(({ status }) => status), ["rejected", "fulfilled", "fulfilled"]);
  assert.equal(said.length, 6);
  for (const at of [0, 2, 4]) {
    assert.equal(said[at + 1], said[at]?.replace("begins", "ends"));
  }
});

Deno.test("kvCache() waits no longer than it is told, and takes what an ended request held", async () => {
  const time = clock(0);
  const { lock } = kvCache(namespace(), time);
  // The platform ended the request that does this work: it comes to no end, and nobody is told.
  void lock("locks/a", 0, () => new Promise<void>(() => {}));
  await assert.rejects(lock("locks/a", 0, () => Promise.resolve(1)), { code: "collateral.busy" });
  time.time = 45_000;
  assert.equal(await lock("locks/a", 0, () => Promise.resolve(2)), 2);
});

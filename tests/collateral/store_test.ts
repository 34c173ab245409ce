/**
 * What is kept, in memory and in a folder: the same behaviour of both.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createStore, memoryCache, type StoredCollateral } from "../../src/collateral/mod.ts";
import { InputError, UnavailableError } from "../../src/core/errors.ts";
import type { CacheFile, CacheFiles } from "../../src/core/ports.ts";
import { denoCaches } from "../../src/hosts/deno_cache.ts";
import { bytesOf, DAY, issueOf, START } from "./world.ts";

const NOW = new Date();

function entryOf(key: string, change: Partial<StoredCollateral> = {}): StoredCollateral {
  const issue = { sequence: "7", issued: START, expires: new Date(NOW.getTime() + 30 * DAY) };
  return {
    realm: "vendor",
    key,
    title: `Document ${key}`,
    kind: "crl",
    service: "amd-kds",
    path: "/vcek/v1/Milan/crl",
    answer: { body: bytesOf(issueOf({ key })), headers: { chain: "of it" } },
    ...issue,
    confirmed: NOW,
    source: "vendor",
    ...change,
  };
}

/** Runs a test on both kinds of cache. */
function onBoth(name: string, test: (files: CacheFiles) => Promise<void>): void {
  Deno.test(`${name}, in memory`, () => test(memoryCache({ now: () => new Date() })));
  Deno.test(`${name}, in a folder`, () => inFolder((folder) => test(denoCaches.open(folder))));
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_store_" });
  try {
    await test(`${folder}/cache`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
}

onBoth("a store gives what was put, by realm and key, and lists it", async (files) => {
  const store = createStore(files);
  const [b, a] = [entryOf("b"), entryOf("a")];
  const lab = entryOf("a", { realm: "c".repeat(64), sequence: null, source: "bundle" });
  for (const entry of [b, a, lab]) await store.put(entry);
  assert.deepEqual(await store.get("vendor", "a"), a);
  assert.equal(await store.get("vendor", "c"), null);
  assert.deepEqual(await store.list(), [lab, a, b]);
  await store.put({ ...a, sequence: "8" });
  assert.equal((await createStore(files).get("vendor", "a"))?.sequence, "8");
  await store.remove("vendor", "a");
  await store.remove("vendor", "a");
  assert.deepEqual(await store.list(), [lab, b]);
});

onBoth("what was seen and notes are kept by their names", async (files) => {
  const store = createStore(files);
  const seen = { sequence: null, issued: START };
  assert.equal(await store.seen("d".repeat(64), "a"), null);
  await store.see("d".repeat(64), "a", seen);
  assert.deepEqual(await store.seen("d".repeat(64), "a"), seen);
  assert.equal(await store.seen("e".repeat(64), "a"), null);
  const note = { at: START, until: NOW, code: "collateral.timeout", says: "two\nlines" };
  await store.leaveNote("failed\u0000here", note);
  const read = await store.note("failed\u0000here");
  assert.deepEqual([read?.until, read?.says], [NOW, "two lines"]);
  assert.equal(await store.note("failed"), null);
});

onBoth("a file that was cut, changed, exchanged or is none is as good as absent", async (files) => {
  const store = createStore(files);
  const damages: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
    (bytes) => bytes.subarray(0, bytes.length - 1),
    (bytes) => bytes.map((byte, i) => i === bytes.length - 5 ? byte ^ 1 : byte),
    () => new Uint8Array(),
    () => new TextEncoder().encode("{}"),
    () => new Uint8Array(5000).fill(0x20),
  ];
  for (const damage of damages) {
    for (const folder of ["entries", "blobs"]) {
      await store.put(entryOf("a"));
      const [file] = await files.list(folder);
      assert.ok(file);
      await files.write(file.name, damage(await files.read(file.name) ?? new Uint8Array()));
      assert.equal(await store.get("vendor", "a"), null);
      assert.deepEqual(await store.list(), []);
      await files.remove(file.name);
    }
  }
  await store.put(entryOf("a"));
  const [a] = await files.list("entries");
  await store.put(entryOf("b"));
  const b = (await files.list("entries")).find(({ name }) => name !== a?.name);
  await files.write(b?.name ?? "", await files.read(a?.name ?? "") ?? new Uint8Array());
  assert.equal(await store.get("vendor", "b"), null, "the entry of another key is none");
  assert.equal((await store.list()).length, 1);
});

onBoth("no date that was edited is believed, nor what was seen of another thing", async (files) => {
  const store = createStore(files);
  await store.put(entryOf("a"));
  const [file] = await files.list("entries");
  const text = new TextDecoder().decode(await files.read(file?.name ?? "") ?? new Uint8Array());
  const edited = text.replace('"confirmed":1', '"confirmed":2');
  assert.notEqual(edited, text);
  await files.write(file?.name ?? "", new TextEncoder().encode(edited));
  assert.equal(await store.get("vendor", "a"), null);

  const root = "d".repeat(64);
  await store.see(root, "a", { sequence: "1", issued: START });
  const [a] = await files.list("seen");
  await store.see(root, "b", { sequence: "9", issued: START });
  const b = (await files.list("seen")).find(({ name }) => name !== a?.name);
  await files.write(b?.name ?? "", await files.read(a?.name ?? "") ?? new Uint8Array());
  assert.equal(await store.seen(root, "b"), null);
});

onBoth("a lock is held by one at a time, and given on when its holder fails", async (files) => {
  const store = createStore(files);
  let inside = 0;
  const work = async (): Promise<void> => {
    assert.equal(++inside, 1);
    await new Promise((done) => setTimeout(done, 1));
    inside--;
  };
  const all = Array.from({ length: 8 }, () => store.lock("get a", 5000, work));
  await assert.rejects(
    store.lock("get a", 5000, () => Promise.reject(new RangeError())),
    RangeError,
  );
  await Promise.all(all);
  assert.equal(await store.lock("get a", 5000, () => Promise.resolve(7)), 7);
});

Deno.test("tidy() keeps a cache within its size: what expired goes first, then the oldest; what was seen stays", async () => {
  let time = NOW.getTime();
  const files = memoryCache({ now: () => new Date(time) });
  const store = createStore(files, 2000);
  await store.see("d".repeat(64), "a", { sequence: "1", issued: START });
  await store.put(entryOf("expired", { expires: new Date(time + 1000) }));
  for (let i = 0; i < 5; i++) {
    await store.put(entryOf(`k${i}`, { confirmed: new Date(time + i) }));
  }
  await store.tidy(new Date(time));
  assert.equal((await store.list()).length, 6, "what was written just now stays");
  time += 2 * 3600_000;
  await store.tidy(new Date(time));
  const left = (await store.list()).map(({ key }) => key);
  assert.deepEqual(left.slice(-2), ["k3", "k4"]);
  assert.ok(left.length < 5 && !left.includes("expired"), left.join());
  assert.equal((await files.list("blobs")).length, left.length);
  assert.notEqual(await store.seen("d".repeat(64), "a"), null);
});

Deno.test("tidy() does nothing in a place that lets files go by itself", async () => {
  let asked = 0;
  const kept = memoryCache({ now: () => NOW });
  const list = (): Promise<readonly CacheFile[]> => Promise.resolve(void asked++).then(() => []);
  const store = createStore({ ...kept, list }, Infinity);
  await store.put(entryOf("expired", { expires: new Date(0) }));
  await store.tidy(NOW);
  assert.equal(asked, 0);
  await createStore({ ...kept, list }, 1).tidy(NOW);
  assert.ok(asked > 0);
});

Deno.test("a lock that is held for too long gives collateral.busy", () =>
  inFolder(async (folder) => {
    const files = denoCaches.open(folder);
    let release = (): void => {};
    let taken = (): void => {};
    const holds = new Promise<void>((done) => taken = done);
    const held = files.lock("locks/a", 0, () => {
      taken();
      return new Promise<void>((done) => release = done);
    });
    await holds;
    await assert.rejects(
      denoCaches.open(folder).lock("locks/a", 20, () => Promise.resolve()),
      (error) => error instanceof UnavailableError && error.code === "collateral.busy",
    );
    release();
    await held;
  }));

Deno.test("a folder of a cache is its owner's alone, and one that others write to is refused", () =>
  inFolder(async (folder) => {
    await denoCaches.open(folder).write("entries/a", new Uint8Array(3));
    const modes = await Promise.all(
      [folder, `${folder}/entries`, `${folder}/entries/a`].map(async (path) =>
        ((await Deno.stat(path)).mode ?? 0) & 0o777
      ),
    );
    assert.deepEqual(modes, [0o700, 0o700, 0o600]);
    await Deno.chmod(folder, 0o770);
    await assert.rejects(
      denoCaches.open(folder).read("entries/a"),
      (error) =>
        error instanceof InputError && error.code === "collateral.cache_folder" &&
        /others can write/.test(error.message),
    );
    await Deno.writeFile(`${folder}-file`, new Uint8Array());
    await assert.rejects(
      denoCaches.open(`${folder}-file`).read("entries/a"),
      (error) => error instanceof InputError && error.code === "collateral.cache_folder",
    );
  }));

Deno.test("a folder of another user is refused", () =>
  inFolder(async (folder) => {
    await denoCaches.open(folder).list("entries");
    const own = Deno.uid;
    // Whom root trusts with it owns it; whoever else runs this is made somebody else.
    if (own() === 0) await Deno.chown(folder, 12_345, null);
    else Deno.uid = () => 12_345;
    try {
      await assert.rejects(
        denoCaches.open(folder).read("entries/a"),
        (error) =>
          error instanceof InputError && error.code === "collateral.cache_folder" &&
          /another user/.test(error.message),
      );
    } finally {
      Deno.uid = own;
    }
  }));

Deno.test("what killed processes left is removed after an hour", () =>
  inFolder(async (folder) => {
    await denoCaches.open(folder).list("entries");
    const [old, young] = [`${folder}/underway/old`, `${folder}/underway/young`];
    await Deno.writeFile(old, new Uint8Array());
    await Deno.writeFile(young, new Uint8Array());
    const before = new Date(Date.now() - 2 * 3600_000);
    await Deno.utime(old, before, before);
    await denoCaches.open(folder).list("entries");
    assert.deepEqual(await namesIn(`${folder}/underway`), ["young"]);
  }));

Deno.test("names that are none become no path", () =>
  inFolder(async (folder) => {
    const files = denoCaches.open(folder);
    for (const name of ["../a", "entries/../../a", "/etc/passwd", "entries", "entries/a/b", ""]) {
      await assert.rejects(files.read(name), TypeError, name);
      await assert.rejects(files.write(name, new Uint8Array()), TypeError, name);
    }
  }));

Deno.test("a cache that cannot be written says collateral.cache_failed", () =>
  inFolder(async (folder) => {
    const files = denoCaches.open(folder);
    await files.list("entries");
    await Deno.remove(`${folder}/entries`);
    await assert.rejects(
      files.write("entries/a", new Uint8Array()),
      (error) => error instanceof UnavailableError && error.code === "collateral.cache_failed",
    );
    assert.deepEqual(await namesIn(`${folder}/underway`), [], "nothing is left behind");
  }));

/**
 * What is older than what was seen is not taken: from nobody.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError, RejectedError } from "../../src/core/errors.ts";
import type { CollateralContent } from "../../src/evidence/collateral.ts";
import {
  assertFails,
  bytesOf,
  DAY,
  found,
  HOUR,
  type Issue,
  issueOf,
  itemOf,
  START,
  type World,
  worldOf,
} from "./world.ts";

const item = itemOf();
const NEWER = issueOf({ sequence: "10", from: -HOUR });

/** Older ones, by number and by date; numbers are numbers, of any length. */
const OLDER: readonly Issue[] = [
  issueOf({ sequence: "9", from: -HOUR }),
  issueOf({ sequence: "9", from: 0 }),
  issueOf({ sequence: "10", from: -HOUR - 1 }),
  issueOf({ sequence: null, from: -2 * HOUR }),
];

function accept(world: World, issue: Issue, confirmed: Date | null): Promise<unknown> {
  const brought = { answer: { body: bytesOf(issue), headers: {} }, confirmed };
  return world.collateral.accept(item, brought, world.terms());
}

async function contentOf(issue: Issue): Promise<CollateralContent> {
  const world = worldOf();
  const answer = { body: bytesOf(issue), headers: {} };
  return await item.read(answer, { ...world.terms(), needed: [] });
}

Deno.test("get() takes no answer that is older than what was seen, and keeps the newer one", async () => {
  for (const older of OLDER) {
    const world = worldOf();
    world.answer = () => found(NEWER);
    await world.collateral.get(item, world.terms());
    world.answer = () => found(older);
    world.pass(13 * HOUR);
    const got = await world.collateral.get(item, world.terms());
    assert.deepEqual(got.answer.body, bytesOf(NEWER));
    assert.match(got.stale ?? "", /a newer one was seen/);
    assert.deepEqual(got.confirmed, START, "an older answer confirms nothing");
  }
});

Deno.test("get() remembers what was seen when what is kept is gone", async () => {
  const world = worldOf();
  world.answer = () => found(NEWER);
  await world.collateral.get(item, world.terms());
  await world.store.remove("vendor", item.key);
  world.answer = () => found(OLDER[0]);
  await assertFails(world.other().get(item, world.terms()), "collateral.outdated");
  world.answer = () => found(NEWER);
  await world.other().get(item, world.terms());
});

Deno.test("get() uses nothing kept that is older than what was seen, as from a copied folder", async () => {
  const world = worldOf();
  world.answer = () => found(OLDER[0]);
  await world.collateral.get(item, world.terms());
  const [old] = await world.store.list();
  assert.ok(old);
  world.answer = () => found(NEWER);
  await world.collateral.get(item, world.terms(), { refresh: true });
  await world.store.put(old);
  const got = await world.collateral.get(item, world.terms());
  assert.deepEqual(got.answer.body, bytesOf(NEWER));
});

Deno.test("get() lets a lab say nothing of what the vendor issued", async () => {
  const world = worldOf();
  const lab = [new Uint8Array([1])];
  world.answer = () => found({ ...NEWER, sequence: "1000", root: "b".repeat(64) });
  await world.collateral.get(item, world.terms(lab));
  world.answer = () => found(NEWER);
  await world.collateral.get(item, world.terms());
});

Deno.test("get() takes what is newer by its number although it was issued earlier", async () => {
  const world = worldOf();
  world.answer = () => found(NEWER);
  await world.collateral.get(item, world.terms());
  const newer = issueOf({ sequence: "11", from: -2 * HOUR });
  world.answer = () => found(newer);
  const got = await world.collateral.get(item, world.terms(), { refresh: true });
  assert.deepEqual(got.answer.body, bytesOf(newer));
});

async function objection(world: World, issue: Issue, what = item): Promise<string | null> {
  return await world.collateral.objection(what, await contentOf(issue), world.clock.now());
}

Deno.test("objection() holds what somebody brings against what was seen", async () => {
  const world = worldOf();
  for (const issue of [...OLDER, NEWER]) assert.equal(await objection(world, issue), null);
  world.answer = () => found(NEWER);
  await world.collateral.get(item, world.terms());
  for (const issue of OLDER) {
    assert.match(await objection(world, issue) ?? "", /newer one was seen/);
  }
  assert.equal(await objection(world, NEWER), null);
});

Deno.test("objection() counts the age of what somebody brings from its issue, and of what never changes not at all", async () => {
  const world = worldOf();
  world.pass(7 * DAY - HOUR);
  assert.equal(await objection(world, NEWER), null);
  world.pass(1);
  assert.match(await objection(world, NEWER) ?? "", /7 days are allowed/);
  assert.equal(await objection(world, NEWER, itemOf({ immutable: true })), null);
});

Deno.test("what was seen of a document counts wherever it is got", async () => {
  const here = itemOf({ document: "of-the-root" });
  const there = itemOf({ path: "/vcek/v1/Genoa/crl", document: "of-the-root" });
  const world = worldOf();
  world.answer = () => found(NEWER);
  await world.collateral.get(here, world.terms());
  assert.match(await objection(world, OLDER[0] ?? NEWER, there) ?? "", /newer one was seen/);
  world.answer = () => found({ ...NEWER, sequence: "9", key: there.key });
  await assertFails(world.collateral.get(there, world.terms()), "collateral.outdated");
});

Deno.test("accept() keeps no headers but those that belong to the content", async () => {
  const world = worldOf();
  const headers = { chain: "of it", "set-cookie": "a=b", "content-encoding": "gzip" };
  const answer = { body: bytesOf(NEWER), headers };
  const got = await world.collateral.accept(item, { answer, confirmed: START }, world.terms());
  assert.deepEqual(got.answer.headers, { chain: "of it" });
  assert.deepEqual((await world.store.list())[0]?.answer.headers, { chain: "of it" });
});

Deno.test("accept() refuses what is older than what was seen with collateral.rollback", async () => {
  for (const older of OLDER) {
    const world = worldOf();
    await accept(world, NEWER, START);
    await assert.rejects(
      accept(world, older, START),
      (error) => error instanceof RejectedError && error.code === "collateral.rollback",
    );
    assert.equal((await world.store.list())[0]?.sequence, "10");
  }
});

Deno.test("accept() keeps what a bundle brings, with its age", async () => {
  const world = worldOf();
  await accept(world, NEWER, new Date(START.getTime() - DAY));
  const got = await world.other({ offline: true }).get(item, world.terms());
  assert.deepEqual([got.from, got.source], ["cache", "bundle"]);
  assert.equal(got.confirmed.getTime(), START.getTime() - DAY);
  world.pass(6 * DAY + 1);
  await assertFails(
    world.other({ offline: true }).get(item, world.terms()),
    "collateral.stale",
  );
});

Deno.test("accept() counts the age from the issue where nobody vouches for more", async () => {
  const world = worldOf();
  await accept(world, NEWER, null);
  assert.equal((await world.store.list())[0]?.confirmed.getTime(), START.getTime() - HOUR);
});

Deno.test("accept() leaves what was confirmed later", async () => {
  const world = worldOf();
  world.answer = () => found(NEWER);
  await world.collateral.get(item, world.terms());
  await accept(world, NEWER, new Date(START.getTime() - DAY));
  const [entry] = await world.store.list();
  assert.deepEqual([entry?.source, entry?.confirmed], ["vendor", START]);
});

Deno.test("accept() refuses what was confirmed in the future, expired, or is another thing", async () => {
  const world = worldOf();
  await assert.rejects(
    accept(world, NEWER, new Date(START.getTime() + 601_000)),
    (error) => error instanceof InputError && error.code === "collateral.confirmed",
  );
  await assertFails(accept(world, issueOf({ until: 0 }), START), "collateral.expired");
  await assertFails(accept(world, issueOf({ from: DAY }), null), "collateral.future");
  await assert.rejects(
    accept(world, issueOf({ key: "amd-kds/another" }), START),
    (error) => error instanceof RejectedError && error.code === "snp.signature_mismatch",
  );
  assert.deepEqual(await world.store.list(), []);
});

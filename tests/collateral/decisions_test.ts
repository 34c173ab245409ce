/**
 * Decisions that hang on one condition each: whose word a date is, who is asked, what is remembered.
 *
 * @module
 */

import assert from "node:assert/strict";
import { bringBundle } from "../../src/collateral/bring.ts";
import { generateSigningKey } from "../../src/core/signing_key.ts";
import { createCollateral } from "../../src/collateral/mod.ts";
import type { Http } from "../../src/core/ports.ts";
import {
  assertFails,
  bytesOf,
  DAY,
  found,
  HOUR,
  type Issue,
  issueOf,
  itemOf,
  says,
  START,
  type World,
  worldOf,
} from "./world.ts";

const item = itemOf();

function accept(world: World, issue: Issue, confirmed: Date, what = item): Promise<unknown> {
  const brought = { answer: { body: bytesOf(issue), headers: {} }, confirmed };
  return world.collateral.accept(what, brought, world.terms());
}

Deno.test("get() uses what was confirmed by a clock that is a few minutes ahead, without asking", async () => {
  const world = worldOf();
  await accept(world, issueOf(), new Date(START.getTime() + 300_000));
  const { from, stale } = await world.collateral.get(item, world.terms());
  assert.deepEqual([from, stale, world.asked.length], ["cache", null, 0]);
});

Deno.test("get() knows the same lab roots in any order", async () => {
  const world = worldOf();
  const roots = [new Uint8Array([1]), new Uint8Array([2])];
  await world.collateral.get(item, world.terms(roots));
  await world.collateral.get(item, world.terms(roots.toReversed()));
  assert.equal(world.asked.length, 1);
});

Deno.test("get() asks for the same thing once for each kind of roots, at the same moment", async () => {
  const world = worldOf();
  const lab = world.terms([new Uint8Array([1])]);
  await Promise.all([world.collateral.get(item, world.terms()), world.collateral.get(item, lab)]);
  assert.equal(world.asked.length, 2);
  assert.equal(new Set((await world.store.list()).map(({ realm }) => realm)).size, 2);
});

Deno.test("accept() leaves what never changes as the vendor gave it, and takes the later confirmation of what does", async () => {
  const fixed = itemOf({ immutable: true });
  const world = worldOf();
  await world.collateral.get(fixed, world.terms());
  await accept(world, issueOf(), START, fixed);
  assert.equal((await world.store.list())[0]?.source, "vendor");

  const later = new Date(START.getTime() + HOUR);
  world.pass(HOUR);
  await accept(world, issueOf(), later);
  assert.deepEqual((await world.store.list())[0]?.confirmed, later);
});

Deno.test("get() asks again for what is due, although other things could stand in", async () => {
  const other = itemOf({ path: "/vcek/v1/Genoa/crl" });
  const world = worldOf();
  const either = itemOf({ instead: [other] });
  await world.collateral.get(either, world.terms());
  world.pass(13 * HOUR);
  const { from, stale } = await world.collateral.get(either, world.terms());
  assert.deepEqual([from, stale, world.asked.length], ["vendor", null, 2]);
});

Deno.test("get() asks for nothing else where a service refuses, only where it has no such thing", async () => {
  const world = worldOf();
  world.answer = () => says(403);
  const either = itemOf({ instead: [itemOf({ path: "/vcek/v1/Genoa/crl" })] });
  await assertFails(world.collateral.get(either, world.terms()), "collateral.refused");
  assert.equal(world.asked.length, 1);
});

Deno.test("get() lets no older issue that was confirmed here vouch for a newer one that a mirror gives", async () => {
  const world = worldOf();
  await world.collateral.get(item, world.terms());
  world.pass(13 * HOUR);
  const newer = found(issueOf({ sequence: "2" }));
  world.answer = () => ({ ...newer, headers: { ...newer.headers, age: "432000" } });
  const { confirmed } = await world.collateral.get(item, world.terms());
  assert.equal(confirmed.getTime(), START.getTime() + 13 * HOUR - 5 * DAY);
});

Deno.test("get() asks as soon as a rest is over, with something to go on with as well", async () => {
  const world = worldOf();
  await world.collateral.get(item, world.terms());
  world.pass(13 * HOUR);
  world.answer = () => says(429, { "retry-after": "10" });
  assert.notEqual((await world.collateral.get(item, world.terms())).stale, null);
  world.pass(11_000);
  world.answer = () => found();
  assert.equal((await world.collateral.get(item, world.terms())).stale, null);
});

Deno.test("get() believes no failure that a clock of the future wrote down", async () => {
  const world = worldOf();
  world.pass(DAY);
  world.answer = () => says(404);
  await assertFails(world.collateral.get(item, world.terms()), "collateral.not_found");
  world.pass(-DAY);
  world.answer = () => found();
  assert.equal((await world.other().get(item, world.terms())).from, "vendor");
});

Deno.test("get() forgets a failure once something was confirmed after it", async () => {
  const world = worldOf({ refreshAfter: 60_000 });
  await world.collateral.get(item, world.terms());
  world.pass(61_000);
  world.answer = () => says(500);
  assert.notEqual((await world.collateral.get(item, world.terms())).stale, null);
  world.pass(1000);
  world.answer = () => found();
  await world.collateral.get(item, world.terms(), { refresh: true });
  world.pass(61_000);
  assert.equal((await world.collateral.get(item, world.terms())).from, "vendor");
});

Deno.test("a service that names a long rest and then a short one rests long", async () => {
  const world = worldOf();
  const [a, b] = ["/a", "/b"].map((path) => itemOf({ service: "intel-pcs", path }));
  assert.ok(a && b);
  world.answer = ({ url }) => says(429, { "retry-after": url.endsWith("/a") ? "3000" : "70" });
  let first: Promise<unknown> = Promise.resolve();
  const http: Http = {
    async get(request) {
      if (request.url.endsWith("/b")) await first;
      return await world.http.get(request);
    },
  };
  const timer = { wait: () => Promise.resolve() };
  const { store, clock } = world;
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const collateral = createCollateral({ http, store, clock, timer, random });
  first = assertFails(collateral.get(a, world.terms()), "collateral.throttled");
  await assertFails(collateral.get(b, world.terms()), "collateral.throttled");
  const asked = world.asked.length;
  world.pass(600_000);
  await assertFails(collateral.get(b, world.terms()), "collateral.throttled");
  assert.deepEqual([asked, world.asked.length], [2, 2]);
});

Deno.test("a service that names a rest of days is left alone for an hour", async () => {
  const world = worldOf();
  world.answer = () => says(429, { "retry-after": "864000" });
  await assertFails(world.collateral.get(item, world.terms()), "collateral.throttled");
  const asked = world.asked.length;
  world.pass(HOUR - 120_000);
  await assertFails(world.collateral.get(item, world.terms()), "collateral.throttled");
  assert.equal(world.asked.length, asked);
});

Deno.test("bringBundle() lets a bundle vouch for ages only where somebody signed it", async () => {
  const { publicKey } = await generateSigningKey("P-256");
  const confirmed = new Date(START.getTime() - 60_000);
  for (const [by, age] of [[publicKey, 60_000], [null, HOUR]] as const) {
    const world = worldOf();
    const answer = { body: bytesOf(issueOf()), headers: {} };
    const bundle = { made: START, items: [{ key: item.key, answer, confirmed }], by };
    const { collateral } = world;
    const parts = { collateral, itemOfKey: () => item, context: world.terms() };
    const [outcome] = await bringBundle(bundle, parts);
    assert.ok(outcome !== undefined && "got" in outcome);
    assert.equal(outcome.got.confirmed.getTime(), START.getTime() - age);
  }
});

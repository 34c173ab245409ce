/**
 * How long something is used, and what is never used.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  assertFails,
  broken,
  bytesOf,
  DAY,
  found,
  HOUR,
  issueOf,
  itemOf,
  says,
  worldOf,
} from "./world.ts";

const item = itemOf();

Deno.test("get() asks once, and again after 12 hours", async () => {
  const world = worldOf();
  const first = await world.collateral.get(item, world.terms());
  assert.deepEqual([first.from, first.source, first.stale], ["vendor", "vendor", null]);
  assert.deepEqual(first.answer.headers, { chain: "of it" });
  world.pass(11 * HOUR);
  const second = await world.collateral.get(item, world.terms());
  assert.deepEqual([second.from, second.source, second.stale], ["cache", "vendor", null]);
  assert.equal(world.asked.length, 1);
  world.pass(2 * HOUR);
  assert.equal((await world.collateral.get(item, world.terms())).from, "vendor");
  assert.equal(world.asked.length, 2);
  assert.equal(world.asked[0]?.url, "https://kdsintf.amd.com/vcek/v1/Milan/crl");
});

Deno.test("get() goes on from what is kept for 48 hours without the service, and says so", async () => {
  const world = worldOf();
  const { confirmed } = await world.collateral.get(item, world.terms());
  world.answer = () => broken("unreachable");
  for (let hour = 13; hour <= 48; hour += 1) {
    world.pass(HOUR);
    const got = await world.collateral.get(item, world.terms());
    assert.deepEqual(got.confirmed, confirmed);
    if (hour > 25) assert.match(got.stale ?? "", /unreachable/);
  }
});

Deno.test("get() uses nothing that no source confirmed for 7 days", async () => {
  const world = worldOf();
  await world.collateral.get(item, world.terms());
  world.answer = () => broken("timeout");
  world.pass(7 * DAY);
  assert.equal((await world.collateral.get(item, world.terms())).from, "cache");
  world.pass(1);
  const error = await assertFails(
    world.collateral.get(item, world.terms()),
    "collateral.stale",
  );
  assert.match(error.message, /7 days/);
  assert.match(String(error.cause), /timeout/);
  world.answer = () => found(issueOf({ from: 7 * DAY, sequence: "2" }));
  assert.equal((await world.collateral.get(item, world.terms())).stale, null);
});

Deno.test("get() takes the operator's ages", async () => {
  const world = worldOf({ refreshAfter: HOUR, maxAge: 2 * HOUR });
  await world.collateral.get(item, world.terms());
  world.pass(1.5 * HOUR);
  world.answer = () => broken("timeout");
  assert.match((await world.collateral.get(item, world.terms())).stale ?? "", /timeout/);
  world.pass(HOUR);
  await assertFails(world.collateral.get(item, world.terms()), "collateral.stale");
});

Deno.test("get() uses nothing past its own end, whatever its age", async () => {
  const world = worldOf();
  world.answer = () => found(issueOf({ until: 2 * HOUR }));
  await world.collateral.get(item, world.terms());
  world.pass(2 * HOUR - 1);
  assert.equal((await world.collateral.get(item, world.terms())).from, "cache");
  world.pass(1);
  world.answer = () => broken("unreachable");
  await assertFails(world.collateral.get(item, world.terms()), "collateral.expired");
});

Deno.test("get() takes neither what expired nor what is of the future, and keeps neither", async () => {
  const cases = [
    [{ from: -DAY, until: 0 }, "collateral.expired"],
    [{ from: 601_000 }, "collateral.future"],
  ] as const;
  for (const [change, code] of cases) {
    const world = worldOf();
    world.answer = () => found(issueOf({ ...change, sequence: "99" }));
    await assertFails(world.collateral.get(item, world.terms()), code);
    assert.deepEqual(await world.store.list(), []);
    // Nor does it count as seen.
    world.answer = () => found();
    await world.collateral.get(item, world.terms());
  }
});

Deno.test("get() overlooks that clocks differ by 10 minutes", async () => {
  const world = worldOf();
  world.answer = () => found(issueOf({ from: 599_000 }));
  await world.collateral.get(item, world.terms());
});

Deno.test("get() holds what is kept against the time of the verification", async () => {
  const world = worldOf();
  await world.collateral.get(item, world.terms());
  const past = { ...world.terms(), now: new Date(world.clock.now().getTime() - 2 * DAY) };
  await assertFails(world.collateral.get(item, past), "collateral.future");
  const later = { ...world.terms(), now: new Date(world.clock.now().getTime() + 40 * DAY) };
  await assertFails(world.collateral.get(item, later), "collateral.expired");
});

Deno.test("get() asks for what never changes only when it expires, however old", async () => {
  const world = worldOf();
  const fixed = itemOf({ immutable: true, kind: "certificate" });
  world.answer = () => found(issueOf({ until: 300 * DAY }));
  await world.collateral.get(fixed, world.terms());
  world.pass(299 * DAY);
  const got = await world.collateral.get(fixed, world.terms(), { refresh: true });
  assert.deepEqual([got.from, world.asked.length], ["cache", 1]);
  world.pass(2 * DAY);
  world.answer = () => found(issueOf({ until: 600 * DAY, from: -2 * DAY }));
  assert.equal((await world.collateral.get(fixed, world.terms())).from, "vendor");
});

Deno.test("get() believes no age that a wrong clock wrote", async () => {
  const world = worldOf();
  world.pass(20 * DAY);
  await world.collateral.get(item, world.terms());
  world.pass(-20 * DAY);
  world.answer = () => broken("unreachable");
  await assertFails(world.collateral.get(item, world.terms()), "collateral.stale");
  world.answer = () => found();
  assert.equal((await world.collateral.get(item, world.terms())).from, "vendor");
});

Deno.test("get() makes no request offline, and says what it would need", async () => {
  const world = worldOf();
  await assertFails(
    world.other({ offline: true }).get(item, world.terms()),
    "collateral.offline",
  );
  assert.equal(world.asked.length, 0);
  await world.collateral.get(item, world.terms());
  world.pass(13 * HOUR);
  const got = await world.other({ offline: true }).get(item, world.terms());
  assert.match(got.stale ?? "", /nothing may be asked/);
  assert.equal(world.asked.length, 1);
});

Deno.test("get() with refresh asks although it is not due, and goes on from what is kept", async () => {
  const world = worldOf();
  await world.collateral.get(item, world.terms());
  world.pass(HOUR);
  assert.equal((await world.collateral.get(item, world.terms(), { refresh: true })).from, "vendor");
  world.answer = () => says(500);
  world.pass(HOUR);
  const got = await world.collateral.get(item, world.terms(), { refresh: true });
  assert.match(got.stale ?? "", /out of order \(500\)/);
});

Deno.test("get() reads what is kept like an answer, and what a folder was given by somebody else is absent", async () => {
  const world = worldOf();
  const got = await world.collateral.get(item, world.terms());
  const [entry] = await world.store.list();
  assert.ok(entry);
  const body = bytesOf(issueOf({ key: "amd-kds/another" }));
  await world.store.put({ ...entry, answer: { ...got.answer, body } });
  assert.equal((await world.collateral.get(item, world.terms())).from, "vendor");
});

Deno.test("get() keeps apart what was read under lab roots", async () => {
  const world = worldOf();
  const lab = [new Uint8Array([1])];
  await world.collateral.get(item, world.terms(lab));
  assert.equal((await world.collateral.get(item, world.terms())).from, "vendor");
  assert.equal((await world.collateral.get(item, world.terms(lab))).from, "cache");
  assert.equal(world.asked.length, 2);
});

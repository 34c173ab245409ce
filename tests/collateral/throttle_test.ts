/**
 * A service that asks for rest is left alone, by all processes of a cache.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readRetryAfter } from "../../src/collateral/retry_after.ts";
import {
  assertFails,
  broken,
  found,
  HOUR,
  issueOf,
  itemOf,
  says,
  START,
  worldOf,
} from "./world.ts";

const item = itemOf();
const plain = itemOf({ service: "intel-pcs", path: "/sgx/certification/v4/pckcrl?ca=platform" });

for (const status of [429, 503]) {
  Deno.test(`get() waits as long as ${status} says, in seconds or by a date`, async () => {
    for (const after of ["30", "Sat, 21 Nov 2026 12:00:30 GMT"]) {
      const world = worldOf();
      world.answer = () =>
        world.asked.length === 1
          ? says(status, { "retry-after": after })
          : found(issueOf({ key: plain.key }));
      await world.collateral.get(plain, world.terms());
      assert.equal(world.clock.now().getTime() - START.getTime(), 30_000);
      assert.equal(world.asked.length, 2);
    }
  });
}

Deno.test("get() does not wait beyond its deadline, and no process asks before the time", async () => {
  const world = worldOf();
  world.answer = () => says(429, { "retry-after": "600" });
  await assertFails(world.collateral.get(plain, world.terms()), "collateral.throttled");
  assert.equal(world.asked.length, 1);
  world.pass(500_000);
  world.answer = () => found(issueOf({ key: plain.key }));
  for (let i = 0; i < 50; i++) {
    const error = await assertFails(
      world.other().get(plain, world.terms(), { refresh: true }),
      "collateral.throttled",
    );
    assert.equal(error.fields["until"], "2026-11-21T12:10:00.000Z");
    assert.ok(error.retryable);
  }
  assert.equal(world.asked.length, 1);
  world.pass(100_000);
  await world.other().get(plain, world.terms());
});

Deno.test("get() goes on from what is kept while a service rests, without waiting", async () => {
  const world = worldOf();
  await world.collateral.get(item, world.terms());
  world.pass(13 * HOUR);
  world.answer = () => says(429, { "retry-after": "20" });
  const before = world.clock.now();
  for (let i = 0; i < 3; i++) {
    const got = await world.collateral.get(item, world.terms());
    assert.notEqual(got.stale, null);
  }
  assert.deepEqual(world.clock.now(), before);
  assert.equal(world.asked.length, 2);
});

Deno.test("a service cannot silence itself for longer than an hour", async () => {
  const world = worldOf();
  world.answer = () => says(503, { "retry-after": "999999999" });
  await assertFails(world.collateral.get(plain, world.terms()), "collateral.throttled");
  world.pass(HOUR);
  world.answer = () => found(issueOf({ key: plain.key }));
  await world.collateral.get(plain, world.terms());
});

Deno.test("a rest that a clock of the future wrote silences nobody", async () => {
  const world = worldOf();
  world.pass(1000 * HOUR);
  world.answer = () => says(429, { "retry-after": "3600" });
  await assertFails(world.collateral.get(plain, world.terms()), "collateral.throttled");
  world.pass(-1000 * HOUR);
  world.answer = () => found(issueOf({ key: plain.key }));
  await world.collateral.get(plain, world.terms());
});

Deno.test("AMD's service is asked four times at once, then once in ten seconds; a mirror as one likes", async () => {
  const when: number[] = [];
  const world = worldOf();
  const items = Array.from({ length: 8 }, (_, i) => itemOf({ path: `/vcek/v1/Milan/${i}` }));
  world.answer = ({ url }) => {
    when.push((world.clock.now().getTime() - START.getTime()) / 1000);
    return found(issueOf({ key: `amd-kds${new URL(url).pathname}` }));
  };
  for (const one of items) await world.other().get(one, world.terms());
  assert.deepEqual(when, [0, 0, 0, 0, 10, 20, 30, 40]);
  when.length = 0;
  const mirror = world.other({ bases: { "amd-kds": "https://mirror.example" } });
  for (const one of items) await mirror.get(one, world.terms(), { refresh: true });
  assert.ok(when.every((moment) => moment === when[0]));
});

Deno.test("who would have to wait too long for a turn takes none", async () => {
  const world = worldOf({ deadline: 5000 });
  const items = Array.from({ length: 6 }, (_, i) => itemOf({ path: `/vcek/v1/Milan/${i}` }));
  world.answer = ({ url }) => found(issueOf({ key: `amd-kds${new URL(url).pathname}` }));
  for (const [i, one] of items.entries()) {
    const got = world.collateral.get(one, world.terms());
    await (i < 4 ? got : assertFails(got, "collateral.throttled"));
  }
  world.pass(10_000);
  const [, , , , fifth] = items;
  assert.ok(fifth);
  await world.collateral.get(fifth, world.terms());
});

Deno.test("what did not reach AMD's service takes no turn", async () => {
  const world = worldOf();
  world.answer = () => broken("unreachable");
  await assertFails(world.collateral.get(item, world.terms()), "collateral.unreachable");
  assert.equal(world.asked.length, 4);
  const waited = world.clock.now().getTime() - START.getTime();
  assert.ok(waited < 4000, `${waited} ms for retries alone`);
  world.answer = ({ url }) => found(issueOf({ key: `amd-kds${new URL(url).pathname}` }));
  const before = world.clock.now();
  for (let i = 0; i < 4; i++) {
    await world.collateral.get(itemOf({ path: `/vcek/v1/Milan/${i}` }), world.terms());
  }
  assert.deepEqual(world.clock.now(), before);
});

Deno.test("readRetryAfter() reads seconds and dates of HTTP, and nothing else", () => {
  const cases: readonly (readonly [string | undefined, number | null])[] = [
    ["0", 0],
    [" 120 ", 120_000],
    ["Sat, 21 Nov 2026 12:01:00 GMT", 60_000],
    ["Sat, 21 Nov 2026 11:59:00 GMT", 0],
    [undefined, null],
    ["", null],
    ["-1", null],
    ["1.5", null],
    ["soon", null],
    ["9999999999", null],
    ["Sat, 21 Foo 2026 12:01:00 GMT", null],
    ["2026-11-21T12:01:00Z", null],
    ["Saturday, 21-Nov-26 12:01:00 GMT", null],
  ];
  for (const [header, wanted] of cases) assert.equal(readRetryAfter(header, START), wanted, header);
});

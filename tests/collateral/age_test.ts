/**
 * What a cache on the way has does not become younger by being asked for.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { HttpResponse } from "../../src/core/ports.ts";
import { assertFails, broken, DAY, found, HOUR, itemOf, START, worldOf } from "./world.ts";

const item = itemOf();

/** The document as a mirror hands it on that asked for it some seconds ago. */
function aged(age: string): HttpResponse {
  const answer = found();
  return { ...answer, headers: { ...answer.headers, age } };
}

Deno.test("get() counts the age that a mirror tells", async () => {
  const world = worldOf({ bases: { "amd-kds": "http://mirror:8081" } });
  world.answer = () => aged("7200");

  const { confirmed, stale } = await world.collateral.get(item, world.terms());

  assert.deepEqual([confirmed, stale], [new Date(START.getTime() - 2 * HOUR), null]);
});

Deno.test("get() takes nothing from a mirror that no vendor confirmed for 7 days", async () => {
  const world = worldOf();
  world.answer = () => aged(String(7 * 86_400 + 1));

  await assertFails(world.collateral.get(item, world.terms()), "collateral.stale");
});

Deno.test("get() uses what came through a mirror for no longer than what came at once", async () => {
  const world = worldOf();
  world.answer = () => aged(String(6 * 86_400));
  await world.collateral.get(item, world.terms());
  world.answer = () => broken("unreachable");

  world.pass(DAY);
  assert.match((await world.collateral.get(item, world.terms())).stale ?? "", /unreachable/);
  world.pass(1);
  await assertFails(world.collateral.get(item, world.terms()), "collateral.stale");
});

Deno.test("get() keeps that somebody here asked for the same issue later than a mirror did", async () => {
  const world = worldOf();
  const first = await world.collateral.get(item, world.terms());
  world.pass(13 * HOUR);
  world.answer = () => aged(String(5 * 86_400));

  const second = await world.collateral.get(item, world.terms());

  assert.deepEqual([second.from, second.confirmed], ["vendor", first.confirmed]);
});

Deno.test("get() takes an age that is no number of seconds for none", async () => {
  for (const age of ["", "soon", "-5", "1e9", "0x10", "99999999999"]) {
    const world = worldOf();
    world.answer = () => aged(age);

    assert.deepEqual((await world.collateral.get(item, world.terms())).confirmed, START, age);
  }
});

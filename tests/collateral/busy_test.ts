/**
 * Who is at the same thing and does not come to an end, as a process that was stopped.
 *
 * @module
 */

import assert from "node:assert/strict";
import { memoryCache } from "../../src/collateral/mod.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import type { CacheFiles } from "../../src/core/ports.ts";
import { assertFails, HOUR, itemOf, START, worldOf } from "./world.ts";

const item = itemOf();

/** Files whose locks others can hold for ever, and how long they were waited for. */
function heldFiles() {
  const files = memoryCache({ now: () => START });
  const state = { held: false, patience: [] as number[], meanwhile: () => Promise.resolve() };
  const held: CacheFiles = {
    ...files,
    async lock(name, patience, work) {
      if (!state.held) return await files.lock(name, patience, work);
      state.patience.push(patience);
      await state.meanwhile();
      throw new UnavailableError("busy", {
        code: "collateral.busy",
        fields: { reason: "another process is at the same thing" },
        retryable: true,
      });
    },
  };
  return { state, held };
}

Deno.test("get() waits for another process for the whole time where nothing is kept, and not long where something is", async () => {
  const { state, held } = heldFiles();
  const world = worldOf({}, held);
  state.held = true;
  await assertFails(world.collateral.get(item, world.terms()), "collateral.busy");
  assert.deepEqual(state.patience, [60_000]);
  const soon = new Date(START.getTime() + 5000);
  const within = world.collateral.get(item, world.terms(), { until: soon });
  await assertFails(within, "collateral.busy");
  assert.equal(state.patience.at(-1), 5000);

  state.held = false;
  await world.collateral.get(item, world.terms());
  world.pass(13 * HOUR);
  state.held = true;
  const got = await world.collateral.get(item, world.terms());
  assert.equal(state.patience.at(-1), 10_000);
  assert.match(got.stale ?? "", /another process/);
});

Deno.test("get() takes what others got while it waited for them", async () => {
  const { state, held } = heldFiles();
  const world = worldOf({}, held);
  await world.collateral.get(item, world.terms());
  world.pass(13 * HOUR);
  state.held = true;
  state.meanwhile = async () => {
    const [entry] = await world.store.list();
    world.pass(1);
    if (entry !== undefined) await world.store.put({ ...entry, confirmed: world.clock.now() });
  };
  const got = await world.collateral.get(item, world.terms());
  assert.deepEqual([got.from, got.stale, world.asked.length], ["cache", null, 1]);
});

Deno.test("get() asks nobody once the time for all of it is over, and remembers nothing of that", async () => {
  const world = worldOf();
  const over = world.collateral.get(item, world.terms(), { until: START });
  await assertFails(over, "collateral.timeout");
  assert.equal(world.asked.length, 0);
  await world.collateral.get(item, world.terms());
  world.pass(13 * HOUR);
  const until = world.clock.now();
  assert.match((await world.collateral.get(item, world.terms(), { until })).stale ?? "", /is over/);
});

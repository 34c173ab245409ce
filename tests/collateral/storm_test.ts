/**
 * A small storm; the whole one is the task `collateral:storm`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { storm } from "./storm.ts";
import { THINGS } from "./storm_item.ts";

Deno.test("processes that are killed at random times lose and tear nothing of a cache", async () => {
  const damage = await storm({
    ...{ processes: 4, kills: 4, calm: 250 },
    ...{ answers: 50, refreshAfter: 30 },
  });
  assert.deepEqual([damage.started, damage.killed], [8, 4]);
});

Deno.test("processes that share a cache ask for one thing once at a time", async () => {
  const damage = await storm({
    ...{ processes: 3, kills: 0, calm: 0 },
    ...{ answers: 50, refreshAfter: 3_600_000 },
  });
  assert.equal(damage.crowd, 1);
  // Who looked just before another had it asks once more, and then never again.
  assert.ok(damage.requests <= 3 * THINGS, `${damage.requests} requests`);
});

/**
 * A small storm; the whole one is the task `collateral:storm`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { storm } from "./storm.ts";

Deno.test("processes that are killed at random times lose and tear nothing of a cache", async () => {
  const damage = await storm({ processes: 4, time: 1000, calm: 250 });
  assert.ok(damage.killed >= 2, `${damage.killed} were killed`);
  assert.ok(damage.served > 10, `${damage.served} answers`);
});

Deno.test("processes that share a cache ask for one thing once at a time", async () => {
  const damage = await storm({ processes: 3, time: 500, calm: null });
  assert.equal(damage.crowd, 1);
  assert.ok(damage.served > damage.requests, `${damage.served} of ${damage.requests} requests`);
});

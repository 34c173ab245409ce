/**
 * In which order a node asks control planes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { byChance } from "../../src/node/order.ts";

const RANDOM = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

Deno.test("byChance() keeps all, and begins with each of them about as often", () => {
  const items = ["a", "b", "c"];
  const first = new Map(items.map((item) => [item, 0]));
  for (let i = 0; i < 600; i++) {
    const order = byChance(items, RANDOM);
    assert.deepEqual(order.toSorted(), items);
    first.set(order[0] ?? "", (first.get(order[0] ?? "") ?? 0) + 1);
  }
  // Of 600, 200 each: fewer than 100 do not come in 10^17 runs.
  for (const [item, times] of first) assert.ok(times >= 100, `${item} was first ${times} times`);
});

Deno.test("byChance() takes none, and one", () => {
  assert.deepEqual(byChance([], RANDOM), []);
  assert.deepEqual(byChance(["a"], RANDOM), ["a"]);
});

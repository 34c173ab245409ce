/**
 * Ends an agent at every point of its initialisation and of its joining; each
 * time all must come to the same end. `deno task killed`; takes half a minute.
 *
 * @module
 */

import { killedAt, pointsOf, type Way } from "./killed.ts";

const WAYS: readonly Way[] = ["init", "join"];

for (const way of WAYS) {
  const points = await pointsOf(way);
  for (const [at, point] of points.entries()) {
    Deno.test(`${way} that is ended at point ${at}, ${point}, comes to the same end`, async () => {
      await killedAt(way, at);
    });
  }
}

/**
 * Owners who initialise and verify clusters, nodes that are initialised, and
 * whoever stands between or in their place, as processes: each attack is
 * refused by the shipped program with its own code and changes nothing, and
 * succeeds once that defence is switched off in a copy.
 * `deno task attacks:server` runs this.
 *
 * @module
 */

import assert from "node:assert/strict";
import { weaken } from "./weaken.ts";
import { INIT_ATTACKS } from "./servers/init_attacks.ts";
import { programOf, SHIPPED } from "./servers/program.ts";
import { setUp, type Stage } from "./servers/stage.ts";
import { sharing } from "./servers/shared.ts";

const test = sharing<Stage>(async (use) => {
  const stage = await setUp();
  try {
    await use(stage);
  } finally {
    await Deno.remove(stage.folder, { recursive: true });
  }
});

const HONEST = { node: SHIPPED, owner: SHIPPED };

for (const attack of INIT_ATTACKS) {
  const { name, code, victim, without, weakenings, then = "succeeded" } = attack;
  test(`${name}: ${code}; where ${without}: ${then}`, async (stage) => {
    assert.equal(await attack.make(stage, HONEST), code);
    await using copy = await weaken(weakenings);
    const programs = { ...HONEST, [victim]: programOf(copy) };
    assert.equal(await attack.make(stage, programs), then);
  });
}

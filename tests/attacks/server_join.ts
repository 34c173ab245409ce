/**
 * Agents that join, and whoever answers them, as processes: each attack is
 * refused by the shipped program with its own code, before the agent says who
 * it is, and succeeds once that defence is switched off in a copy.
 * `deno task attacks:server` runs this.
 *
 * @module
 */

import assert from "node:assert/strict";
import { weaken } from "./weaken.ts";
import { goneOn } from "./servers/owner.ts";
import { JOIN_ATTACKS } from "./servers/join_attacks.ts";
import { attackAgent, type Stood } from "./servers/joining.ts";
import { programOf, SHIPPED } from "./servers/program.ts";
import { setUp, type Stage, withControlPlane } from "./servers/stage.ts";
import { sharing } from "./servers/shared.ts";

interface World {
  readonly stage: Stage;
  readonly stood: Stood;
}

const test = sharing<World>(async (use) => {
  const stage = await setUp();
  const { folder, owner } = stage;
  const [, other] = await goneOn(owner, "1.99.0");
  await Deno.writeFile(`${folder}/other.json`, other ?? new Uint8Array());
  try {
    await withControlPlane(
      stage,
      [],
      (old) =>
        withControlPlane(
          stage,
          [`${folder}/second.json`],
          (current) =>
            withControlPlane(stage, [`${folder}/other.json`], (forked) =>
              use({ stage, stood: { old, current, forked } })),
        ),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (const attack of JOIN_ATTACKS) {
  const { name, code, without, weakenings, then = "succeeded" } = attack;
  const also = weakenings.length === 0 ? "" : `; where ${without}: ${then}`;
  test(`${name}: ${code}${also}`, async ({ stage, stood }) => {
    assert.equal(await attackAgent(stage, stood, attack, SHIPPED), code);
    if (weakenings.length === 0) return;
    await using copy = await weaken(weakenings);
    assert.equal(await attackAgent(stage, stood, attack, programOf(copy)), then);
  });
}

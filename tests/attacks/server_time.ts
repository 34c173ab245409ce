/**
 * Agents, owners and control planes whose clock is off, as processes: each is
 * told so, nobody is admitted by it, and with the right time all is well.
 * `deno task attacks:server` runs this.
 *
 * @module
 */

import assert from "node:assert/strict";
import { weaken, type Weakening } from "./weaken.ts";
import {
  AHEAD,
  ANY_TIME,
  BEHIND,
  clockOff,
  EARLY,
  LATE,
  NO_COMPARISON,
  NO_FLOOR,
} from "./servers/clocks.ts";
import { initHonestly } from "./servers/initialising.ts";
import { type Program, programOf, SHIPPED } from "./servers/program.ts";
import { sharing } from "./servers/shared.ts";
import { startRogue, STOLEN } from "./servers/rogue.ts";
import {
  type ControlPlane,
  controlPlaneOf,
  initAt,
  joinHonestly,
  setUp,
  type Stage,
  startAgent,
  statusOf,
  turned,
  withControlPlane,
  withNode,
} from "./servers/stage.ts";

/** An agent whose clock is off joins; what comes of it. */
async function joins(
  stage: Stage,
  program: Program,
  { url, names }: ControlPlane,
): Promise<string> {
  return await withNode(stage, async (machine) => {
    const outcome = await (async () => {
      await using agent = await startAgent(stage, program, machine, {
        peers: [url],
        group: "worker",
      });
      const line = await agent.tells("refused", "admitted");
      return line["event"] === "admitted" ? "admitted" : String(line["code"]);
    })();
    if (outcome === "admitted") names.push("");
    else await joinHonestly(stage, machine, { url, names });
    return outcome;
  });
}

/** An owner whose clock is off initialises; the node waits on, for one whose clock is right. */
async function initialises(stage: Stage, program: Program, node: Program): Promise<string> {
  return await withNode(stage, async (machine) => {
    await using agent = await startAgent(stage, node, machine);
    const before = await statusOf(agent.url);
    const { code } = await initAt(program, agent.url, stage.folder);
    if (code === "") return "initialised";
    assert.deepEqual(await statusOf(agent.url), before);
    await initHonestly(stage, agent.url);
    return code;
  });
}

/**
 * A control plane whose clock is ahead takes an agent in; when it is asked again its clock is right. An
 * agent that had believed it would have no time any more.
 */
async function takenInAhead(stage: Stage, program: Program): Promise<string> {
  const chain = stage.owner.chain.bytes;
  const says = await controlPlaneOf(stage.owner, chain);
  await using machine = await turned(stage, says, says, chain);
  const clock = { ahead: AHEAD };
  const now = () => new Date(Date.now() + clock.ahead);
  await using server = await startRogue({ ...machine.parts, now });
  return await withNode(stage, async (node) => {
    const launch = { peers: [server.url], group: "worker" };
    await using agent = await startAgent(stage, program, node, launch);
    const line = await agent.tells("refused", "admitted");
    clock.ahead = 0;
    assert.equal((await agent.tells("admitted"))["nodeName"], STOLEN);
    return line["event"] === "admitted" ? "admitted" : String(line["code"]);
  });
}

/** Manifests, what was seen, and what others say. */
const ALL: readonly Weakening[] = [ANY_TIME, NO_FLOOR, NO_COMPARISON];

/** Whose clock is off by how much, what is switched off beside, and what comes of it. */
const AGENTS: readonly (readonly [string, number, readonly Weakening[], string])[] = [
  ["before the program was written", EARLY, [], "time.behind"],
  ["hours behind", BEHIND, [], "manifest.not_yet"],
  ["hours behind, and manifests are always in force", BEHIND, [ANY_TIME], "time.behind"],
  [
    "hours behind, and neither manifests nor floors nor others count",
    BEHIND,
    ALL,
    "admitted",
  ],
  ["days ahead", LATE, [], "manifest.expired"],
  ["days ahead, and manifests are always in force", LATE, [ANY_TIME], "admitted"],
];

const OWNERS: typeof AGENTS = [
  ["hours behind", BEHIND, [], "manifest.not_yet"],
  ["hours behind, and manifests are always in force", BEHIND, [ANY_TIME], "initialised"],
  ["days ahead", LATE, [], "manifest.expired"],
  ["days ahead, and manifests are always in force", LATE, [ANY_TIME], "time.behind"],
  ["hours ahead", AHEAD, [], "time.behind"],
];

interface World {
  readonly stage: Stage;
  readonly controlPlane: ControlPlane;
}

console.log(`Attacked is ${SHIPPED.says}; whose clock is off is a copy of its source`);

const test = sharing<World>(async (use) => {
  const stage = await setUp();
  try {
    await withControlPlane(stage, [], (controlPlane) => use({ stage, controlPlane }));
  } finally {
    await Deno.remove(stage.folder, { recursive: true });
  }
});

async function withClock(
  by: number,
  weakenings: readonly Weakening[],
  use: (program: Program) => Promise<string>,
): Promise<string> {
  await using copy = await weaken([clockOff(by), ...weakenings]);
  return await use(programOf(copy));
}

for (const [what, by, weakenings, outcome] of AGENTS) {
  test(`an agent's clock, ${what}: ${outcome}`, async ({ stage, controlPlane }) => {
    const join = (program: Program) => joins(stage, program, controlPlane);
    assert.equal(await withClock(by, weakenings, join), outcome);
  });
}

test("a control plane's clock, hours ahead: time.behind, and nothing is believed", async ({ stage }) => {
  assert.equal(await takenInAhead(stage, SHIPPED), "time.behind");
  await using copy = await weaken([NO_COMPARISON, NO_FLOOR]);
  assert.equal(await takenInAhead(stage, programOf(copy)), "admitted");
});

for (const [what, by, weakenings, outcome] of OWNERS) {
  test(`an owner's clock, ${what}: ${outcome}`, async ({ stage }) => {
    const init = (program: Program) => initialises(stage, program, SHIPPED);
    assert.equal(await withClock(by, weakenings, init), outcome);
  });
}

test("an owner's clock, hours ahead, where nodes believe any time: initialised", async ({ stage }) => {
  await using node = await weaken([NO_COMPARISON, NO_FLOOR]);
  const init = (program: Program) => initialises(stage, program, programOf(node));
  assert.equal(await withClock(AHEAD, [], init), "initialised");
});

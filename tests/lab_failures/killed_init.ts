/**
 * The first control plane is ended with `kill -9` at every recorded step of its
 * start and its initialisation; the program as it is shipped goes on, in the same
 * boot or the next, and all comes to the same end. The owner's command is
 * ended at each of its steps as well.
 *
 * @module
 */

import assert from "node:assert/strict";
import { agentUrl } from "../../src/cli/lab_cluster/agents.ts";
import { initialise } from "../../src/cli/lab_cluster/initialise.ts";
import { startAgent, untilAnswers } from "./agents.ts";
import { type Bench, withBench } from "./bench.ts";
import { assertConverged } from "./converged.ts";
import {
  assertKilled,
  bootAgain,
  type Cut,
  CUTS,
  type Point,
  timed,
  tryToInitialise,
} from "./killed.ts";
import { initByCommand } from "./init_command.ts";
import { copyWithPoints, fateIn } from "./points.ts";
import { type Program, SHIPPED, sourceIn, TRIED } from "./program.ts";

const SAVED = ["beside node.state", "written node.state"] as const;
const EXTENDED = ["extended sha256", "extended sha384"] as const;
const NOTED = ["sent init", "committed init"] as const;

/** What the agent does for good, in order; what is sent to etcd was not answered yet. */
const STEPS: readonly string[] = [
  ...EXTENDED,
  ...SAVED,
  ...NOTED,
  ...NOTED,
  ...["sent reference", "committed reference", ...NOTED],
  ...["sent event+manifest", "committed event+manifest", ...NOTED],
  ...["beside init.secret", "written init.secret", ...NOTED],
  ...["sent event+member+lease+machine", "committed event+member+lease+machine", ...NOTED],
  ...["beside control_plane.secret", "written control_plane.secret"],
  ...[...SAVED, ...EXTENDED, ...SAVED],
  ...[...NOTED, ...NOTED],
];

/** What the owner's command does for good, and what it waits for. */
const OWNER_STEPS: readonly string[] = [
  ...["beside owner.cluster", "written owner.cluster"],
  ...["beside owner.cluster", "written owner.cluster"],
  ...["evidence", "initialising", "answered"],
  ...["beside owner.cluster", "written owner.cluster"],
];

const NAMES = ["control-plane-1"];

async function killAgentAt(bench: Bench, program: Program, point: Point, cut: Cut): Promise<void> {
  const owner = await bench.cluster();
  const machine = await bench.machine("control-plane");
  const fate = await fateIn(`${bench.folder}/${machine.name}`, ...point);
  const before = await startAgent(bench, machine, { program, env: fate.env });
  if (await untilAnswers(bench, before)) await tryToInitialise(bench, machine, owner);
  await assertKilled(before);
  if (cut === "machine") await bootAgain(bench, machine);
  const after = await startAgent(bench, machine);
  try {
    assert.ok(await untilAnswers(bench, after), "it ended");
    await initialise(bench.work, machine, owner, () => {});
    await assertConverged(bench, NAMES);
  } finally {
    await after.end("SIGTERM");
  }
}

async function killOwnerAt(bench: Bench, program: Program, point: Point): Promise<void> {
  await bench.cluster();
  const machine = await bench.machine("control-plane");
  const url = agentUrl(machine);
  const agent = await startAgent(bench, machine);
  try {
    assert.ok(await untilAnswers(bench, agent), "it ended");
    const fate = await fateIn(`${bench.folder}/${machine.name}`, ...point);
    assert.equal(await initByCommand(bench, url, program, fate.env), "SIGKILL");
    assert.equal(await initByCommand(bench, url, SHIPPED), 0);
    await assertConverged(bench, NAMES);
    assert.equal(await initByCommand(bench, url, SHIPPED), 0, "asked again, it was done already");
    await assertConverged(bench, NAMES);
  } finally {
    await agent.end("SIGTERM");
  }
}

/** Whoever adds a step adds it to the list, or this fails. */
async function assertAllSteps(bench: Bench, program: Program): Promise<void> {
  await bench.cluster();
  const machine = await bench.machine("control-plane");
  const [fate, owners] = [
    await fateIn(`${bench.folder}/agent`, ""),
    await fateIn(`${bench.folder}/owner`, ""),
  ];
  const agent = await startAgent(bench, machine, { program, env: fate.env });
  try {
    assert.ok(await untilAnswers(bench, agent), "it ended");
    assert.equal(await initByCommand(bench, agentUrl(machine), program, owners.env), 0);
    assert.deepEqual((await fate.points()).slice(0, STEPS.length), STEPS);
    assert.deepEqual(await owners.points(), OWNER_STEPS);
  } finally {
    await agent.end("SIGTERM");
  }
}

console.log(`Tried is ${TRIED}`);

Deno.test("an initialisation that was ended anywhere comes to the same end", async (test) => {
  await using copy = await copyWithPoints();
  const program = sourceIn(copy.folder);
  await withBench(async (bench) => {
    await test.step("these are all its steps", () => assertAllSteps(bench, program));
    for (const point of timed(OWNER_STEPS)) {
      const title = `the owner's command ended at ${point.join(" ")}`;
      await test.step(title, () => killOwnerAt(bench, program, point));
    }
    for (const [at, point] of timed(STEPS).entries()) {
      // One after the other of both kinds, and each second time the other way round, is half the time.
      const cut = CUTS[at % CUTS.length] ?? "process";
      const title = `the agent ended at ${point.join(" ")} (${cut})`;
      await test.step(title, () => killAgentAt(bench, program, point, cut));
    }
  });
});

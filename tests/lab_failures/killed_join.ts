/**
 * A joining control plane and a joining worker are ended with `kill -9` at every
 * recorded step, each as a process and with its machine; and the control plane
 * that admits them, while it does. The program as it is shipped goes on, and all
 * comes to the same end.
 *
 * @module
 */

import assert from "node:assert/strict";
import { initialise } from "../../src/cli/lab_cluster/initialise.ts";
import { ensureOwner } from "../../src/cli/lab_cluster/owner.ts";
import type { LabMachine } from "../../src/cli/lab_cluster/state.ts";
import { type AgentProcess, startAgent, untilAnswers, untilMember, untilSo } from "./agents.ts";
import { type Bench, withBench } from "./bench.ts";
import { assertConverged } from "./converged.ts";
import { assertKilled, bootAgain, type Cut, CUTS, type Point, timed } from "./killed.ts";
import { copyWithPoints, type Fate, fateIn } from "./points.ts";
import { type Program, SHIPPED, sourceIn, TRIED } from "./program.ts";

const SAVED = ["beside node.state", "written node.state"] as const;
const EXTENDED = ["extended sha256", "extended sha384"] as const;
const SECRET = ["beside control_plane.secret", "written control_plane.secret"] as const;

/** What an agent does for good, in order, and where it was admitted without knowing. */
const STEPS: Readonly<Record<LabMachine["group"], readonly string[]>> = {
  "control-plane": [
    ...[...EXTENDED, ...SAVED, "joining", "admitted", ...SECRET],
    ...[...SAVED, ...EXTENDED, ...SAVED],
  ],
  worker: [...EXTENDED, ...SAVED, "joining", "admitted", ...SAVED, ...EXTENDED, ...SAVED],
};

/** What the control plane writes: the admission, then the first renewal with other keys. */
const SERVED: readonly string[] = [
  ...["sent event+member+lease+machine", "committed event+member+lease+machine"],
  ...["sent event+lease+member", "committed event+lease+member"],
];

/** A cluster in which many join. */
class Cluster {
  readonly #bench: Bench;
  readonly #program: Program;
  readonly #names: string[] = ["control-plane-1"];
  readonly #fate: Fate;
  readonly #first: LabMachine;
  server: AgentProcess;

  private constructor(
    bench: Bench,
    program: Program,
    first: LabMachine,
    fate: Fate,
    server: AgentProcess,
  ) {
    this.#bench = bench;
    this.#program = program;
    this.#first = first;
    this.#fate = fate;
    this.server = server;
  }

  static async begin(bench: Bench, program: Program): Promise<Cluster> {
    const owner = await bench.cluster();
    const first = await bench.machine("control-plane");
    const fate = await fateIn(`${bench.folder}/${first.name}`, "");
    const server = await startAgent(bench, first, { program, env: fate.env });
    assert.ok(await untilAnswers(bench, server), "the control plane ended");
    await initialise(bench.work, first, owner, () => {});
    return new Cluster(bench, program, first, fate, server);
  }

  /** A machine joins, is ended at a point and begins anew. */
  async killJoiner(group: LabMachine["group"], point: Point, cut: Cut): Promise<void> {
    const machine = await this.#bench.machine(group);
    const fate = await fateIn(`${this.#bench.folder}/${machine.name}`, ...point);
    const how = { program: this.#program, env: fate.env, peers: [this.server.url] };
    await assertKilled(await startAgent(this.#bench, machine, how));
    if (cut === "machine") await bootAgain(this.#bench, machine);
    await this.#join(machine, SHIPPED);
  }

  /** The control plane is ended at a point while a machine joins. */
  async killServer(group: LabMachine["group"], point: string, cut: Cut): Promise<void> {
    const machine = await this.#bench.machine(group);
    await this.#fate.ask(point);
    const agent = await startAgent(this.#bench, machine, { peers: [this.server.url] });
    await assertKilled(this.server);
    if (cut === "machine") await bootAgain(this.#bench, this.#first);
    // The one control plane that there is can be admitted again by nobody else.
    const again = { program: this.#program, env: this.#fate.env };
    this.server = await startAgent(this.#bench, this.#first, again);
    assert.ok(await untilAnswers(this.#bench, this.server), "the control plane ended");
    if (cut === "machine") await this.#initialiseAgain();
    await this.#settle(agent, group);
  }

  async #initialiseAgain(): Promise<void> {
    const { work } = this.#bench;
    await initialise(work, this.#first, await ensureOwner(work, []), () => {});
  }

  async #join(machine: LabMachine, program: Program): Promise<void> {
    const agent = await startAgent(this.#bench, machine, { program, peers: [this.server.url] });
    await this.#settle(agent, machine.group);
  }

  /** It has the next name, and nobody else lost or got one; then it is switched off, so that few run at once. */
  async #settle(agent: AgentProcess, group: LabMachine["group"]): Promise<void> {
    const { work } = this.#bench;
    try {
      const name = await untilMember(this.#bench, agent);
      const number = this.#names.filter((one) => one.startsWith(group)).length + 1;
      assert.equal(name, `${group}-${number}`);
      this.#names.push(name);
      await this.#untilRenewed(name);
      await assertConverged(this.#bench, this.#names, ["control-plane-1", name]);
    } finally {
      await agent.end("SIGTERM");
      const { name } = work.record.state.machines.at(-1) ?? this.#first;
      await work.record.changeMachine(name, { power: "off" });
    }
  }

  /** Its first renewal tells of its new keys: only then nothing is written any more. */
  async #untilRenewed(name: string): Promise<void> {
    const store = await this.#bench.store();
    await untilSo(`${name} renewed its lease`, async () => {
      const lease = await store.read(`lease/${name}`);
      return lease !== null && /"renewed":[1-9]/.test(new TextDecoder().decode(lease.value));
    });
  }

  /** Whoever adds a step adds it to the lists, or this fails. */
  async assertAllSteps(group: LabMachine["group"]): Promise<void> {
    const machine = await this.#bench.machine(group);
    const fate = await fateIn(`${this.#bench.folder}/${machine.name}`, "");
    const before = (await this.#fate.points()).length;
    const how = { program: this.#program, env: fate.env, peers: [this.server.url] };
    await this.#settle(await startAgent(this.#bench, machine, how), group);
    const steps = STEPS[group];
    assert.deepEqual((await fate.points()).slice(0, steps.length), steps);
    const served = (await this.#fate.points()).slice(before);
    assert.deepEqual(SERVED.filter((step) => !served.includes(step)), [], served.join(", "));
  }
}

console.log(`Tried is ${TRIED}`);

const GROUPS: readonly LabMachine["group"][] = ["control-plane", "worker"];

async function killJoiners(test: Deno.TestContext, cluster: Cluster): Promise<void> {
  for (const group of GROUPS) {
    await test.step(`these are all steps of a ${group}`, () => cluster.assertAllSteps(group));
    for (const [at, point] of timed(STEPS[group]).entries()) {
      // Between two steps of one kind the other kind lies: each is met by both groups.
      const cut = CUTS[(at + GROUPS.indexOf(group)) % CUTS.length] ?? "process";
      const title = `a ${group} ended at ${point.join(" ")} (${cut})`;
      await test.step(title, () => cluster.killJoiner(group, point, cut));
    }
  }
}

Deno.test("joining that was ended anywhere comes to the same end", async (test) => {
  await using copy = await copyWithPoints();
  await withBench(async (bench) => {
    const cluster = await Cluster.begin(bench, sourceIn(copy.folder));
    try {
      await killJoiners(test, cluster);
      for (const point of SERVED) {
        for (const cut of CUTS) {
          const title = `the control plane ended at ${point} (${cut})`;
          await test.step(title, () => cluster.killServer("worker", point, cut));
        }
      }
    } finally {
      await cluster.server.end("SIGTERM");
    }
  });
});

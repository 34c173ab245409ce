/**
 * What a cluster stands on goes away and comes back: etcd in the midst of joins
 * and renewals, etcd for longer than a lease, the TEE and a machine's TPM. Members
 * stay, nobody is admitted meanwhile, and all goes on afterwards. Takes some two
 * minutes, most of it the life of a lease.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ensureTpmAuthority } from "../../src/cli/lab_cluster/authorities.ts";
import { startTee, TEE } from "../../src/cli/lab_cluster/chips.ts";
import { ETCD, startEtcd } from "../../src/cli/lab_cluster/etcd.ts";
import { initialise } from "../../src/cli/lab_cluster/initialise.ts";
import { startMachine, tpmRole } from "../../src/cli/lab_cluster/machine.ts";
import { killPrograms } from "../../src/cli/lab_cluster/programs.ts";
import type { LabMachine } from "../../src/cli/lab_cluster/state.ts";
import { verifyLab } from "../../src/cli/lab_cluster/verdict.ts";
import { programHostOf } from "../../src/cli/lab_cluster/work.ts";
import {
  type AgentProcess,
  startAgent,
  statusOf,
  untilAnswers,
  untilMember,
  untilSo,
} from "./agents.ts";
import { type Bench, withBench } from "./bench.ts";
import { assertConverged, leasesOf } from "./converged.ts";
import { TRIED } from "./program.ts";

/** Life of a lease, ms. */
const LEASE = 60_000;

const WORKERS = 4;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));

/** A cluster that is full but for one worker. */
class Outage {
  readonly #bench: Bench;
  readonly #agents = new Map<LabMachine, AgentProcess>();
  readonly #names: string[] = [];

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  async begin(): Promise<void> {
    const owner = await this.#bench.cluster({ workers: WORKERS + 1 });
    const first = await this.#bench.machine("control-plane");
    const agent = await this.#start(first);
    assert.ok(await untilAnswers(this.#bench, agent), "the control plane ended");
    await initialise(this.#bench.work, first, owner, () => {});
    const second = await this.#start(await this.#bench.machine("control-plane"));
    this.#names.push("control-plane-1", await untilMember(this.#bench, second));
  }

  async #start(machine: LabMachine): Promise<AgentProcess> {
    const peers = [...this.#agents]
      .filter(([other]) => other.group === "control-plane" && other !== machine)
      .map(([, { url }]) => url);
    const agent = await startAgent(this.#bench, machine, { peers });
    this.#agents.set(machine, agent);
    return agent;
  }

  async #killed(role: string): Promise<void> {
    await killPrograms(programHostOf(this.#bench.work), [role]);
  }

  /** Etcd is ended again and again while workers join and others renew. */
  async joinsAndRenewals(): Promise<void> {
    const joining: AgentProcess[] = [];
    for (let one = 0; one < WORKERS; one++) {
      joining.push(await this.#start(await this.#bench.machine("worker")));
      await pause(150);
      await this.#killed(ETCD);
      await pause(300);
      await startEtcd(this.#bench.work);
    }
    const names = await Promise.all(joining.map((agent) => untilMember(this.#bench, agent)));
    this.#names.push(...names);
    assert.deepEqual(names.toSorted(), [1, 2, 3, 4].map((number) => `worker-${number}`));
    await this.#untilAllRenewed(await leasesOf(this.#bench));
    await assertConverged(this.#bench, this.#names);
  }

  /** Each lease moves on from where it was, and is the same one. */
  async #untilAllRenewed(before: Awaited<ReturnType<typeof leasesOf>>): Promise<void> {
    await untilSo("all renew their leases", async () => {
      const now = await leasesOf(this.#bench);
      return [...before].every(([name, lease]) => {
        const after = now.get(name);
        assert.equal(after?.id, lease.id, `${name} lost its lease`);
        return after.renewed > lease.renewed;
      });
    });
  }

  /** Etcd is away for longer than a lease: a full group must not give away names of who could not renew. */
  async longerThanALease(): Promise<void> {
    const before = await leasesOf(this.#bench);
    await this.#killed(ETCD);
    const late = await this.#start(await this.#bench.machine("worker"));
    const later = await this.#start(await this.#bench.machine("worker"));
    await untilSo("it is told why it waits", () => this.#says(late, /store\.unreachable/));
    await untilSo("a member says why it does not renew", async () => {
      return await this.#says(this.#agentOf("vm-2"), /store\.unreachable/);
    });
    await pause(LEASE + 5_000);
    await this.#assertStay([late, later]);
    await startEtcd(this.#bench.work);
    await this.#untilAllRenewed(before);
    const isIn = async () => (await this.#phases([late, later])).includes("member");
    await untilSo("one of the late is admitted", isIn);
    this.#names.push("worker-5");
    assert.deepEqual((await this.#phases([late, later])).toSorted(), ["cluster", "member"]);
    await untilSo("the other is told that there is no room", async () => {
      return await this.#says(late, /join\./) || await this.#says(later, /join\./);
    });
    await this.#removeTheUnplaced([late, later]);
    await assertConverged(this.#bench, this.#names);
  }

  /** Members say who they are and prove it; nobody else is one. */
  async #assertStay(late: readonly AgentProcess[]): Promise<void> {
    const members = [...this.#agents.values()].filter((agent) => !late.includes(agent));
    assert.deepEqual(await this.#phases(late), late.map(() => "cluster"));
    assert.deepEqual(await this.#phases(members), members.map(() => "member"));
    const { machines } = await verifyLab(this.#bench.work, this.#bench.work.record.state);
    const proven = machines.filter(({ verdict }) => verdict === "lab-trusted");
    assert.deepEqual(proven.map(({ nodeName }) => nodeName).toSorted(), this.#names.toSorted());
  }

  async #removeTheUnplaced(late: readonly AgentProcess[]): Promise<void> {
    for (const [machine, agent] of this.#agents) {
      if (!late.includes(agent) || (await this.#phases([agent]))[0] === "member") continue;
      await agent.end("SIGTERM");
      this.#agents.delete(machine);
      await this.#bench.work.record.changeMachine(machine.name, { power: "off" });
    }
  }

  async #phases(agents: readonly AgentProcess[]): Promise<readonly string[]> {
    return await Promise.all(agents.map((agent) => this.#phase(agent)));
  }

  /** However long the computer lets it wait for the answer. */
  async #phase(agent: AgentProcess): Promise<string> {
    let phase = "";
    await untilSo(`${agent.url} says its phase`, async () => {
      phase = (await statusOf(this.#bench, agent))?.phase ?? "";
      return phase !== "";
    });
    return phase;
  }

  async #says(agent: AgentProcess, what: RegExp): Promise<boolean> {
    return what.test((await statusOf(this.#bench, agent))?.doing ?? "");
  }

  #agentOf(name: string): AgentProcess {
    const found = [...this.#agents].find(([machine]) => machine.name === name);
    if (found === undefined) throw new Error(`no agent of ${name}`);
    return found[1];
  }

  /** Without its TEE a node states nothing; with it it goes on by itself. */
  async withoutTee(): Promise<void> {
    const { work } = this.#bench;
    await this.#killed(TEE);
    const { machines } = await verifyLab(work, work.record.state);
    assert.ok(machines.every(({ verdict }) => verdict !== "lab-trusted"), JSON.stringify(machines));
    await startTee(work);
    for (const { name } of work.record.state.machines) {
      await untilSo("the TEE answers", () => {
        return work.lab.sockets.isHeld(work.paths.machine(name).teeSocket);
      });
    }
    await assertConverged(this.#bench, this.#names);
  }

  /** A machine that loses its power proves nothing until its TPM's clock is believed again (70 minutes), and keeps its name. */
  async withoutTpm(): Promise<void> {
    const { work } = this.#bench;
    const [machine] = [...this.#agents.keys()].filter(({ group }) => group === "worker");
    assert.ok(machine !== undefined);
    const before = this.#agentOf(machine.name);
    const name = (await statusOf(this.#bench, before))?.nodeName ?? "";
    await this.#killed(tpmRole(machine.name));
    const { machines } = await verifyLab(work, work.record.state);
    const untrusted = machines.filter(({ verdict }) => verdict !== "lab-trusted");
    assert.deepEqual(untrusted.map((one) => one.machine), [machine.name]);
    await before.end("SIGKILL");
    await startMachine(work, machine, await ensureTpmAuthority(work));
    const after = await this.#start(machine);
    await untilSo("it is refused", () => this.#says(after, /tpm\.clock_not_safe/));
    assert.deepEqual(await this.#phases([after]), ["cluster"]);
    await work.record.changeMachine(machine.name, { power: "off" });
    const others = this.#names.filter((other) => other !== name);
    await assertConverged(this.#bench, this.#names, others);
  }

  async end(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.end("SIGTERM")));
  }
}

console.log(`Tried is ${TRIED}`);

Deno.test("a cluster goes on after what it stands on was away", async (test) => {
  await withBench(async (bench) => {
    const outage = new Outage(bench);
    try {
      await outage.begin();
      await test.step("etcd, killed while some join", () => outage.joinsAndRenewals());
      await test.step("the TEE", () => outage.withoutTee());
      await test.step("etcd, for longer than a lease", () => outage.longerThanALease());
      await test.step("the TPM of a machine", () => outage.withoutTpm());
    } finally {
      await outage.end();
    }
  });
});

/**
 * Secrets of a cluster that runs are searched wherever they should not be: logs,
 * words and environments of processes, files, what failing commands say, cores.
 * The same search finds what was planted, and each secret where it belongs.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ETCD, startEtcd } from "../../src/cli/lab_cluster/etcd.ts";
import { initialise } from "../../src/cli/lab_cluster/initialise.ts";
import type { LabOwner } from "../../src/cli/lab_cluster/owner.ts";
import { killPrograms } from "../../src/cli/lab_cluster/programs.ts";
import type { LabMachine } from "../../src/cli/lab_cluster/state.ts";
import { programHostOf } from "../../src/cli/lab_cluster/work.ts";
import { weaken } from "../attacks/weaken.ts";
import {
  type AgentProcess,
  startAgent,
  statusOf,
  untilAnswers,
  untilMember,
  untilSo,
} from "./agents.ts";
import { type Bench, withBench } from "./bench.ts";
import { mistakes } from "./mistaken.ts";
import { type Finding, Search, type Secret, spellings } from "./needles.ts";
import { KEYS_FOLDER, KEYS_LEFT, secretsOf } from "./planted.ts";
import { type Program, sourceIn, TRIED } from "./program.ts";
import { filesBelow, processTraces } from "./traces.ts";

/** A cluster of two control planes and a worker; the first is of the program as it is shipped. */
interface Watched {
  readonly bench: Bench;
  readonly owner: LabOwner;
  readonly agents: readonly AgentProcess[];
  readonly machines: readonly LabMachine[];
  readonly keys: string;
}

async function bringUp(bench: Bench, copy: Program): Promise<Watched> {
  const keys = `${bench.folder}/keys`;
  await Deno.mkdir(keys);
  const env = { [KEYS_FOLDER]: keys };
  const owner = await bench.cluster();
  const first = await bench.machine("control-plane");
  const one = await startAgent(bench, first);
  assert.ok(await untilAnswers(bench, one), "the control plane ended");
  await initialise(bench.work, first, owner, () => {});
  const how = { program: copy, env, peers: [one.url] };
  const machines = [first, await bench.machine("control-plane"), await bench.machine("worker")];
  const agents = [one];
  for (const machine of machines.slice(1)) {
    const agent = await startAgent(bench, machine, how);
    agents.push(agent);
    await untilMember(bench, agent);
  }
  return { bench, owner, agents, machines, keys };
}

async function secretsOfAll({ bench, owner, keys }: Watched): Promise<readonly Secret[]> {
  const secrets = await secretsOf(bench, owner, keys);
  const kinds = secrets.map(({ name }) => name.split(" ").slice(0, 2).join(" "));
  for (const kind of ["TLS key", "HPKE key"]) {
    assert.ok(kinds.filter((one) => one === kind).length >= 4, `${kind}: two of each agent`);
  }
  return secrets;
}

/** Etcd fails while they renew and one asks to join: logs of failures are logs as well. */
async function makeTrouble({ bench, agents }: Watched): Promise<void> {
  await killPrograms(programHostOf(bench.work), [ETCD]);
  const late = await startAgent(bench, await bench.machine("worker"), {
    peers: [agents[0]?.url ?? ""],
  });
  await untilSo("etcd is missed", async () => {
    return /store\.unreachable/.test((await statusOf(bench, late))?.doing ?? "");
  });
  await startEtcd(bench.work);
  await untilMember(bench, late);
  await late.end("SIGTERM");
}

/** All of the lab stands still meanwhile: files that come and go under a search would be missed, or missing. */
async function findingsIn(bench: Bench, secrets: readonly Secret[]): Promise<readonly Finding[]> {
  const { processes } = programHostOf(bench.work);
  const running = await processes.tagged(`${bench.work.paths.folder}#`);
  for (const { pid } of running) Deno.kill(pid, "SIGSTOP");
  try {
    return await searched(bench, new Search(secrets));
  } finally {
    for (const { pid } of running) Deno.kill(pid, "SIGCONT");
  }
}

async function searched(bench: Bench, search: Search): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for await (const { place, content } of filesBelow(bench.work.paths.folder)) {
    for (const secret of search.in(content)) findings.push({ secret, place });
  }
  for (const { place, content } of processTraces()) {
    for (const secret of search.in(content)) findings.push({ secret, place });
  }
  return findings;
}

/** Found where it belongs, and nowhere else. */
function assertOnlyHeld(secrets: readonly Secret[], findings: readonly Finding[]): void {
  const leaked = findings.filter(({ secret, place }) => {
    return secrets.some(({ name, holders }) => name === secret && !holders.test(place));
  });
  assert.deepEqual(leaked, [], "secrets stand where they should not");
  for (const { name } of secrets.filter(({ holders }) => !holders.test("nowhere"))) {
    const places = findings.filter(({ secret }) => secret === name).map(({ place }) => place);
    assert.ok(places.length > 0, `${name} was found nowhere`);
    console.log(`${name}: ${places.join(", ")}`);
  }
}

/** Each way of writing in a log, in words and in an environment: the search must find them all. */
async function assertFinds({ bench }: Watched): Promise<void> {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const secret: Secret = { name: "control", bytes, holders: /^nowhere$/ };
  const written = spellings(bytes);
  const text = new TextDecoder().decode(written.at(-1));
  const sleep = new Deno.Command("sh", {
    args: ["-c", "sleep 60; :", text],
    env: { CONTROL: text },
  }).spawn();
  try {
    for (const [at, content] of written.entries()) {
      await Deno.writeFile(`${bench.work.paths.folder}/planted-${at}.log`, content);
    }
    const places = (await findingsIn(bench, [secret])).map(({ place }) => place);
    for (const at of written.keys()) {
      assert.ok(places.includes(`planted-${at}.log`), `spelling ${at}`);
    }
    for (const file of ["cmdline", "environ"]) {
      assert.ok(places.includes(`/proc/${sleep.pid}/${file}`), file);
    }
  } finally {
    for (const at of written.keys()) {
      await Deno.remove(`${bench.work.paths.folder}/planted-${at}.log`);
    }
    sleep.kill("SIGKILL");
    await sleep.status;
  }
}

async function assertSilent(
  { bench, machines }: Watched,
  secrets: readonly Secret[],
): Promise<void> {
  const [, machine] = machines;
  assert.ok(machine !== undefined);
  const search = new Search(secrets);
  let lines = 0;
  for (const debug of [false, true]) {
    for (const { line, code, said } of await mistakes(bench, machine, debug)) {
      assert.notEqual(code, 0, line);
      assert.ok(said.length > 0, `${line} says nothing`);
      assert.deepEqual(search.in(said), [], `${line}: ${new TextDecoder().decode(said)}`);
      lines++;
    }
  }
  console.log(`${lines} commands failed and said nothing secret`);
}

/** A program that is allowed to leaves a core here; agents, although they were allowed to, do not. */
async function assertNoCores({ bench, agents }: Watched): Promise<void> {
  const folder = `${bench.folder}/control`;
  await Deno.mkdir(folder);
  const script = "ulimit -c unlimited || exit 1; kill -ABRT $$";
  const { code, signal } = await new Deno.Command("sh", {
    args: ["-c", script],
    ...{ cwd: folder, stderr: "null" },
  }).output();
  assert.ok(code === 1 || signal === "SIGABRT", `the control ended with ${signal ?? code}`);
  const pattern = (await Deno.readTextFile("/proc/sys/kernel/core_pattern")).trim();
  const control = (await Array.fromAsync(Deno.readDir(folder))).length;
  // Where the system lets nobody leave a core, or takes it elsewhere, there is nothing to compare with.
  const leaves = signal === "SIGABRT" && /^[^/|]/.test(pattern);
  if (leaves) assert.equal(control, 1, `core_pattern ${pattern} leaves no core`);
  else console.log(`No core here by core_pattern ${pattern}, exit code ${code}`);
  for (const agent of agents) {
    const limits = await Deno.readTextFile(`/proc/${agent.pid}/limits`);
    assert.match(limits, /^Max core file size +[01] +[01] /m);
    Deno.kill(agent.pid, "SIGABRT");
    assert.equal(await agent.ended, "SIGABRT");
  }
  for await (const { place } of filesBelow(bench.work.paths.folder)) {
    assert.doesNotMatch(place, /(?:^|\/)core(?:\.|$)/, "an agent left its memory in a file");
  }
}

console.log(`Tried is ${TRIED}`);

Deno.test("secrets stand where they belong, and nowhere else", async (test) => {
  await using copy = await weaken(KEYS_LEFT);
  await withBench(async (bench) => {
    const watched = await bringUp(bench, sourceIn(copy.folder));
    try {
      await makeTrouble(watched);
      const secrets = await secretsOfAll(watched);
      console.log(`${secrets.length} secrets: ${secrets.map(({ name }) => name).join(", ")}`);
      await test.step("the search finds what was planted", () => assertFinds(watched));
      await test.step("files and processes", async () => {
        assertOnlyHeld(secrets, await findingsIn(bench, secrets));
      });
      await test.step("what failing commands say", () => assertSilent(watched, secrets));
      await test.step("cores", () => assertNoCores(watched));
      await test.step("files and processes, after all that", async () => {
        assertOnlyHeld(secrets, await findingsIn(bench, await secretsOfAll(watched)));
      });
    } finally {
      await Promise.all(watched.agents.map((agent) => agent.end("SIGKILL")));
    }
  });
});

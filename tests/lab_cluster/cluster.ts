/**
 * Lab clusters of real processes: up, looked at, bent, broken off, taken down.
 * Takes some two minutes on two cores: `deno task lab:test`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { outcome } from "../../scripts/process.ts";
import {
  assertNothingLeft,
  type LabHome,
  processesOf,
  untilStopped,
  withLabHome,
} from "./command.ts";

function labTest(name: string, use: (home: LabHome) => Promise<void>): void {
  Deno.test({ name, fn: () => withLabHome(use), sanitizeResources: false });
}

/** What `lab status -o json` says. */
interface Status {
  readonly clusterId: string;
  readonly machines: readonly {
    readonly machine: string;
    readonly nodeName: string;
    readonly role: string;
    readonly phase: string;
    readonly pid: number | null;
    readonly refused: string;
    readonly doing: string;
    readonly verdict: { readonly verdict: string; readonly code: string } | null;
  }[];
}

async function statusOf(home: LabHome, line = "status"): Promise<Status> {
  const { code, stdout, stderr } = await home.lab(`${line} -o json`);
  assert.ok(code === 0 || code === 3, stderr);
  return JSON.parse(stdout);
}

async function up(home: LabHome, line: string): Promise<string> {
  const { code, stdout, stderr } = await home.lab(`up ${line}`);
  assert.equal(code, 0, stdout + stderr);
  return stdout;
}

labTest(
  "lab up brings up three control planes and two workers, and verifies them",
  async (home) => {
    const said = await up(home, "--control-planes 3 --workers 2");

    assert.match(said, /LAB-TRUSTED/);
    const { machines } = await statusOf(home);
    assert.deepEqual(machines.map(({ phase }) => phase), Array(5).fill("member"));
    assert.deepEqual(machines.map(({ nodeName }) => nodeName).toSorted(), [
      "control-plane-1",
      "control-plane-2",
      "control-plane-3",
      "worker-1",
      "worker-2",
    ]);
    assert.deepEqual(machines.map(({ verdict }) => verdict?.verdict), Array(5).fill("lab-trusted"));

    // Its processes outlive the command; nobody else sees its files.
    for (const { pid } of machines) {
      assert.ok(
        pid !== null && processesOf(home.folder).includes(pid),
      );
    }
    const { stdout } = await outcome("find", [home.folder, "-perm", "/077", "-not", "-type", "l"]);
    assert.equal(stdout, "", "others can look into these");

    const logs = await home.lab("logs worker-1");
    assert.match(logs.stdout, /Is worker-1, a worker, under manifest 1/);

    // Again: all is there already.
    assert.match(await up(home, "--control-planes 3 --workers 2"), /was up already/);
    const other = await home.lab("up --control-planes 1");
    assert.equal(other.code, 2);
    assert.match(other.stderr, /lab\.differs/);

    assert.equal((await home.lab("down")).code, 0);
    await assertNothingLeft(home);
  },
);

labTest("two labs stand side by side, each with its own cluster", async (home) => {
  const size = "--control-planes 1 --workers 1";
  await Promise.all([up(home, `--name one ${size}`), up(home, `--name two ${size}`)]);

  const [one, two] = [
    await statusOf(home, "status --name one"),
    await statusOf(home, "status --name two"),
  ];
  assert.notEqual(one.clusterId, two.clusterId);

  assert.equal((await home.lab("down --name one")).code, 0);
  const { machines } = await statusOf(home, "status --name two --verify");
  assert.deepEqual(machines.map(({ verdict }) => verdict?.verdict), ["lab-trusted", "lab-trusted"]);
  assert.equal((await home.lab("down --all")).code, 0);
  await assertNothingLeft(home);
});

labTest("bent machines are refused, each for what is wrong with it", async (home) => {
  await up(
    home,
    "--control-planes 1 --workers 3 --bend vm-2=registers --bend vm-3=host-data --bend vm-4=no-tee",
  );

  const { machines } = await statusOf(home, "status --verify");
  assert.deepEqual(machines.map(({ phase, refused }) => [phase, refused]), [
    ["member", ""],
    ["cluster", "tpm.register_mismatch"],
    ["cluster", "snp.host_data_mismatch"],
    ["cluster", "trust.variant_not_admitted"],
  ]);
  assert.deepEqual(machines.map(({ verdict }) => verdict?.code), [
    "",
    "tpm.register_mismatch",
    "snp.host_data_mismatch",
    "trust.variant_not_admitted",
  ]);
});

labTest("a machine is switched off, on and booted again under its own name", async (home) => {
  await up(home, "--control-planes 1 --workers 1");

  for (
    const line of [
      "node stop worker-1",
      "node start worker-1",
      "node reboot vm-2",
      "node reboot vm-2 --hard",
    ]
  ) {
    const { code, stdout, stderr } = await home.lab(line);
    assert.equal(code, 0, `${line}: ${stdout}${stderr}`);
    const { machines: [, worker] } = await statusOf(home, "status --verify");
    const stopped = line.startsWith("node stop");
    assert.equal(worker?.phase, stopped ? "" : "member", line);
    assert.equal(worker?.nodeName, "worker-1", line);
    if (!stopped) assert.equal(worker?.verdict?.verdict, "lab-trusted", line);
  }
  assert.equal((await home.lab("node add")).code, 0);
  const { machines } = await statusOf(home);
  assert.equal(machines[2]?.nodeName, "worker-2");
});

/** Where `lab up` is killed: when it tells of this. */
const KILLED_AT: readonly (readonly [event: string, step: string])[] = [
  ["begun", "etcd"],
  ["done", "etcd"],
  ["begun", "TPMs"],
  ["done", "TPMs"],
  ["done", "Owner"],
  ["begun", "Agents"],
  ["done", "Agents"],
  ["begun", "Initialisation"],
  ["done", "Initialisation"],
  ["begun", "Verification"],
];

async function killUpAt(home: LabHome, event: string, step: string): Promise<void> {
  const held = { event, step, signal: "SIGKILL" } as const;
  const child = home.startHeld("up --control-planes 1 --workers 1", held);
  assert.equal((await child.status).signal, "SIGKILL", `it never told ${event} ${step}`);
}

for (const [event, step] of KILLED_AT) {
  labTest(
    `lab up killed at "${event} ${step}" leaves nothing after lab down`,
    async (home) => {
      await killUpAt(home, event, step);

      const { code, stderr } = await home.lab("down");
      assert.equal(code, 0, stderr);
      await assertNothingLeft(home);
    },
  );
}

labTest("lab up that is broken off says what is left, and how to go on or end it", async (home) => {
  const held = { event: "done", step: "etcd", signal: "SIGINT" } as const;
  const child = home.startHeld("up --control-planes 1 --workers 0", held);
  const { signal, stderr } = await child.output();

  assert.equal(signal, "SIGINT");
  const said = new TextDecoder().decode(stderr);
  assert.match(said, /Broken off; what was started runs on/);
  assert.ok(said.includes(`lab down --dir ${home.folder}  ends`), said);
  assert.equal((await home.lab("down")).code, 0);
  await assertNothingLeft(home);
});

labTest("lab up goes on where it was killed, again and again", async (home) => {
  for (const [event, step] of KILLED_AT.filter((_, at) => at % 3 === 0)) {
    await killUpAt(home, event, step);
  }
  await up(home, "--control-planes 1 --workers 1");

  const { machines } = await statusOf(home);
  assert.deepEqual(machines.map(({ nodeName }) => nodeName), ["control-plane-1", "worker-1"]);
  // One of each, not one for each attempt: two machines with TPM and agent, etcd, TEE.
  assert.equal(processesOf(home.folder).length, 6);
});

labTest("lab up brings back a cluster of which every process was killed at once", async (home) => {
  await up(home, "--control-planes 2 --workers 1");
  const { machines: before } = await statusOf(home);
  for (const pid of processesOf(home.folder)) Deno.kill(pid, "SIGKILL");
  while (processesOf(home.folder).length > 0) await new Promise((done) => setTimeout(done, 20));
  const { machines: dead } = await statusOf(home);
  assert.deepEqual(dead.map(({ phase, pid }) => [phase, pid]), Array(3).fill(["", null]));

  await up(home, "--control-planes 2 --workers 1");

  const { machines } = await statusOf(home, "status --verify");
  assert.deepEqual(machines.map(({ verdict }) => verdict?.verdict), Array(3).fill("lab-trusted"));
  const names = (list: typeof machines) => list.map(({ nodeName }) => nodeName);
  assert.deepEqual(names(machines), names(before));
});

/** Waits for what `lab down` writes before it ends anything. */
async function untilGoesDown(path: string): Promise<void> {
  while (JSON.parse(await Deno.readTextFile(path)).goal !== "down") {
    await new Promise((done) => setTimeout(done, 5));
  }
}

labTest("lab down killed in its midst is finished by the next", async (home) => {
  await up(home, "--control-planes 1 --workers 0");
  // A process that was stopped ends at no request, so the command is there for as long as it asks.
  const [held = 0] = processesOf(home.folder);
  Deno.kill(held, "SIGSTOP");
  const child = home.start("down");
  await untilGoesDown(`${home.folder}/lab/lab.json`);
  child.kill("SIGKILL");
  assert.equal((await child.status).signal, "SIGKILL");
  assert.ok(processesOf(home.folder).includes(held));

  assert.equal((await home.lab("down --all")).code, 0);
  await assertNothingLeft(home);
});

labTest("lab down never ends a process that is not the lab's", async (home) => {
  await up(home, "--control-planes 1 --workers 0");
  const foreign = new Deno.Command("sleep", { args: ["300"] }).spawn();
  try {
    const path = `${home.folder}/lab/lab.json`;
    const state = JSON.parse(await Deno.readTextFile(path));
    const stat = await Deno.readTextFile(`/proc/${foreign.pid}/stat`);
    const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    state.processes.push({ role: "node/vm-2", pid: foreign.pid, started });
    await Deno.writeTextFile(path, JSON.stringify(state));

    assert.equal((await home.lab("down")).code, 0);
    await assertNothingLeft(home);
    assert.ok((await Deno.stat(`/proc/${foreign.pid}`)).isDirectory);
  } finally {
    foreign.kill("SIGKILL");
    await foreign.status;
  }
});

labTest("folders of somebody else's are no labs, whatever they are called", async (home) => {
  await Deno.mkdir(`${home.folder}/docs`, { recursive: true });
  await Deno.writeTextFile(`${home.folder}/docs/thesis.txt`, "years");
  await Deno.mkdir(`${home.folder}/empty`);
  await Deno.writeTextFile(`${home.folder}/note`, "of somebody");

  for (const name of ["docs", "empty"]) {
    const up = await home.lab(`up --name ${name}`);
    assert.equal(up.code, 2, up.stdout);
    assert.match(up.stderr, /lab\.folder/);
    assert.equal((await home.lab(`down --name ${name}`)).code, 2);
  }
  assert.match((await home.lab("list")).stdout, /There is no lab/);
  await home.lab("down --all");
  const files = await outcome("find", [home.folder, "-mindepth", "1", "-printf", "%P\n"]);
  assert.deepEqual(files.stdout.trim().split("\n").toSorted(), [
    "docs",
    "docs/thesis.txt",
    "empty",
    "note",
  ]);
});

labTest("one command at a time works on a lab", async (home) => {
  // Stopped, so that it is not through before the other command looks.
  const held = { event: "begun", step: "", signal: "SIGSTOP" } as const;
  const child = home.startHeld("up --control-planes 1 --workers 0", held);
  await untilStopped(child.pid);

  const { code, stderr } = await home.lab("down");
  assert.equal(code, 5, stderr);
  assert.match(stderr, /lab\.busy/);
  child.kill("SIGKILL");
  await child.status;
});

labTest("what is not there is said plainly", async (home) => {
  const nothing = await home.lab("down --all");
  assert.equal(nothing.code, 0);
  assert.match(nothing.stdout, /There is no lab/);
  for (const line of ["down", "status", "logs"]) {
    const { code, stderr } = await home.lab(line);
    assert.equal(code, 2, line);
    assert.match(stderr, /lab\.unknown/);
  }
});

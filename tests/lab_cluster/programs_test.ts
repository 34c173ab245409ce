import assert from "node:assert/strict";
import type { Launch, Processes, ProcessMark, Tagged } from "../../src/core/lab_ports.ts";
import {
  endPrograms,
  ensureProgram,
  type ProgramHost,
} from "../../src/cli/lab_cluster/programs.ts";
import { ensureProgramsThere } from "../../src/cli/lab_cluster/programs_needed.ts";
import { LabRecord, type LabState } from "../../src/cli/lab_cluster/state.ts";
import { labPaths } from "../../src/cli/lab_cluster/paths.ts";

const STATE: LabState = {
  kind: "casemate-lab-cluster/v1",
  name: "lab",
  created: "2026-11-21T12:00:00.000Z",
  goal: "up",
  reached: "begun",
  clusterId: "",
  machineBoot: "b0",
  etcd: { client: 20001, peer: 20002 },
  machines: [],
  processes: [],
};

const PROGRAM = { role: "tpm/vm-1", command: ["swtpm"], log: "/labs/lab/log" };

/** What a computer of tests has. */
interface Computer extends ProgramHost {
  readonly running: Tagged[];
  readonly launched: Launch[];
  readonly signals: string[];
  /** Processes that only SIGKILL ends, or nothing. */
  readonly stubborn: Map<number, "SIGTERM" | "SIGKILL">;
  readonly installed: Set<string>;
  readonly ran: string[];
  /** Ports that somebody listens on. */
  readonly held: Set<number>;
  /** Logs, by path. */
  readonly logs: Map<string, string>;
}

function computer(): Computer {
  const running: Tagged[] = [];
  const launched: Launch[] = [];
  const signals: string[] = [];
  const stubborn = new Map<number, "SIGTERM" | "SIGKILL">();
  const installed = new Set(["apt-get"]);
  const ran: string[] = [];
  const held = new Set<number>();
  const logs = new Map<string, string>();
  const same = (one: ProcessMark, other: ProcessMark) =>
    one.pid === other.pid && one.started === other.started;
  const processes: Processes = {
    own: () => ["casemate"],
    find: (program) => Promise.resolve(installed.has(program) ? `/usr/bin/${program}` : null),
    mayInstall: () => true,
    finish(command) {
      ran.push(command.join(" "));
      if (command.includes("swtpm")) installed.add("swtpm");
      if (command.includes("etcd-server")) installed.add("etcd");
      return Promise.resolve({ code: 0, said: "" });
    },
    launch(launch) {
      launched.push(launch);
      const mark = { pid: 100 + launched.length, started: "7" };
      running.push({ ...mark, tag: launch.tag });
      return Promise.resolve(mark);
    },
    machineBoot: () => Promise.resolve("b0"),
    isAlive: (mark) => Promise.resolve(running.some((one) => same(one, mark))),
    tagged: (prefix) => Promise.resolve(running.filter(({ tag }) => tag.startsWith(prefix))),
    signal(mark, signal) {
      signals.push(`${signal} ${mark.pid}`);
      const endures = stubborn.get(mark.pid);
      if (endures === signal || endures === "SIGKILL") return Promise.resolve();
      const at = running.findIndex((one) => same(one, mark));
      if (at >= 0) running.splice(at, 1);
      return Promise.resolve();
    },
  };
  return {
    processes,
    folders: {
      read: (path: string) => {
        const text = logs.get(path);
        return Promise.resolve(text === undefined ? null : new TextEncoder().encode(text));
      },
    } as unknown as ProgramHost["folders"],
    sockets: {
      isHeld: (port: number) => Promise.resolve(held.has(port)),
    } as unknown as ProgramHost["sockets"],
    timer: { wait: () => Promise.resolve() },
    folder: "/labs/lab",
    ...{ running, launched, signals, stubborn, installed, ran, held, logs },
  };
}

function recordOf(written: LabState[], state: LabState = STATE): LabRecord {
  const folders = {
    write: (_: string, bytes: Uint8Array) => {
      written.push(JSON.parse(new TextDecoder().decode(bytes)));
      return Promise.resolve();
    },
  } as unknown as ProgramHost["folders"];
  return new LabRecord(folders, labPaths("/labs", "lab"), state);
}

Deno.test("ensureProgram() starts a program once and writes down which process it is", async () => {
  const host = computer();
  const written: LabState[] = [];
  const record = recordOf(written);

  await ensureProgram(host, record, PROGRAM);
  await ensureProgram(host, record, PROGRAM);

  assert.equal(host.launched.length, 1);
  assert.deepEqual(written.at(-1)?.processes, [{ role: "tpm/vm-1", pid: 101, started: "7" }]);
});

Deno.test("ensureProgram() takes over what was started and not written down", async () => {
  const host = computer();
  await host.processes.launch({ command: [], log: "", tag: "/labs/lab#tpm/vm-1." });
  const record = recordOf([]);

  await ensureProgram(host, record, PROGRAM);

  assert.equal(host.launched.length, 1);
  assert.equal(record.state.processes[0]?.pid, 101);
});

Deno.test("ensureProgram() does not take the process of another machine or lab for its own", async () => {
  const host = computer();
  for (const tag of ["/labs/lab#tpm/vm-10.", "/labs/lab2#tpm/vm-1."]) {
    await host.processes.launch({ command: [], log: "", tag });
  }

  await ensureProgram(host, recordOf([]), PROGRAM);

  assert.equal(host.launched.length, 3);
});

Deno.test("ensureProgram() starts anew where the number is another process's now", async () => {
  const host = computer();
  host.running.push({ pid: 101, started: "8", tag: "" });
  const processes = [{ role: "tpm/vm-1", pid: 101, started: "7" }];

  await ensureProgram(host, recordOf([], { ...STATE, processes }), PROGRAM);

  assert.equal(host.launched.length, 1);
});

Deno.test("ensureProgram() starts anew after another start of the computer", async () => {
  const host = computer();
  host.running.push({ pid: 101, started: "7", tag: "" });
  const processes = [{ role: "tpm/vm-1", pid: 101, started: "7" }];

  await ensureProgram(host, recordOf([], { ...STATE, processes, machineBoot: "b1" }), PROGRAM);

  assert.equal(host.launched.length, 1);
});

Deno.test("ensureProgram() takes nobody who listens on the program's port for the program", async () => {
  const host = computer();
  host.held.add(20001);

  await assert.rejects(ensureProgram(host, recordOf([]), { ...PROGRAM, port: 20001 }), {
    code: "lab.start_failed",
    message: /another program listens on 127\.0\.0\.1:20001/,
  });

  assert.deepEqual(host.launched, []);
  // Its own, which was not written down yet, listens there with right.
  await host.processes.launch({ command: [], log: "", tag: "/labs/lab#tpm/vm-1." });
  await ensureProgram(host, recordOf([]), { ...PROGRAM, port: 20001 });
});

/** What a program left in its log, and why it ended. */
const ENDED: readonly (readonly [log: string, reason: string])[] = [
  ["", "it wrote nothing"],
  ["begins\nno space left\n", "no space left"],
  [
    "\x1b[1merror\x1b[0m: Cannot read deno.json\n\nCaused by:\n    No such file\n",
    "error: Cannot read deno.json",
  ],
  [
    '{"level":"fatal","msg":"discovery failed","error":"no space"}\npanic: x\n\tgo/main.go:28\n',
    "panic: x",
  ],
  [
    '{"level":"fatal","msg":"discovery failed","error":"no space"}\ngoroutine 1:\n\tmain.go:2 +0\n',
    "discovery failed: no space",
  ],
];

for (const [log, reason] of ENDED) {
  Deno.test(`ensureProgram() says why a program ended: ${reason}`, async () => {
    const { processes, ...host } = computer();
    host.logs.set(PROGRAM.log, log);
    const failing = { ...processes, launch: () => Promise.resolve(null) };

    await assert.rejects(ensureProgram({ ...host, processes: failing }, recordOf([]), PROGRAM), {
      code: "lab.start_failed",
      message: `Cannot start tpm/vm-1: it ended (${reason}); more is in /labs/lab/log`,
    });
  });
}

Deno.test("endPrograms() asks first, then kills, and leaves other labs alone", async () => {
  const host = computer();
  const tags = ["/labs/lab#etcd.", "/labs/lab#tee.", "/labs/lab2#tee."];
  for (const tag of tags) await host.processes.launch({ command: [], log: "", tag });
  host.stubborn.set(102, "SIGTERM");

  await endPrograms(host);

  assert.deepEqual(host.signals, ["SIGTERM 101", "SIGTERM 102", "SIGKILL 102"]);
  assert.deepEqual(host.running.map(({ pid }) => pid), [103]);
});

Deno.test("endPrograms() does not miss what becomes another program at the moment", async () => {
  const host = computer();
  await host.processes.launch({ command: [], log: "", tag: "/labs/lab#etcd." });
  let looks = 0;
  const processes = {
    ...host.processes,
    tagged: (prefix: string) => looks++ === 0 ? Promise.resolve([]) : host.processes.tagged(prefix),
  };

  await endPrograms({ ...host, processes });

  assert.deepEqual(host.running, []);
});

Deno.test("endPrograms() says which process cannot be ended", async () => {
  const host = computer();
  await host.processes.launch({ command: [], log: "", tag: "/labs/lab#etcd." });
  host.stubborn.set(101, "SIGKILL");

  await assert.rejects(endPrograms(host), { code: "lab.remains", message: /101/ });
});

const SILENT = {
  step: <T>(_: string, work: (say: () => void) => Promise<T>) => work(() => {}),
  event: () => {},
  end: () => {},
};

Deno.test("missing programs are installed where this user may", async () => {
  const { processes, ran } = computer();

  const found = await ensureProgramsThere(processes, SILENT, true);

  assert.deepEqual(found, { swtpm: "/usr/bin/swtpm", etcd: "/usr/bin/etcd" });
  assert.match(ran.join("; "), /update.*; .*install .* swtpm etcd-server/);
});

Deno.test("missing programs are named with how to get them where nothing may be installed", async () => {
  const { processes, ran, installed } = computer();
  installed.add("swtpm");

  for (const [may, user] of [[false, true], [true, false]] as const) {
    await assert.rejects(
      ensureProgramsThere({ ...processes, mayInstall: () => user }, SILENT, may),
      {
        code: "lab.program_missing",
        message: /etcd is not installed.*apt-get install etcd-server$/,
      },
    );
  }
  assert.deepEqual(ran, []);
});

Deno.test("programs that are there are not installed again", async () => {
  const { processes, ran, installed } = computer();
  installed.add("swtpm").add("etcd");

  await ensureProgramsThere(processes, SILENT, true);

  assert.deepEqual(ran, []);
});

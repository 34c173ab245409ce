/**
 * The command line over real processes: labs in folders of their own, and what is
 * left of them as `ps` and `find` see it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromFileUrl, type Outcome, outcome, output } from "../../scripts/process.ts";
import { type Held, HELD_AT } from "./held_at.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const PRELOADED = fromFileUrl(new URL("./held_at.ts", import.meta.url));

/** The program from its source, which is what gets signals of its own. */
const FROM_SOURCE: readonly string[] = ["run", "--quiet", "--no-prompt", "--allow-all"];

/** The program under test: `CASEMATE` names a compiled one. */
const compiled = Deno.env.get("CASEMATE");
const PROGRAM: readonly string[] = compiled === undefined
  ? [Deno.execPath(), ...FROM_SOURCE, MAIN]
  : [compiled];

/** A folder of labs. */
export interface LabHome {
  /** Its path. */
  readonly folder: string;
  /**
   * Runs a command of `casemate lab` to its end.
   *
   * @param line Its words.
   */
  lab(line: string): Promise<Outcome>;
  /**
   * Starts one; nobody reads what it says.
   *
   * @param line Its words.
   */
  start(line: string): Deno.ChildProcess;
  /**
   * Starts one that gets a signal as soon as it told of a step; what it says of errors is kept.
   *
   * @param line Its words; it tells by `-o json`.
   * @param held The step.
   */
  startHeld(line: string, held: Held): Deno.ChildProcess;
}

/**
 * Uses a folder of labs; whatever the test leaves in it is taken down.
 *
 * @param use What is done with it.
 */
export async function withLabHome(use: (home: LabHome) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_lab_" });
  const home = `${folder}/labs`;
  const words = (line: string) => ["lab", ...line.split(" "), "--dir", home];
  const [program = "", ...before] = PROGRAM;
  const lab = (line: string) => outcome(program, [...before, ...words(line)]);
  const silent = { stdin: "null", stdout: "null", stderr: "null" } as const;
  const start = (line: string) =>
    new Deno.Command(program, { args: [...before, ...words(line)], ...silent }).spawn();
  const startHeld = (line: string, held: Held) =>
    new Deno.Command(Deno.execPath(), {
      args: [...FROM_SOURCE, "--preload", PRELOADED, MAIN, ...words(`${line} -o json`)],
      env: { [HELD_AT]: JSON.stringify(held) },
      ...{ ...silent, stderr: "piped" },
    }).spawn();
  try {
    await use({ folder: home, lab, start, startHeld });
  } finally {
    await lab("down --all");
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Processes that have a path among their words or in their environment, by number; this one is none of them.
 *
 * @param path The path.
 */
export function processesOf(path: string): readonly number[] {
  const found: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    const texts = ["cmdline", "environ"].map((file) => readProc(`/proc/${name}/${file}`));
    if (texts.some((text) => text.includes(path))) found.push(Number(name));
  }
  return found;
}

/** Empty where the process ended in between (ENOENT, ESRCH), or is another user's (EACCES). */
function readProc(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    const gone = error instanceof Error && /os error (?:2|3|13)\b/.test(error.message);
    if (gone) return "";
    throw error;
  }
}

/**
 * Refuses a lab of which anything is left: a process, a socket, a file.
 *
 * @param home The folder of labs.
 */
export async function assertNothingLeft({ folder }: LabHome): Promise<void> {
  assert.deepEqual(processesOf(folder), [], await output("ps", ["-eo", "pid,args"]));
  const files = await outcome("find", [folder]);
  assert.equal(files.stdout, "", "files are left");
}

/**
 * Waits until a process is stopped.
 *
 * @param pid Its number.
 */
export async function untilStopped(pid: number): Promise<void> {
  // After the name in brackets, which may hold anything (proc_pid_stat(5)).
  while (!/\) T /.test(await Deno.readTextFile(`/proc/${pid}/stat`))) {
    await new Promise((done) => setTimeout(done, 5));
  }
}

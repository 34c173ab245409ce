/**
 * The command line over real processes: labs in folders of their own, and what is
 * left of them as `ps` and `find` see it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromFileUrl, type Outcome, outcome, output } from "../../scripts/process.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));

/** The program under test: `CASEMATE` names a compiled one. */
const compiled = Deno.env.get("CASEMATE");
const PROGRAM: readonly string[] = compiled === undefined
  ? [Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-all", MAIN]
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
   * Starts one.
   *
   * @param line Its words.
   */
  start(line: string): Deno.ChildProcess;
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
  const start = (line: string) =>
    new Deno.Command(program, {
      args: [...before, ...words(line)],
      stdout: "piped",
      stderr: "null",
    }).spawn();
  try {
    await use({ folder: home, lab, start });
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
 * Reads events until one is there.
 *
 * @param child A command with `-o json`.
 * @param isIt Whether an event is the one.
 * @returns Whether it came.
 */
export async function untilEvent(
  child: Deno.ChildProcess,
  isIt: (event: Readonly<Record<string, unknown>>) => boolean,
): Promise<boolean> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const piece of child.stdout) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (lines.some((line) => isIt(JSON.parse(line)))) return true;
  }
  return false;
}

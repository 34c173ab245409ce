/**
 * Processes of a lab on Linux: started in sessions of their own, known again by
 * `/proc`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { OperationError } from "../../core/errors.ts";
import type { Finished, Launch, Processes, ProcessMark, Tagged } from "../../core/lab_ports.ts";

/** In whose environment a tag stands. */
const TAG_VARIABLE = "CASEMATE_LAB";

/** Where programs of the administrator's are, which `PATH` need not name. */
const FURTHER_FOLDERS: readonly string[] = ["/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin"];

/** Most of a program's words that are kept, characters. */
const MAX_SAID = 4000;

/**
 * The shell hands the log over and becomes the program: process, number and time of start stay.
 * Deno gives a child no file to write to. What holds keys leaves no core dump.
 */
const BECOME = 'umask 077; ulimit -c 0; log=$1; shift; exec "$@" >>"$log" 2>&1 </dev/null';

/** Processes of this user. */
export const labProcesses: Processes = {
  own: ownCommand,
  find: findProgram,
  mayInstall: () => Deno.uid() === 0,
  finish: runToEnd,
  launch,
  machineBoot: async () => (await Deno.readTextFile("/proc/sys/kernel/random/boot_id")).trim(),
  isAlive: async ({ pid, started }) => await startOf(pid) === started,
  tagged,
  async signal({ pid, started }, signal) {
    if (await startOf(pid) !== started) return;
    try {
      Deno.kill(pid, signal);
    } catch (error) {
      // It ended just now.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  },
};

/** Compiled: itself. From source: Deno with the entry of this program, whatever the main module is. */
function ownCommand(): readonly string[] {
  if (Deno.build.standalone) return [Deno.execPath()];
  const program = Deno.env.get("CASEMATE_PROGRAM") ?? "";
  if (Deno.env.get("CASEMATE_BUILD") === "dev" && program !== "") return [program];
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const flags = ["--quiet", "--no-prompt", "--allow-all", `--config=${root}deno.json`];
  return [Deno.execPath(), "run", ...flags, `${root}main.ts`];
}

async function findProgram(program: string): Promise<string | null> {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), ...FURTHER_FOLDERS];
  for (const folder of folders.filter((path) => path.startsWith("/"))) {
    const path = `${folder}/${program}`;
    const info = await Deno.stat(path).catch(() => null);
    if (info?.isFile === true && ((info.mode ?? 0) & 0o111) !== 0) return path;
  }
  return null;
}

async function runToEnd(command: readonly string[]): Promise<Finished> {
  const [program = "", ...args] = command;
  const env = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  const ended = await new Deno.Command(program, { args, env, stdin: "null" }).output();
  const text = new TextDecoder().decode(ended.stdout) + new TextDecoder().decode(ended.stderr);
  return { code: ended.code, said: text.slice(-MAX_SAID) };
}

async function launch({ command, log, tag }: Launch): Promise<ProcessMark | null> {
  const args = ["-c", BECOME, "sh", log, ...command];
  const env = { [TAG_VARIABLE]: tag };
  const silent = { stdin: "null", stdout: "null", stderr: "null" } as const;
  try {
    const child = new Deno.Command("sh", { args, env, detached: true, ...silent }).spawn();
    child.unref();
    const started = await startOf(child.pid);
    return started === null ? null : { pid: child.pid, started };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OperationError(`Cannot start ${command[0] ?? ""}: ${reason}`, {
      code: "lab.start_failed",
      fields: { program: command[0] ?? "", reason },
      cause,
    });
  }
}

/** Field 22 of `/proc/PID/stat` (proc_pid_stat(5)); null of a process that is none any more, or is not yet collected. */
async function startOf(pid: number): Promise<string | null> {
  const text = await Deno.readTextFile(`/proc/${pid}/stat`).catch(ifGone);
  // The name in brackets may hold anything, brackets among it.
  const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const started = fields[18];
  return text === "" || state === "Z" || state === "X" || started === undefined ? null : started;
}

/** ESRCH where it ends while it is read, which Deno has no class for. */
function ifGone(error: unknown): string {
  const gone = error instanceof Deno.errors.NotFound ||
    (error instanceof Error && /os error 3\b/.test(error.message));
  if (gone) return "";
  throw error;
}

async function tagged(prefix: string): Promise<readonly Tagged[]> {
  const found: Tagged[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const tag = await tagOf(pid);
    const started = tag.startsWith(prefix) ? await startOf(pid) : null;
    if (started !== null) found.push({ pid, started, tag });
  }
  return found;
}

/** Empty where it has none, or is somebody else's. */
async function tagOf(pid: number): Promise<string> {
  const text = await Deno.readTextFile(`/proc/${pid}/environ`).catch((error: unknown) => {
    if (error instanceof Deno.errors.PermissionDenied) return "";
    return ifGone(error);
  });
  const entry = text.split("\0").find((line) => line.startsWith(`${TAG_VARIABLE}=`));
  return entry?.slice(TAG_VARIABLE.length + 1) ?? "";
}

/**
 * The processes of a lab: each is started once, found again whoever started it,
 * and ended without mistaking another for it.
 *
 * @module
 */

import { OperationError } from "../../core/errors.ts";
import type { LabHost, ProcessMark } from "../../core/lab_ports.ts";
import type { Timer } from "../../core/ports.ts";
import type { LabCode } from "../../lab/codes.ts";
import { readLine, readLog } from "./agent_log.ts";
import type { LabRecord, LabState } from "./state.ts";

/** Time that a process is given to end by itself, ms. */
const GRACE = 3_000;

/** Time after which a process that was killed must be gone, ms. */
const KILLED = 5_000;

/** Time between two looks, ms. */
const LOOK = 20;

/** A program of a lab. */
export interface LabProgram {
  /** What it is, as `tpm/vm-1`. */
  readonly role: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** File to which it writes. */
  readonly log: string;
  /** Port of the loopback that it listens on; absent for none. */
  readonly port?: number;
}

/** Time, processes, and whose they are. */
export interface ProgramHost extends Pick<LabHost, "processes" | "folders" | "sockets"> {
  /** Waiting. */
  readonly timer: Timer;
  /** Folder of the lab; it stands in the environment of each of its processes. */
  readonly folder: string;
}

/**
 * Starts a program, unless it runs.
 *
 * @param host The computer.
 * @param record The lab.
 * @param program The program.
 * @throws {OperationError} `lab.start_failed`
 */
export async function ensureProgram(
  host: ProgramHost,
  record: LabRecord,
  { role, command, log, port }: LabProgram,
): Promise<void> {
  if (await runningMark(host, record.state, role) !== null) return;
  const tag = tagOf(host, role);
  // Whoever brought the lab up before may have ended between the start and writing it down.
  const [orphan] = await host.processes.tagged(tag);
  if (orphan === undefined && port !== undefined) await requireFree(host, role, port);
  const mark = orphan ?? await host.processes.launch({ command, log, tag });
  if (mark === null) throw await startFailed(host, role, log);
  const started = { role, pid: mark.pid, started: mark.started };
  await record.change((state) => ({
    ...state,
    processes: [...state.processes.filter((one) => one.role !== role), started],
  }));
}

/** Whoever listens there already would be taken for the program until that is missed. */
async function requireFree({ sockets }: ProgramHost, role: string, port: number): Promise<void> {
  if (!await sockets.isHeld(port)) return;
  const code: LabCode = "lab.start_failed";
  const message = `Cannot start ${role}: another program listens on 127.0.0.1:${port}, ` +
    "which was free when the lab was begun";
  throw new OperationError(message, { code, fields: { process: role, port: String(port) } });
}

/** By this a process is found in `/proc`; the end keeps `vm-1` from being the beginning of `vm-10`. */
function tagOf({ folder }: ProgramHost, role: string): string {
  return `${folder}#${role}.`;
}

async function startFailed(
  { folders }: ProgramHost,
  role: string,
  log: string,
): Promise<OperationError> {
  const said = lastWords(await readLog(folders, log));
  const code: LabCode = "lab.start_failed";
  const message = `Cannot start ${role}: it ended (${said}); more is in ${log}`;
  return new OperationError(message, { code, fields: { process: role, log } });
}

/** Levels of those who write JSON, and first words of the runtimes of programs, where something ended them. */
const GRAVE: readonly string[] = ["fatal", "panic", "error"];
const GIVES_REASON = /^(?:error|panic|fatal error|swtpm): /i;

/** Why a program ended, as far as it said; the last line may be the end of a stack. */
function lastWords(lines: readonly string[]): string {
  const plain = lines.map((line) => readLine(withoutColours(line)));
  const grave = plain.findLast(({ level, message }) =>
    GRAVE.includes(level) || GIVES_REASON.test(message)
  );
  return (grave ?? plain.at(-1))?.message.trim() ?? "it wrote nothing";
}

/** Without what paints it (ECMA-48 SGR). */
function withoutColours(line: string): string {
  // deno-lint-ignore no-control-regex
  return line.replaceAll(/\x1b\[[0-9;]*m/g, "");
}

/**
 * The process of a role, if it runs.
 *
 * @param host The computer.
 * @param state The lab.
 * @param role What it is.
 */
export async function runningMark(
  { processes }: Pick<ProgramHost, "processes">,
  state: LabState,
  role: string,
): Promise<ProcessMark | null> {
  const mark = state.processes.find((one) => one.role === role);
  if (mark === undefined || state.machineBoot !== await processes.machineBoot()) return null;
  return await processes.isAlive(mark) ? mark : null;
}

/**
 * Waits until something is so, while a program of the lab runs.
 *
 * @param host The computer.
 * @param record The lab.
 * @param what Program that must go on, what is waited for and how long, ms.
 * @param isSo Whether it is so.
 * @throws {OperationError} `lab.start_failed` where the program ended, `lab.not_ready` where time is up.
 */
export async function untilSo(
  host: ProgramHost,
  record: LabRecord,
  what: { readonly role: string; readonly log: string; readonly within: number },
  isSo: () => Promise<boolean>,
): Promise<void> {
  for (let waited = 0; !await isSo(); waited += LOOK) {
    if (await runningMark(host, record.state, what.role) === null) {
      throw await startFailed(host, what.role, what.log);
    }
    if (waited >= what.within) throw notReady(what);
    await host.timer.wait(LOOK);
  }
}

function notReady({ role, log, within }: { role: string; log: string; within: number }): Error {
  const code: LabCode = "lab.not_ready";
  const message = `${role} does not answer after ${within / 1000} s; ${log} may say why`;
  return new OperationError(message, { code, fields: { process: role, log } });
}

/**
 * Ends the processes of a lab, or some of them, and whatever they started.
 *
 * @param host The computer.
 * @param roles Roles of those; without them all.
 * @throws {OperationError} `lab.remains`
 */
export async function endPrograms(
  host: ProgramHost,
  roles?: readonly string[],
): Promise<void> {
  const tags = roles?.map((role) => tagOf(host, role)) ?? [`${host.folder}#`];
  if (await signalUntilGone(host, tags, "SIGTERM", GRACE)) return;
  await killAll(host, tags);
}

/**
 * Ends processes of a lab without letting them do anything more.
 *
 * @param host The computer.
 * @param roles What they are.
 * @throws {OperationError} `lab.remains`
 */
export async function killPrograms(host: ProgramHost, roles: readonly string[]): Promise<void> {
  await killAll(host, roles.map((role) => tagOf(host, role)));
}

async function killAll(host: ProgramHost, tags: readonly string[]): Promise<void> {
  if (await signalUntilGone(host, tags, "SIGKILL", KILLED)) return;
  const left = (await findAll(host, tags)).map(({ pid }) => String(pid)).join(", ");
  const code: LabCode = "lab.remains";
  throw new OperationError(`Cannot end process ${left}`, { code, fields: { process: left } });
}

async function findAll(
  { processes }: ProgramHost,
  tags: readonly string[],
): Promise<readonly ProcessMark[]> {
  const found = await Promise.all(tags.map((tag) => processes.tagged(tag)));
  return found.flat();
}

/**
 * Looks again and again, since what is ending may start something in the meantime; and twice where nothing is
 * seen, since a process has no environment for the moment in which it becomes another program (execve(2)).
 */
async function signalUntilGone(
  host: ProgramHost,
  tags: readonly string[],
  signal: "SIGTERM" | "SIGKILL",
  patience: number,
): Promise<boolean> {
  const told = new Set<string>();
  let unseen = 0;
  for (let waited = 0; waited < patience; waited += LOOK) {
    const left = await findAll(host, tags);
    unseen = left.length === 0 ? unseen + 1 : 0;
    if (unseen === 2) return true;
    for (const mark of left) {
      const name = `${mark.pid} ${mark.started}`;
      if (!told.has(name)) await host.processes.signal(mark, signal);
      told.add(name);
    }
    await host.timer.wait(LOOK);
  }
  return false;
}

/**
 * `casemate lab logs [NODE]`: what the programs of a lab write.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { LabCode } from "../../lab/codes.ts";
import type { Context } from "../context.ts";
import type { Given } from "../input/given.ts";
import { type AgentLine, readLine } from "../lab_cluster/agent_log.ts";
import { findLab, type FoundLab } from "../lab_cluster/locate.ts";
import { printable } from "../output/printable.ts";
import { styleOf } from "../output/style.ts";

/** Time between two looks, ms. */
const LOOK = 200;

/** Last lines of each log that are shown where nothing else is said. */
const LINES = 20;

/** A log, and what stands before its lines. */
interface Log {
  readonly name: string;
  readonly path: string;
}

/**
 * Shows logs; with `--follow` on and on.
 *
 * @param context The machine.
 * @param which Name of a node or of a machine, `etcd`, `tee`, or `vm-1/tpm`; without it those of all agents.
 * @param given The flags.
 * @throws {InputError} `lab.unknown`, `lab.damaged`
 */
export async function labLogs(
  context: Context,
  which: string | undefined,
  given: Given,
): Promise<void> {
  const { host } = context;
  const lab = await host.lab();
  const found = await findLab(lab.folders, given);
  const logs = logsFor(found, which);
  const width = Math.max(...logs.map(({ name }) => name.length));
  const tails = logs.map((log) => new Tail(context, log, width));
  let heard = await showAll(tails, given.has("all") ? Infinity : LINES);
  while (heard && given.has("follow")) {
    await host.timer.wait(LOOK);
    heard = await showAll(tails, Infinity);
  }
}

/** Whether somebody reads: `head` goes when it has enough. */
async function showAll(tails: readonly Tail[], most: number): Promise<boolean> {
  for (const tail of tails) {
    if (!await tail.show(most)) return false;
  }
  return true;
}

function logsFor({ paths, state }: FoundLab, which: string | undefined): readonly Log[] {
  const all = state.machines.map(({ name }) => ({ name, path: paths.machine(name).log }));
  if (which === undefined) return all;
  const further: readonly Log[] = [
    { name: "etcd", path: paths.etcdLog },
    { name: "tee", path: paths.teeLog },
    ...state.machines.map(({ name }) => ({
      name: `${name}/tpm`,
      path: paths.machine(name).tpmLog,
    })),
  ];
  const named = [...all, ...further].find(({ name }) => name === which);
  if (named !== undefined) return [named];
  const node = state.machines.find(({ nodeName }) => nodeName === which);
  const log = all.find(({ name }) => name === node?.name);
  if (log !== undefined) return [{ ...log, name: which }];
  throw unknown(which, [
    ...state.machines.map(({ nodeName }) => nodeName),
    ...[...all, ...further].map(({ name }) => name),
  ]);
}

function unknown(which: string, known: readonly string[]): InputError {
  const code: LabCode = "lab.unknown";
  const names = known.filter((name) => name !== "").join(", ");
  const message = `Cannot show the log of ${JSON.stringify(which)}: there are ${names}`;
  return new InputError(message, { code, fields: { name: which } });
}

/** Shows a log from where it was left. */
class Tail {
  readonly #context: Context;
  readonly #log: Log;
  readonly #width: number;
  readonly #decoder: TextDecoder = new TextDecoder();
  #at = 0;
  #rest = "";

  constructor(context: Context, log: Log, width: number) {
    this.#context = context;
    this.#log = log;
    this.#width = width;
  }

  /**
   * Shows what was added.
   *
   * @param most Most lines, the last ones.
   * @returns Whether somebody reads.
   */
  async show(most: number): Promise<boolean> {
    const { host } = this.#context;
    const { folders, tell } = await host.lab();
    for (;;) {
      const piece = await folders.readFrom(this.#log.path, this.#at);
      if (piece.length === 0) break;
      this.#at += piece.length;
      this.#rest += this.#decoder.decode(piece, { stream: true });
    }
    const lines = this.#rest.split("\n");
    this.#rest = lines.pop() ?? "";
    const shown = lines.slice(most < lines.length ? -most : 0);
    return tell(shown.map((line) => this.#lineOf(line)).join(""));
  }

  #lineOf(line: string): string {
    const style = styleOf(this.#context.host.terminal.colour);
    const { time, level, message, code }: AgentLine = readLine(line);
    const paint = level === "error" ? style.bad : level === "warning" ? style.warn : String;
    const words = printable(code === "" ? message : `${message} [${code}]`);
    const clock = /T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(time)?.[1] ?? "";
    const head = `${this.#log.name.padEnd(this.#width)}  ${clock}`.trimEnd();
    return `${style.dim(head)}  ${paint(words)}\n`;
  }
}

/**
 * A control plane of the cluster that runs another program: a copy in which
 * defences are switched off, one after the other.
 *
 * @module
 */

import type { ProcessMark } from "../../../src/core/lab_ports.ts";
import { labProcesses } from "../../../src/hosts/lab/processes.ts";
import { weaken, type Weakened, type Weakening } from "../weaken.ts";
import type { JoinLab } from "./lab.ts";

/** The machine whose agent is taken over. */
const ROLE = "node/vm-2";

/** Longest time until an agent answers, or has ended, ms. */
const PATIENCE = 60_000;

/** A control plane whose program can be weakened. */
export class WeakenedControlPlane implements AsyncDisposable {
  readonly #copy: Weakened;
  readonly #command: readonly string[];
  /** Where it answers. */
  readonly url: string;

  private constructor(copy: Weakened, command: readonly string[], url: string) {
    this.#copy = copy;
    this.#command = command;
    this.url = url;
  }

  /**
   * Ends the agent of the second control plane, and takes its place.
   *
   * @param lab The cluster.
   */
  static async takeOver({ folder, urls }: JoinLab): Promise<WeakenedControlPlane> {
    const agent = await agentOf(folder);
    const words = (await Deno.readTextFile(`/proc/${agent.pid}/cmdline`)).split("\0").slice(0, -1);
    const command = words.slice(words.indexOf("node"));
    await labProcesses.signal(agent, "SIGTERM");
    await untilGone(agent);
    return new WeakenedControlPlane(await weaken([]), command, urls[1]);
  }

  /**
   * Runs it with defences switched off.
   *
   * @param weakenings Which.
   * @param use What is done meanwhile.
   */
  async without<T>(weakenings: readonly Weakening[], use: () => Promise<T>): Promise<T> {
    const before = new Map<string, string>();
    try {
      for (const weakening of weakenings) await this.#switchOff(weakening, before);
      return await this.#running(use);
    } finally {
      for (const [path, source] of before) await Deno.writeTextFile(path, source);
    }
  }

  async #switchOff(
    { file, find, replace }: Weakening,
    before: Map<string, string>,
  ): Promise<void> {
    const path = `${this.#copy.folder}/${file}`;
    const source = await Deno.readTextFile(path);
    const times = source.split(find).length - 1;
    if (times !== 1) throw new Error(`${file}: ${find} stands there ${times} times`);
    if (!before.has(path)) before.set(path, source);
    await Deno.writeTextFile(path, source.replace(find, () => replace));
  }

  async #running<T>(use: () => Promise<T>): Promise<T> {
    const agent = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", "--frozen", "main.ts", ...this.#command],
      cwd: this.#copy.folder,
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
    const late = setTimeout(() => reject(new Error("The weakened agent is late")), PATIENCE);
    let ended = false;
    const reading = readOn(agent.stdout, resolve).then((said) => {
      ended = true;
      reject(new Error(`The weakened agent ended: ${said}`));
    });
    try {
      await listening;
      return await use();
    } finally {
      clearTimeout(late);
      if (!ended) agent.kill("SIGTERM");
      await agent.status;
      await reading;
    }
  }

  /** Removes the copy; its agent does not run any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#copy[Symbol.asyncDispose]();
  }
}

/** Reads to the end, and tells when it listens; gives the last of it. */
async function readOn(
  output: ReadableStream<Uint8Array<ArrayBuffer>>,
  listens: () => void,
): Promise<string> {
  let said = "";
  for await (const text of output.pipeThrough(new TextDecoderStream())) {
    said = (said + text).slice(-4000);
    if (said.includes('"event":"listening"')) listens();
  }
  return said;
}

interface Processes {
  readonly processes: readonly (ProcessMark & { readonly role: string })[];
}

async function agentOf(folder: string): Promise<ProcessMark> {
  const { processes }: Processes = JSON.parse(await Deno.readTextFile(`${folder}/lab.json`));
  const found = processes.find(({ role }) => role === ROLE);
  if (found !== undefined) return found;
  throw new Error(`The lab runs no ${ROLE}`);
}

/** It may stay in the list of processes where nobody collects it: the lab's command, which started it, has ended. */
async function untilGone(agent: ProcessMark): Promise<void> {
  for (const end = performance.now() + PATIENCE; performance.now() < end;) {
    if (!await labProcesses.isAlive(agent)) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`Process ${agent.pid} does not end`);
}

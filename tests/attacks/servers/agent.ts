/**
 * Agents as processes: `casemate node run` on a machine, its log read line by line.
 *
 * @module
 */

import { fromHex, toHex } from "../../../src/core/bytes.ts";
import { type PhaseMark, runtimeRegisterOf } from "../../../src/evidence/statement/binding.ts";
import { denoTpms } from "../../../src/hosts/deno_tpm.ts";
import { clusterMark, tpmRegister } from "../../../src/node/register.ts";
import { readSavedNode } from "../../../src/node/saved.ts";
import { nodeHost } from "../../../src/hosts/node_host.ts";
import type { LaunchData } from "../../../src/protocol/launch.ts";
import type { RunningMachine } from "../../second_client/machine.ts";
import { deviceOver } from "../../tpm/swtpm.ts";
import { RANDOM } from "./owner.ts";
import type { Program } from "./program.ts";

/** A line of an agent's log. */
export type Line = Readonly<Record<string, unknown>>;

/** Longest time until an agent tells what is waited for, ms. */
const PATIENCE = 30_000;

/** What an agent is launched with. */
export type Launch = Partial<LaunchData> & Pick<LaunchData, "clusterId">;

/** An agent that runs. */
export class Agent implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: Line[] = [];
  readonly #reading: Promise<void>;
  #wake: () => void = () => {};
  #over = false;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = this.#read();
  }

  /**
   * Starts one, and waits until it answers.
   *
   * @param program The program.
   * @param machine Its machine.
   * @param launch What it is launched with.
   * @param roots Roots of the lab, PEM.
   */
  static async start(
    program: Program,
    { tpm, tee, eventLog, folder }: RunningMachine,
    launch: Launch,
    roots: string,
  ): Promise<Agent> {
    const file = (name: string) => `${folder}/${name}`;
    await Deno.writeTextFile(file("launch.json"), JSON.stringify({ v: 1, ...launch }));
    await Deno.writeTextFile(file("lab-roots.pem"), roots);
    await bootId(folder);
    const [first, ...before] = program.command;
    const child = new Deno.Command(first, {
      args: [
        ...before,
        ...["node", "run", "--launch-data", file("launch.json"), "--state", file("state")],
        ...["--listen", "127.0.0.1:0", "--tpm", `unix:${tpm}`, "--tee", `unix:${tee}`],
        ...["--variant", "gcp-sev-snp", "--event-log", eventLog, "--boot-id", file("boot_id")],
        ...["--lab-root", file("lab-roots.pem"), "--log", "json"],
      ],
      cwd: program.cwd,
      ...{ stdin: "null", stdout: "piped", stderr: "inherit" },
    }).spawn();
    const agent = new Agent(child);
    await agent.tells("listening");
    return agent;
  }

  /** Where it answers. */
  get url(): string {
    return String(this.#lines.find(({ event }) => event === "listening")?.["listening"]);
  }

  /** What it told. */
  get lines(): readonly Line[] {
    return this.#lines;
  }

  /**
   * Waits until it tells one of these.
   *
   * @param events Names of events.
   * @returns The first line of such an event.
   */
  async tells(...events: readonly string[]): Promise<Line> {
    const began = performance.now();
    for (;;) {
      const found = this.#lines.find(({ event }) => events.includes(String(event)));
      if (found !== undefined) return found;
      if (this.#over || performance.now() - began > PATIENCE) {
        throw new Error(`It never told ${events.join(" or ")}: ${JSON.stringify(this.#lines)}`);
      }
      await this.#next();
    }
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) this.#child.kill("SIGTERM");
    await this.#child.status;
    await this.#reading;
  }

  async #next(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((done) => {
      this.#wake = done;
      timer = setTimeout(done, 1000);
    });
    clearTimeout(timer);
  }

  async #read(): Promise<void> {
    let rest = "";
    const decoder = new TextDecoder();
    for await (const piece of this.#child.stdout) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      this.#lines.push(...lines.map(lineOf));
      this.#wake();
    }
    this.#over = true;
    this.#wake();
  }
}

/** What it tells is of this form; anything else would be a bug of it. */
function lineOf(text: string): Line {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`It wrote ${JSON.stringify(text)} into its log`, { cause });
  }
}

/** The same for all agents of one boot. */
async function bootId(folder: string): Promise<void> {
  const path = `${folder}/boot_id`;
  const uuid = toHex(RANDOM.bytes(16)).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  try {
    await Deno.writeTextFile(path, `${uuid}\n`, { createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/**
 * What would be known of a machine to whom its evidence was shown: the name of its boot, hex.
 *
 * @param machine The machine.
 */
export async function bootOf({ folder }: RunningMachine): Promise<string> {
  return (await Deno.readTextFile(`${folder}/boot_id`)).trim().replaceAll("-", "");
}

/**
 * Whether a machine is as far as one that waits to be admitted: by its register, and by what it wrote down.
 * Its agent must have ended.
 *
 * @param machine The machine.
 * @param clusterId What it was launched for, hex.
 */
export async function isWaiting(
  { tpm, folder }: RunningMachine,
  clusterId: string,
): Promise<boolean> {
  const mark: PhaseMark = clusterMark(toHex(fromHex(clusterId)));
  const connection = await denoTpms().open(`unix:${tpm}`);
  try {
    const banks = await tpmRegister(deviceOver(connection)).read();
    const stands = banks.every(({ bank, value }) =>
      toHex(value) === toHex(runtimeRegisterOf(bank, mark))
    );
    return stands && await admissionIn(`${folder}/state`, clusterId) === null;
  } finally {
    connection.close();
  }
}

async function admissionIn(folder: string, clusterId: string): Promise<unknown> {
  const { files, close } = await nodeHost.openState(folder);
  try {
    return (await readSavedNode(files, clusterId))?.admission ?? null;
  } finally {
    close();
  }
}

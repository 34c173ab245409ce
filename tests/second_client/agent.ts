/**
 * An agent of this project on a machine of the lab.
 *
 * @module
 */

import { fromFileUrl } from "../../scripts/process.ts";
import type { RunningMachine } from "./machine.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** An agent that listens. */
export interface Agent {
  /** Where it answers. */
  readonly url: string;
  /** Ends it. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What an agent is launched with. */
export interface Launch {
  /** Id of the cluster, hex. */
  readonly clusterId: string;
  /** Group of its node. */
  readonly group: string;
  /** Path of the lab's roots. */
  readonly roots: string;
  /** Where control planes are said to answer; default nowhere. */
  readonly peers?: readonly string[];
}

/**
 * Starts an agent and waits until it listens.
 *
 * @param machine Its machine.
 * @param launch What it is launched with.
 */
export async function startAgent(machine: RunningMachine, launch: Launch): Promise<Agent> {
  const { folder, tpm, tee, eventLog } = machine;
  const { clusterId, group, roots, peers = [] } = launch;
  const data = { v: 1, clusterId, peers, group, minimumSequence: 1 };
  await Deno.writeTextFile(`${folder}/launch.json`, JSON.stringify(data));
  await Deno.writeTextFile(`${folder}/boot_id`, `${crypto.randomUUID()}\n`);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet", "main.ts", "node", "run", "--log", "json"],
      ...["--launch-data", `${folder}/launch.json`, "--state", `${folder}/state`],
      ...["--listen", "127.0.0.1:0", "--tpm", `unix:${tpm}`, "--tee", `unix:${tee}`],
      ...["--variant", "gcp-sev-snp", "--event-log", eventLog, "--boot-id", `${folder}/boot_id`],
      ...["--lab-root", roots],
    ],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const [first, rest] = child.stdout.tee();
  const drained = rest.pipeTo(new WritableStream());
  const end = async () => {
    child.kill();
    await Promise.all([child.status, drained]);
  };
  try {
    return { url: await listening(first), [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Address in the line that says that it listens. */
async function listening(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const part of output.pipeThrough(new TextDecoderStream())) {
    text += part;
    const found = /"listening":\s*"(https:[^"]+)"/.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`The agent ended: ${text}`);
}

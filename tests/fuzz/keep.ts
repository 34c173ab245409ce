/**
 * Keeps counterexamples: the very bytes, what was done to them, how to get
 * there again. Outside of what is committed.
 *
 * @module
 */

import { fromFileUrl } from "../../scripts/process.ts";
import { type Counterexample, Finding } from "./kind.ts";

const FOLDER = fromFileUrl(new URL("../../.tools/fuzz/found", import.meta.url));

/**
 * Writes a counterexample.
 *
 * @param kind Id of its kind.
 * @param found The counterexample.
 * @returns The folder.
 */
export async function keepCounterexample(kind: string, found: Counterexample): Promise<string> {
  const { seed, path, given, error } = found;
  const folder = `${FOLDER}/${kind}-${seed}-${path.replaceAll(":", "_").slice(0, 60)}`;
  await Deno.mkdir(folder, { recursive: true });
  const files = error instanceof Finding ? error.files : {};
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
  const cause = error instanceof Error ? error.cause ?? error : error;
  const stack = cause instanceof Error ? cause.stack ?? cause.message : String(cause);
  const told = `${replayLine(kind, found)}\n\n${given}\n\n${stack}\n`;
  await Deno.writeTextFile(`${folder}/finding.txt`, told);
  return folder;
}

/** How to get there again; the lab's keys are others each time, the steps the same. */
export function replayLine(kind: string, { seed, path }: Counterexample): string {
  return `./scripts/deno task fuzz --only ${kind} --seed ${seed} --path ${path}`;
}

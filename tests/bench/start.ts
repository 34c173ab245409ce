/**
 * How long whole processes take from start to end.
 *
 * @module
 */

import { fromFileUrl, output } from "../../scripts/process.ts";
import { median } from "./measure.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Runs that count, after one to warm up. */
const RUNS = 15;

/** How long a process took. */
export interface Start {
  /** The command, as a person writes it. */
  readonly title: string;
  /** Median over the runs, ms. */
  readonly milliseconds: number;
}

/** Measures `--help` from source, and of the compiled program where it is there. */
export async function measureStarts(): Promise<readonly Start[]> {
  const deno = Deno.execPath();
  const commands: readonly (readonly [string, string, ...string[]])[] = [
    ["deno run main.ts --help", deno, "run", "--allow-all", `${ROOT}main.ts`, "--help"],
    ["dist/casemate --help", `${ROOT}dist/casemate`, "--help"],
    ["deno eval 'console.log(0)' (floor)", deno, "eval", "console.log(0)"],
  ];
  const starts: Start[] = [];
  for (const [title, program, ...args] of commands) {
    if (program !== deno && !await exists(program)) continue;
    starts.push({ title, milliseconds: await timeProcess(program, args) });
  }
  return starts;
}

async function timeProcess(program: string, args: readonly string[]): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i <= RUNS; i++) {
    const start = performance.now();
    const printed = await output(program, args);
    if (printed === "") throw new Error(`${program} ${args.join(" ")} printed nothing`);
    if (i > 0) took.push(performance.now() - start);
  }
  return median(took);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

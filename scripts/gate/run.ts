/**
 * Runs steps of the gate, each named and timed.
 *
 * @module
 */
import { type Count, NOTHING, renderCount } from "./count.ts";
import { runLogged } from "./log.ts";
import { fromFileUrl, outcome } from "../process.ts";
import type { Step } from "./steps.ts";

/** The command that README and CONTRIBUTING name. */
const DENO = fromFileUrl(new URL("../deno", import.meta.url));
const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** What came of a step. */
export interface Result {
  /** Its task. */
  readonly task: string;
  /** Whether all is well. */
  readonly ok: boolean;
  /** Its tests; a check that fails counts as one failed test, one that holds as none. */
  readonly count: Count;
  /** How long it took, seconds. */
  readonly seconds: number;
}

/**
 * Judges a step by its end and what it printed.
 *
 * @param step The step.
 * @param code Exit code of its task.
 * @param log What it printed.
 */
export function judgeStep(step: Step, code: number, log: string): Pick<Result, "ok" | "count"> {
  const failure: Count = { ...NOTHING, failed: 1 };
  if (step.count === undefined) {
    return code === 0 ? { ok: true, count: NOTHING } : { ok: false, count: failure };
  }
  const count = step.count(log);
  // A runner that says nothing, or that says all is well and fails, has failed.
  if (count === undefined) return { ok: false, count: failure };
  const ok = code === 0 && count.failed === 0 && count.passed > 0;
  return { ok, count: ok || count.failed > 0 ? count : { ...count, failed: 1 } };
}

/**
 * Runs steps in order.
 *
 * @param steps The steps.
 * @param keepGoing Whether a failure does not end the run.
 * @returns Results of the steps that ran.
 */
export async function runSteps(steps: readonly Step[], keepGoing: boolean): Promise<Result[]> {
  const results: Result[] = [];
  for (const step of steps) {
    console.log(`\n== ${step.task}`);
    const result = await runStep(step);
    console.log(renderResult(result));
    results.push(result);
    if (!result.ok && !keepGoing) break;
  }
  return results;
}

async function runStep(step: Step): Promise<Result> {
  const { task, needs, args = [] } = step;
  if (needs !== undefined && !await isThere(needs)) {
    console.log(`${needs} is missing here, so ${task} is skipped`);
    return { task, ok: true, seconds: 0, count: { ...NOTHING, skipped: 1 } };
  }
  const start = performance.now();
  const { code, log } = await runLogged(DENO, ["task", "--quiet", task, ...args]);
  const seconds = (performance.now() - start) / 1000;
  return { task, seconds, ...judgeStep(step, code, log) };
}

/** Whether a program is on the PATH, or a path from the root exists. */
async function isThere(name: string): Promise<boolean> {
  const test = name.includes("/") ? 'test -e "$0"' : 'command -v "$0"';
  return (await outcome("sh", ["-c", test, name], { cwd: ROOT })).code === 0;
}

/** `== ok   lint                1.2 s  3 passed, 0 failed, 0 skipped` */
export function renderResult({ task, ok, count, seconds }: Result): string {
  const tests = count === NOTHING ? "" : `  ${renderCount(count)}`;
  const time = `${seconds.toFixed(1).padStart(6)} s`;
  return `== ${ok ? "ok  " : "FAIL"} ${task.padEnd(16)}${time}${tests}`;
}

/**
 * Judges every case of a corpus of attestation evidence.
 *
 * `deno task corpus [DIR]`, DIR being a folder with a `MANIFEST.json`, by
 * default `../shared/evidence`. Prints a table, then
 * `N passed, N failed, N skipped`; exits 1 if any failed or none passed.
 *
 * @module
 */

import { resolve } from "node:path";
import { fromFileUrl } from "./process.ts";
import { CasemateError } from "../src/core/errors.ts";
import { azureJudge } from "./corpus/azure.ts";
import { gcpJudge } from "./corpus/gcp.ts";
import { codesFor, type Judge } from "./corpus/judge.ts";
import { type Entry, readCorpus, type Unreadable } from "./corpus/manifest.ts";
import { nitroJudge } from "./corpus/nitro.ts";
import { snpJudge } from "./corpus/snp.ts";
import { tdxJudge } from "./corpus/tdx.ts";
import { tpmJudge } from "./corpus/tpm.ts";

/** All judges; a new technology is one line here. */
const JUDGES: readonly Judge[] = [snpJudge, tdxJudge, tpmJudge, azureJudge, nitroJudge, gcpJudge];

/** How a case came out. */
interface Line {
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly expected: string;
  readonly actual: string;
}

/** A relative folder is meant from where the task was called, which is not where tasks run. */
const here = Deno.env.get("INIT_CWD") ?? Deno.cwd();
const folder = Deno.args[0] === undefined
  ? fromFileUrl(new URL("../../shared/evidence", import.meta.url))
  : resolve(here, Deno.args[0]);
Deno.exit(await run(folder));

async function run(path: string): Promise<number> {
  let entries: readonly (Entry | Unreadable)[];
  try {
    entries = await readCorpus(path);
  } catch (error) {
    console.error(
      `Cannot read the corpus ${path}: ${error instanceof Error ? error.message : String(error)}`,
    );
    console.log("0 passed, 1 failed, 0 skipped");
    return 1;
  }
  const lines: Line[] = [];
  for (const entry of entries) {
    lines.push("problem" in entry ? unreadable(entry) : await judgeEntry(entry));
  }
  print(lines);
  const count = (status: Line["status"]): number =>
    lines.filter((line) => line.status === status).length;
  console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
  return count("failed") > 0 || count("passed") === 0 ? 1 : 0;
}

function unreadable({ name, problem }: Unreadable): Line {
  return { name, status: "failed", expected: "a case that can be read", actual: problem };
}

async function judgeEntry({ input, expected }: Entry): Promise<Line> {
  const judge = JUDGES.find(({ techs, takes }) => techs.includes(input.tech) && takes(input.files));
  if (judge === undefined) {
    return {
      name: input.name,
      status: "skipped",
      expected: expected.verdict,
      actual: "not built yet, or files missing that a judge needs",
    };
  }
  const outcome = await outcomeOf(judge, input);
  if (outcome.kind === "crash") {
    return { name: input.name, status: "failed", expected: expected.verdict, actual: outcome.says };
  }
  if (expected.verdict === "either") {
    return { name: input.name, status: "passed", expected: "no crash", actual: outcome.says };
  }
  if (expected.verdict === "valid") {
    return {
      name: input.name,
      status: outcome.kind === "valid" ? "passed" : "failed",
      expected: "valid",
      actual: outcome.says,
    };
  }
  const codes = codesFor(expected.reason ?? "", judge.reasons);
  const right = outcome.kind === "rejected" && codes.includes(outcome.says);
  const wanted = codes.length === 0
    ? `a code for "${expected.reason}", which no table maps`
    : codes.join(" or ");
  return {
    name: input.name,
    status: right ? "passed" : "failed",
    expected: wanted,
    actual: outcome.says,
  };
}

interface Outcome {
  readonly kind: "valid" | "rejected" | "crash";
  readonly says: string;
}

/** A refusal is a typed error with a code; anything else that is thrown is a crash. */
async function outcomeOf(judge: Judge, input: Entry["input"]): Promise<Outcome> {
  try {
    await judge.judge(input);
    return { kind: "valid", says: "valid" };
  } catch (error) {
    if (error instanceof CasemateError) return { kind: "rejected", says: error.code };
    return {
      kind: "crash",
      says: `crash: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function print(lines: readonly Line[]): void {
  const width = Math.max(...lines.map((line) => line.name.length));
  const marks = { passed: "ok  ", failed: "FAIL", skipped: "skip" } as const;
  for (const { name, status, expected, actual } of lines) {
    const detail = status === "failed" ? `${actual}, expected ${expected}` : actual;
    console.log(`${marks[status]}  ${name.padEnd(width)}  ${detail}`);
  }
}

/**
 * Runs somebody's vectors of the contract of tinfoil-conformance and tells the
 * score: `deno task conformance:peer FOLDER [--amd-chain FILE] [--intel-tcb-chain FILE]`.
 *
 * Chains are those that the contract leaves to the program; without them
 * vectors that bring none end with exit 20. Exits 1 unless each difference
 * stands in `conformance/differences.json` with who is right, and each of
 * those that stand there came up.
 *
 * @module
 */

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { capabilities, runStage, type Settings } from "../src/conformance/mod.ts";
import { inlineEngine } from "../src/core/crypto_inline.ts";
import { compare, lacks, type Outcome } from "./conformance/judge.ts";
import { plain, readVectors, type Vector } from "./conformance/vectors.ts";
import WRITTEN from "./conformance/differences.json" with { type: "json" };

/** Why some vectors come out otherwise, and who is right. */
interface Difference {
  readonly ids: readonly string[];
  readonly right: string;
  readonly because: string;
}

const DIFFERENCES: readonly Difference[] = WRITTEN;

const here = Deno.env.get("INIT_CWD") ?? Deno.cwd();
const chain = { type: "string", multiple: true, default: [] as string[] } as const;
const { positionals: [folder], values } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: { "amd-chain": chain, "intel-tcb-chain": chain },
});
if (folder === undefined) {
  console.error("Give the folder of the vectors");
  Deno.exit(2);
}
Deno.exit(await run(resolve(here, folder)));

async function run(path: string): Promise<number> {
  const settings: Settings = {
    engine: inlineEngine,
    now: new Date(),
    amdChains: await read(values["amd-chain"]),
    tcbChains: await read(values["intel-tcb-chain"]),
  };
  const outcomes: Outcome[] = [];
  for (const vector of await readVectors(path)) outcomes.push(await judge(vector, settings));
  return tell(outcomes);
}

function read(paths: readonly string[]): Promise<readonly Uint8Array[]> {
  return Promise.all(paths.map((path) => Deno.readFile(resolve(here, path))));
}

async function judge(vector: Vector, settings: Settings): Promise<Outcome> {
  const { id, stage, input } = vector;
  const lacking = lacks(vector, plain(capabilities("peer")));
  if (lacking !== undefined) return { id, status: "skipped", says: `needs ${lacking}` };
  return compare(vector, await runStage(stage, input, settings));
}

function explained(id: string): Difference | undefined {
  return DIFFERENCES.find(({ ids }) => ids.includes(id));
}

function tell(outcomes: readonly Outcome[]): number {
  for (const { id, status, says } of outcomes) {
    if (status === "passed") continue;
    const known = status === "differs" ? explained(id) : undefined;
    const why = known === undefined ? "" : `\n         ${known.right}: ${known.because}`;
    console.log(`${status}  ${id}\n         ${says}${why}`);
  }
  const count = (status: Outcome["status"]): number =>
    outcomes.filter((outcome) => outcome.status === status).length;
  console.log(
    `${count("passed")} passed, ${count("differs")} differ, ${count("skipped")} skipped`,
  );
  return unexplained(outcomes);
}

/** What differs without a reason, and reasons for what does not differ any more. */
function unexplained(outcomes: readonly Outcome[]): number {
  const differing = outcomes.filter(({ status }) => status === "differs").map(({ id }) => id);
  const open = differing.filter((id) => explained(id) === undefined);
  const there = outcomes.map(({ id }) => id);
  const stale = DIFFERENCES.flatMap(({ ids }) => ids)
    .filter((id) => there.includes(id) && !differing.includes(id));
  for (const id of open) console.log(`not explained: ${id}`);
  for (const id of stale) console.log(`explained, but does not differ: ${id}`);
  return open.length + stale.length === 0 ? 0 : 1;
}

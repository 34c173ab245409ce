/**
 * A fixed budget of the fuzzer in each test run; `deno task fuzz` has any other.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Kind } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import { emptyTally, takeTurn } from "./run.ts";

/** Executions of each kind: enough to reach many steps, few enough for every test run. */
const RUNS = 30;

/** Of kinds that verify nothing, or little. */
const CHEAP_RUNS = 100;

const CHEAP: readonly string[] = [
  "policy",
  "request",
  "show",
  "snp-table",
  "event-log",
  "tpm-show",
  "hcl",
  "hcl-runtime",
  "instance",
  "statement",
  "envelope",
  "cmw",
  "carrier",
  "signed",
  "key-set",
  "item-key",
  "mirror",
];

/** Fewest ways in which the executions of a kind end, so that they are about more than one step. */
const FEWEST_ENDS = 2;

/** Always the same. */
const SEED = 20_261_121;

async function assertHolds(kind: Kind): Promise<void> {
  const tally = emptyTally();
  const runs = CHEAP.includes(kind.id) ? CHEAP_RUNS : RUNS;
  const found = await takeTurn(kind, { seed: SEED, runs }, tally);
  if (found !== null) {
    throw new Error(`--only ${kind.id} --seed ${found.seed} --path ${found.path}: ${found.given}`, {
      cause: found.error,
    });
  }
  assert.equal(tally.executions, runs);
  assert.ok(tally.ends.size >= FEWEST_ENDS, [...tally.ends.keys()].join());
}

for (const kind of KINDS) {
  Deno.test(`fuzzing finds nothing in a fixed budget of ${kind.says}`, () => assertHolds(kind));
}

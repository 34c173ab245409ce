/**
 * Compares this project's verifier with google/go-sev-guest, case by case:
 * `deno task oracle:go`. Needs Go, so it is no part of `deno task test`.
 * `deviations.json` lists where the two differ and why; any other difference
 * fails, and so does an entry that no case meets any more.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { verifyUnder } from "../../src/evidence/snp/verify.ts";
import { corpus, overReal } from "../snp/corpus.ts";
import { corpusCase, labCases, type OracleCase } from "./cases.ts";
import deviations from "./deviations.json" with { type: "json" };
import { GoOracle } from "./go_oracle.ts";

/** How a case ended with both. */
interface Ends {
  /** Name of the case. */
  readonly name: string;
  /** `accepted`, or the code. */
  readonly ours: string;
  /** `accepted`, or the message. */
  readonly theirs: string;
}

/** A known difference; each field but the last is a pattern or words that a case must meet. */
interface Deviation {
  /** Regular expression of names of cases. */
  readonly cases: string;
  /** `accepted`, or the code. */
  readonly ours: string;
  /** `accepted`, or words of the message. */
  readonly theirs: string;
  /** Why both differ, and who is right. */
  readonly why: string;
}

const DEVIATIONS: readonly Deviation[] = deviations;

Deno.test("go-sev-guest says the same of lab evidence with bits turned, but for known deviations", async () => {
  const cases = await labCases();
  const ends = await judge(cases);
  // A comparison of refusals alone would prove nothing.
  assert.ok(ends.filter(({ ours, theirs }) => ours === theirs).length >= 2);
  assertExplained(ends, "lab/");
});

Deno.test({
  ...overReal("go-sev-guest says the same of the corpus, but for known deviations"),
  fn: async () => {
    const cases = await Promise.all([...corpus.values()].map(corpusCase));
    const ends = await judge(cases);
    assert.ok(ends.some(({ ours, theirs }) => ours === "accepted" && theirs === "accepted"));
    assertExplained(ends, "snp/");
  },
});

async function judge(cases: readonly OracleCase[]): Promise<readonly Ends[]> {
  await using oracle = await GoOracle.start();
  const ends: Ends[] = [];
  for (const one of cases) {
    const { accepted, error } = await oracle.ask(one);
    ends.push({ name: one.name, ours: await ownEnd(one), theirs: accepted ? "accepted" : error });
  }
  return ends;
}

async function ownEnd({ report, leaf, chain, now, anchors }: OracleCase): Promise<string> {
  try {
    await verifyUnder(inlineEngine, { report, leaf, chainAskArk: chain }, anchors, now);
    return "accepted";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

/** Every disagreement is in the list, and everything in the list about these cases was met. */
function assertExplained(ends: readonly Ends[], about: string): void {
  const differ = ends.filter(({ ours, theirs }) =>
    (ours === "accepted") !== (theirs === "accepted")
  );
  const unexplained = differ.filter((end) => !DEVIATIONS.some((known) => explains(known, end)));
  assert.deepEqual(unexplained, []);
  const stale = DEVIATIONS.filter((known) =>
    known.cases.includes(about) && !differ.some((end) => explains(known, end))
  );
  assert.deepEqual(stale, []);
  console.log(`${ends.length} cases, ${differ.length} explained deviations`);
}

function explains({ cases, ours, theirs }: Deviation, end: Ends): boolean {
  return ours === end.ours && end.theirs.includes(theirs) && new RegExp(cases).test(end.name);
}

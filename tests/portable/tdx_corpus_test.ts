/**
 * Real quotes of TDX and SGX through the portable engine alone: each comes out
 * as the corpus says.
 *
 * @module
 */

import assert from "node:assert/strict";
import { codesFor } from "../../scripts/corpus/judge.ts";
import type { Case, Entry } from "../../scripts/corpus/manifest.ts";
import { judgeQuote, tdxJudge } from "../../scripts/corpus/tdx.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { corpus, overReal } from "../tdx/corpus.ts";
import { portableEngine } from "./strict.ts";

const engine = await portableEngine();

/** The code of a refusal; `valid` where there is none. */
async function outcomeOf(input: Case): Promise<string> {
  try {
    await judgeQuote(engine, input);
    return "valid";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

function assertExpected({ input, expected }: Entry, outcome: string): void {
  const codes = codesFor(expected.reason ?? "", tdxJudge.reasons);
  // Of a case that the log beside the quote makes wrong, only what is said of the quote counts.
  const isOfLog = input.files["ccel"] !== undefined && codes.length === 0;
  const isValid = expected.verdict === "valid" || isOfLog;
  assert.ok(isValid ? outcome === "valid" : codes.includes(outcome), `${input.name}: ${outcome}`);
}

Deno.test({
  ...overReal("the portable engine judges all real quotes as the corpus says"),
  fn: async () => {
    assert.ok(corpus.size > 25, `${corpus.size} cases`);
    for (const entry of corpus.values()) {
      const outcome = await outcomeOf(entry.input);
      if (entry.expected.verdict !== "either") assertExpected(entry, outcome);
    }
  },
});

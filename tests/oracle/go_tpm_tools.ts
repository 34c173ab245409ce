/**
 * Compares this project's reading of event logs with google/go-eventlog, and its
 * verification of quotes with google/go-tpm-tools, case by case: `deno task
 * oracle:go-tpm`. Needs Go, so it is no part of `deno task test`.
 * `tpm_deviations.json` lists where they differ and why; any other difference
 * fails, and so does an entry that no case meets any more.
 *
 * @module
 */

import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { corpusOf } from "../corpus.ts";
import { assertListed, type Deviation, type Ends } from "./deviations.ts";
import { logCases } from "./tpm/log_cases.ts";
import { judgeLogs } from "./tpm/log_judge.ts";
import { TpmOracle } from "./tpm/oracle.ts";
import { quoteCases } from "./tpm/quote_cases.ts";
import { judgeQuotes } from "./tpm/quote_judge.ts";
import deviations from "./tpm_deviations.json" with { type: "json" };

const DEVIATIONS: readonly Deviation[] = deviations;

/** Whether real logs are at hand; what is said of them alone is not demanded otherwise. */
const real = corpusOf(({ input }) => input.tech === "tpm-eventlog").size > 0;

Deno.test("go-eventlog says the same of event logs, but for known deviations", async () => {
  await using oracle = await TpmOracle.start();
  const ends = await judgeLogs(inlineEngine, oracle, await logCases());
  assertExplained("go-eventlog", ends, real ? 100 : 20);
});

Deno.test("go-tpm-tools says the same of TPM quotes, but for known deviations", async () => {
  await using oracle = await TpmOracle.start();
  const ends = await judgeQuotes(inlineEngine, oracle, await quoteCases());
  assertExplained("go-tpm-tools", ends, 5);
});

function assertExplained(oracle: string, ends: readonly Ends[], leastAccepted: number): void {
  const listed = DEVIATIONS.filter((one) => one.oracle === oracle);
  const expected = listed.filter(({ cases }) => real || !cases.includes("real"));
  assertListed({ oracle, ends, listed, expected, leastAccepted });
}

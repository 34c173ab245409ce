/**
 * Compares both engines of this project with google/go-sev-guest, case by case:
 * `deno task oracle:go`, or a tenth of it with `-- --every=10`. Needs Go, so it
 * is no part of `deno task test`. `snp_deviations.json` lists where they differ
 * and why; any other difference fails, and so does an entry that no case meets.
 *
 * @module
 */

import { assertExplained, judge } from "./snp/judge.ts";
import { SnpOracle } from "./snp/oracles.ts";
import { planCases } from "./snp/plan.ts";
import { sampled } from "./snp/sample.ts";

Deno.test("go-sev-guest says the same of SEV-SNP reports, but for known deviations", async () => {
  const { chosen, whole } = sampled(await planCases(), Deno.args);
  await using oracle = await SnpOracle.startGoSevGuest();
  assertExplained("go-sev-guest", await judge(oracle, chosen), whole);
});

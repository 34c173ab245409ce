/**
 * Compares both engines of this project with the crate `sev`, case by case:
 * `deno task oracle:sev`, or a tenth of it with `-- --every=10`. Needs cargo,
 * so it is no part of `deno task test`. `snp_deviations.json` lists where they
 * differ and why; any other difference fails, and so does an entry that no case
 * meets.
 *
 * @module
 */

import { assertExplained, judge } from "./snp/judge.ts";
import { SnpOracle } from "./snp/oracles.ts";
import { planCases } from "./snp/plan.ts";
import { sampled } from "./snp/sample.ts";

Deno.test("The crate sev says the same of SEV-SNP reports, but for known deviations", async () => {
  const { chosen, whole } = sampled(await planCases(), Deno.args);
  await using oracle = await SnpOracle.startSev();
  assertExplained("sev", await judge(oracle, chosen), whole);
});

/**
 * Compares this project's verifier with the crate `dcap-qvl`, case by case:
 * `deno task oracle:dcap`. Needs cargo, so it is no part of `deno task test`.
 * `tdx_deviations.json` lists where the two differ and why; any other
 * difference fails, and so does an entry that no case meets any more.
 *
 * @module
 */

import { signedCases, unsignedCases } from "./tdx/lab_cases.ts";
import { assertExplained, judge } from "./tdx/judge.ts";
import { TdxOracle } from "./tdx/oracles.ts";
import { changedCases, corpusCases } from "./tdx/real_cases.ts";

Deno.test("dcap-qvl says the same of TDX and SGX quotes, but for known deviations", async () => {
  const cases = [
    ...corpusCases(),
    ...changedCases(),
    ...await unsignedCases(),
    ...await signedCases(),
  ];
  await using oracle = await TdxOracle.startDcapQvl();
  assertExplained("dcap-qvl", await judge(oracle, cases));
});

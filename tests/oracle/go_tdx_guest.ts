/**
 * Compares this project's verifier with google/go-tdx-guest, case by case:
 * `deno task oracle:go-tdx`. Needs Go, so it is no part of `deno task test`.
 * `tdx_deviations.json` lists where the two differ and why; any other
 * difference fails, and so does an entry that no case meets any more.
 *
 * Real quotes are judged as they are, but not changed: it accepts none of
 * them, so that changes would show nothing.
 *
 * @module
 */

import { signedCases, unsignedCases } from "./tdx/lab_cases.ts";
import { assertExplained, judge } from "./tdx/judge.ts";
import { TdxOracle } from "./tdx/oracles.ts";
import { corpusCases } from "./tdx/real_cases.ts";

Deno.test("go-tdx-guest says the same of TDX quotes, but for known deviations", async () => {
  const cases = [...corpusCases(), ...await unsignedCases(), ...await signedCases()];
  await using oracle = await TdxOracle.startGoTdxGuest();
  assertExplained("go-tdx-guest", await judge(oracle, cases));
});

/**
 * Whatever is bent, both engines say the same of it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { compareCases } from "./tdx_differential.ts";

/** Cases of each test run; `deno task differential:tdx` takes any others. */
const CASES = 300;

/** How many ways a verification has to end in them, so that they are about more than one step. */
const FEWEST_CODES = 35;

Deno.test(`both engines say the same of ${CASES} bent quotes with collateral, and of their files`, async () => {
  const { questions, codes } = await compareCases({ first: 1, count: CASES });

  assert.ok(questions > 5 * CASES, `${questions} questions`);
  assert.ok(codes.size >= FEWEST_CODES, [...codes.keys()].join(" "));
  assert.ok((codes.get("accepted") ?? 0) > CASES / 50, "some still hold");
});

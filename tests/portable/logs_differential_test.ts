/**
 * However an event log is bent, both engines say the same of it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { compareLogs } from "./logs_differential.ts";

/** Cases of each test run; `deno task differential:tpm` takes any others. */
const CASES = 500;

/** How many ways a reading has to end in them, so that they are about more than one step. */
const FEWEST_CODES = 10;

Deno.test(`both engines say the same of ${CASES} bent event logs`, async () => {
  const { questions, codes } = await compareLogs({ first: 1, count: CASES });

  assert.equal(questions, 3 * CASES);
  assert.ok(codes.size >= FEWEST_CODES, [...codes.keys()].join(" "));
  assert.ok((codes.get("accepted") ?? 0) > CASES / 10, "some are still read");
});

/**
 * However evidence of a TPM is bent, both engines say the same of it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { compareQuotes } from "./tpm_differential.ts";

/** Cases of each test run; `deno task differential:tpm` takes any others. */
const CASES = 130;

/** How many ways a verification has to end in them, so that they are about more than one step. */
const FEWEST_CODES = 25;

Deno.test(`both engines say the same of ${CASES} bent quotes of TPMs, and of their parts`, async () => {
  const { questions, codes } = await compareQuotes({ first: 1, count: CASES });

  assert.ok(questions > 4 * CASES, `${questions} questions`);
  assert.ok(codes.size >= FEWEST_CODES, [...codes.keys()].join(" "));
  assert.ok((codes.get("accepted") ?? 0) > CASES / 20, "some still hold");
});

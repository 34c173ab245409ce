/**
 * What ties the evidence to a question.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError, NotTrustedError, verify } from "../../../mod.ts";
import type { Request } from "../../../mod.ts";
import { concat } from "../../../src/core/bytes.ts";
import { assertRefused, assertVerdict } from "../../result.ts";
import { ask, assertGood, mint, NONCE, requestFor } from "../ask.ts";

/** Expectations that are missing, empty or of the wrong form, as untyped callers may give them. */
const WRONG: readonly (readonly [string, unknown, string])[] = [
  ["nothing", undefined, "input.missing"],
  ["an empty object", {}, "input.value"],
  ["empty report data", { reportData: new Uint8Array() }, "input.value"],
  ["report data of 63 bytes", { reportData: new Uint8Array(63) }, "input.value"],
  ["report data of 65 bytes", { reportData: new Uint8Array(65) }, "input.value"],
  ["report data undefined", { reportData: undefined }, "input.value"],
  ["report data null", { reportData: null }, "input.value"],
  ["report data as text", { reportData: "ab".repeat(64) }, "input.value"],
  ["an empty nonce", { nonce: new Uint8Array() }, "input.value"],
  ["a nonce of 65 bytes", { nonce: new Uint8Array(65) }, "input.value"],
  ["a nonce of zeros", { nonce: new Uint8Array(32) }, "input.value"],
  ["nonce undefined", { nonce: undefined }, "input.value"],
  ["another freshness", { freshness: "later" }, "input.value"],
  ["nonce and none", { nonce: new Uint8Array(32), freshness: "none" }, "input.conflict"],
];

for (const [what, expect, code] of WRONG) {
  Deno.test(`SNP-02 ${what} as expectation is an input error, not a wish to skip the check`, async () => {
    const request = { ...requestFor(await mint()), expect } as Request;
    await assert.rejects(
      examine(request),
      (error) => error instanceof InputError && error.code === code,
    );
    await assert.rejects(verify(request), InputError);
  });
}

Deno.test("SNP-02 other report data are fatal, whichever byte differs", async () => {
  const minted = await mint();
  const whole = concat(NONCE, new Uint8Array(32));
  assertGood(await ask(minted, { request: { expect: { reportData: whole } } }));
  for (let at = 0; at < whole.length; at++) {
    const reportData = concat(whole);
    reportData[at] = (reportData[at] ?? 0) ^ 1;
    const result = await ask(minted, { request: { expect: { reportData } } });
    assertRefused(result, "snp.report_data_mismatch");
  }
  const request = requestFor(minted, {
    request: { expect: { nonce: NONCE.map((byte) => ~byte) } },
  });
  await assert.rejects(
    verify(request),
    (error) => error instanceof NotTrustedError && error.code === "snp.report_data_mismatch",
  );
});

Deno.test("SNP-02 a nonce is compared with all 64 bytes, so a part of it is not enough", async () => {
  const minted = await mint();
  const lengths = [1, 16, 31];
  for (const length of lengths) {
    const result = await ask(minted, { request: { expect: { nonce: NONCE.subarray(0, length) } } });
    assertRefused(result, "snp.report_data_mismatch");
  }
  const padded = concat(NONCE, new Uint8Array(1));
  assertGood(await ask(minted, { request: { expect: { nonce: padded } } }));
});

Deno.test("SNP-02 no freshness is said aloud and never trusted", async () => {
  const request = requestFor(await mint(), { request: { expect: { freshness: "none" } } });
  const result = await examine(request);
  const finding = assertVerdict(result, "platform-only", "freshness.not_checked");
  assert.equal(finding.kind, "unchecked");
  await assert.rejects(verify(request), NotTrustedError);
});

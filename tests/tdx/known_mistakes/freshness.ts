/**
 * What ties a quote to a question.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError, NotTrustedError, verify } from "../../../mod.ts";
import { concat, fromHex } from "../../../src/core/bytes.ts";
import { assertRefused, assertVerdict } from "../../result.ts";
import {
  ask,
  assertGood,
  claimsOf,
  mint,
  NONCE,
  QUOTE_ALONE,
  requestFor,
  type TdxRequest,
} from "../ask.ts";
import { overReal, realCase } from "../corpus.ts";

/** Expectations that are missing, empty or of the wrong form, as untyped callers may give them. */
const WRONG: readonly (readonly [string, unknown, string])[] = [
  ["nothing", undefined, "input.missing"],
  ["null", null, "input.value"],
  ["an empty object", {}, "input.value"],
  ["empty report data", { reportData: new Uint8Array() }, "input.value"],
  ["report data of 63 bytes", { reportData: new Uint8Array(63) }, "input.value"],
  ["report data of 65 bytes", { reportData: new Uint8Array(65) }, "input.value"],
  ["report data undefined", { reportData: undefined }, "input.value"],
  ["report data as text", { reportData: "ab".repeat(64) }, "input.value"],
  ["an empty nonce", { nonce: new Uint8Array() }, "input.value"],
  ["a nonce of 65 bytes", { nonce: new Uint8Array(65).fill(1) }, "input.value"],
  ["a nonce of zeros", { nonce: new Uint8Array(32) }, "input.value"],
  ["nonce and none", { nonce: new Uint8Array(32), freshness: "none" }, "input.conflict"],
];

for (const [what, expect, code] of WRONG) {
  Deno.test(`TDX-01 ${what} as expectation is an input error, not a wish to skip the check`, async () => {
    const request = { ...requestFor(await mint()), expect } as TdxRequest;
    await assert.rejects(
      examine(request),
      (error) => error instanceof InputError && error.code === code,
    );
    await assert.rejects(verify(request), InputError);
  });
}

Deno.test("TDX-01 other report data are fatal, whichever byte differs", async () => {
  const minted = await mint();
  const whole = concat(NONCE, new Uint8Array(32));
  assertGood(await ask(minted, { request: { expect: { reportData: whole } } }));
  for (let at = 0; at < whole.length; at++) {
    const reportData = concat(whole);
    reportData[at] = (reportData[at] ?? 0) ^ 1;
    const result = await ask(minted, { request: { expect: { reportData } } });
    assertRefused(result, "tdx.report_data_mismatch");
  }
  const expect = { nonce: NONCE.map((byte) => ~byte) };
  await assert.rejects(
    verify(requestFor(minted, { request: { expect } })),
    (error) => error instanceof NotTrustedError && error.code === "tdx.report_data_mismatch",
  );
});

Deno.test("TDX-01 a nonce is compared with all 64 bytes, so a part of it is not enough", async () => {
  const minted = await mint();
  for (const length of [1, 16, 31]) {
    const result = await ask(minted, { request: { expect: { nonce: NONCE.subarray(0, length) } } });
    assertRefused(result, "tdx.report_data_mismatch");
  }
  assertGood(
    await ask(minted, { request: { expect: { nonce: concat(NONCE, new Uint8Array(1)) } } }),
  );
  const longer = await mint({ reportData: concat(NONCE, Uint8Array.of(1)) });
  assertRefused(await ask(longer), "tdx.report_data_mismatch");
});

Deno.test("TDX-01 the report data of the quoting enclave are not the guest's", async () => {
  const minted = await mint();
  const { qeReport } = claimsOf(await ask(minted)).quote;
  const reportData = fromHex(qeReport.reportData);
  const result = await ask(minted, { request: { expect: { reportData } } });
  assertRefused(result, "tdx.report_data_mismatch");
});

Deno.test("TDX-01 report data are compared without collateral, too, and a difference is worse than what is missing", async () => {
  const minted = await mint();
  const expect = { nonce: Uint8Array.of(1) };
  const result = await ask(minted, { files: QUOTE_ALONE, request: { expect } });
  assertRefused(result, "tdx.report_data_mismatch");
});

Deno.test("TDX-01 no freshness is said aloud and never trusted", async () => {
  const request = requestFor(await mint(), { request: { expect: { freshness: "none" } } });
  const result = await examine(request);
  const finding = assertVerdict(result, "platform-only", "freshness.not_checked");
  assert.equal(finding.kind, "unchecked");
  await assert.rejects(verify(request), NotTrustedError);
});

Deno.test({
  ...overReal("TDX-01 a real quote answers its own report data and no others"),
  fn: async () => {
    const { files, now } = realCase("tdx/v5-google-90c06f");
    // Header, descriptor, then REPORTDATA at 520 of the report.
    const reportData = files.quote.slice(48 + 6 + 520, 48 + 6 + 584);
    const codes = async (expect: TdxRequest["expect"]): Promise<readonly (string | null)[]> => {
      const { findings } = await examine({
        variant: "tdx",
        evidence: files,
        now,
        ...(expect === undefined ? {} : { expect }),
      });
      return findings.filter(({ id }) => id === "tdx.report-data").map(({ code }) => code);
    };
    assert.deepEqual(await codes({ reportData }), [null]);
    const other = reportData.map((byte, i) => i === 63 ? byte ^ 1 : byte);
    assert.deepEqual(await codes({ reportData: other }), ["tdx.report_data_mismatch"]);
    assert.deepEqual(await codes({ nonce: NONCE }), ["tdx.report_data_mismatch"]);
  },
});

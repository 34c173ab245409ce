/**
 * The report's signature.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../../mod.ts";
import { concat } from "../../../src/core/bytes.ts";
import { generateLabKey, SIGNATURE_OFFSET, signSnpReport } from "../../../src/lab/mod.ts";
import { assertRefused } from "../../result.ts";
import { ask, assertGood, claimsOf, mint } from "../ask.ts";
import { edited, flipped, overwritten } from "../../bends/bytes.ts";
import { ORDER, scalarsOf, signedWithHash, withScalars } from "../bytes_of.ts";
import { overReal, realCase } from "../corpus.ts";

/** Bytes that the signature covers (56860 Table 23). */
const SIGNED_BYTES = 672;

/** Bytes of a report. */
const ALL_BYTES = 1184;

Deno.test("SNP-01 a bit that flips in any byte of the report, signed or signature, is never accepted", async () => {
  const minted = await mint();
  assertGood(await ask(minted));
  let refused = 0;
  const codes = new Map<string, number>();
  for (let at = 0; at < minted.report.length; at++) {
    const result = await ask(minted, { files: { report: flipped(minted.report, at) } });
    assert.equal(result.verdict, "rejected", `byte ${at}`);
    assert.equal(result.claims, null, `byte ${at}`);
    codes.set(result.code ?? "none", (codes.get(result.code ?? "none") ?? 0) + 1);
    refused++;
  }
  assert.equal(refused, ALL_BYTES);
  // Most of what is signed has no other rule: there the signature alone speaks.
  assert.ok((codes.get("snp.signature_mismatch") ?? 0) > 400, JSON.stringify([...codes]));
});

Deno.test("SNP-01 a report signed by another key, or not at all, is refused", async () => {
  const minted = await mint();
  const other = await generateLabKey("P-384");
  const foreign = await signSnpReport(minted.report, other);
  assertRefused(await ask(minted, { files: { report: foreign } }), "snp.signature_mismatch");
  const bare = overwritten(minted.report, SIGNATURE_OFFSET, new Uint8Array(512));
  assertRefused(await ask(minted, { files: { report: bare } }), "snp.signature_encoding");
  const another = await mint({ hwid: new Uint8Array(64).fill(3) });
  const borrowed = concat(
    minted.report.subarray(0, SIGNED_BYTES),
    another.report.subarray(SIGNED_BYTES),
  );
  assertRefused(await ask(minted, { files: { report: borrowed } }), "snp.signature_mismatch");
});

Deno.test("SNP-01 a chain that was verified before does not stand in for the report's signature", async () => {
  const minted = await mint();
  assertGood(await ask(minted));
  const bent = flipped(minted.report, 0x90);
  for (let i = 0; i < 2; i++) {
    assertRefused(await ask(minted, { files: { report: bent } }), "snp.signature_mismatch");
  }
  assertGood(await ask(minted));
});

Deno.test({
  ...overReal("SNP-01 a bit that flips in a real report is refused"),
  fn: async () => {
    const { files, now } = realCase("snp/genoa-v5-lunal");
    for (const at of [0x04, 0x50, 0x90, 0xc0, 0x1a0, 0x2a0, 0x2e8]) {
      const result = await examine({
        variant: "sev-snp",
        evidence: { ...files, report: flipped(files.report, at) },
        expect: { freshness: "none" },
        now,
      });
      assertRefused(result, "snp.signature_mismatch");
    }
  },
});

Deno.test("SNP-13 a report signed over another hash is refused, no second hash is tried", async () => {
  const minted = await mint();
  for (const hash of ["SHA-256", "SHA-512"]) {
    const report = await signedWithHash(minted.report, minted.leafKey, hash);
    assertRefused(await ask(minted, { files: { report } }), "snp.signature_mismatch");
  }
  const again = await signedWithHash(minted.report, minted.leafKey, "SHA-384");
  assertGood(await ask(minted, { files: { report: again } }));
});

Deno.test("SNP-15 bytes of the signature's place beside R and S must be zero", async () => {
  const minted = await mint();
  const padding = [...range(0x2d0, 0x2e8), ...range(0x318, 0x4a0)];
  // 24 above R, 24 above S, 368 after them.
  assert.equal(padding.length, 24 + 24 + 368);
  for (const at of padding) {
    const report = edited(minted.report, at, () => 1);
    assertRefused(await ask(minted, { files: { report } }), "snp.signature_encoding");
  }
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

Deno.test("SNP-15 R and S that are zero or not below the order are refused, never reduced", async () => {
  const minted = await mint();
  const { r, s } = scalarsOf(minted.report);
  const bent = [
    { r: 0n },
    { s: 0n },
    { r: 0n, s: 0n },
    { r: ORDER },
    { s: ORDER },
    { r: r + ORDER },
    { s: s + ORDER },
    { r: (1n << 384n) - 1n },
    { s: (1n << 384n) - 1n },
  ];
  for (const scalars of bent) {
    const report = withScalars(minted.report, scalars);
    assertRefused(await ask(minted, { files: { report } }), "snp.signature_encoding");
  }
});

Deno.test("SNP-15 R and S swapped, or big-endian, are refused", async () => {
  const minted = await mint();
  const { r, s } = scalarsOf(minted.report);
  const swapped = withScalars(minted.report, { r: s, s: r });
  assertRefused(await ask(minted, { files: { report: swapped } }), "snp.signature_mismatch");
  const reversed = overwritten(
    overwritten(minted.report, 0x2a0, minted.report.slice(0x2a0, 0x2d0).reverse()),
    0x2e8,
    minted.report.slice(0x2e8, 0x318).reverse(),
  );
  assertRefused(await ask(minted, { files: { report: reversed } }), "snp.signature_mismatch");
});

Deno.test("SNP-15 n - s is the same evidence: nothing but the signature itself differs", async () => {
  const minted = await mint();
  const { s } = scalarsOf(minted.report);
  const twin = withScalars(minted.report, { s: ORDER - s });
  assert.notDeepEqual(twin, minted.report);
  const [one, other] = [await ask(minted), await ask(minted, { files: { report: twin } })];
  assertGood(one);
  assertGood(other);
  const { signature: first, ...report } = claimsOf(one).report;
  const { signature: second, ...twinReport } = claimsOf(other).report;
  assert.equal(first.r, second.r);
  assert.notEqual(first.s, second.s);
  assert.deepEqual(report, twinReport);
  assert.notEqual(other.digests.evidence, one.digests.evidence, "which bytes were verified");
  const [rest, otherRest] = [one, other].map(({ digests: { policy }, ...result }) => ({
    ...result,
    claims: null,
    digests: { policy },
  }));
  assert.deepEqual(otherRest, rest);
  assert.deepEqual({ ...claimsOf(other), report }, { ...claimsOf(one), report });
});

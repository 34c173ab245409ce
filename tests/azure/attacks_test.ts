/**
 * Evidence of Azure that was put together by somebody else, is old, or is called
 * another's. Each is refused with its own code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type Request, verify } from "../../mod.ts";
import { readEnvelope } from "../../src/evidence/envelope/envelope.ts";
import { generateLabKey } from "../../src/lab/mod.ts";
import { assertRefused } from "../result.ts";
import {
  ask,
  assertGood,
  joining,
  type Minted,
  mintSnp,
  mintTdx,
  pinsOf,
  requestFor,
} from "./ask.ts";

const snp = await mintSnp();
const tdx = await mintTdx();

/** Both TEEs, each with another VM of it. */
const PAIRS: readonly (readonly [Minted, Minted])[] = [
  [snp, await mintSnp()],
  [tdx, await mintTdx()],
];

Deno.test("evidence of Azure is accepted as what it is, by its envelope", async () => {
  for (const minted of [snp, tdx]) {
    const { findings, binding } = await assertGood(minted);
    assert.equal(binding, "nonce");
    assert.deepEqual(findings.filter(({ kind }) => kind === "mismatch"), []);
    assert.ok(minted.envelope);
    const { variant, files, statement } = readEnvelope(minted.envelope);
    assert.equal(variant, "snp" in minted ? "azure-sev-snp" : "azure-tdx");
    await verify(requestFor(minted, { files, statement }));
  }
});

Deno.test("the report of one VM with the quote of another is refused", async () => {
  for (const [one, other] of PAIRS) {
    const { tpmQuoteMsg, tpmQuoteSig, pcrs, eventLog, akPub } = other.files;
    const quote = { tpmQuoteMsg, tpmQuoteSig, pcrs, eventLog };
    const bare = await ask(one, { files: { ...quote, akPub: undefined } });
    assertRefused(bare, "tpm.signature_mismatch");
    assertRefused(await ask(one, { files: { ...quote, akPub } }), "hcl.key_mismatch");
    // And the other way round.
    const { hclReport, leaf, chainAskArk, crls, tdQuote } = other.files;
    const report = Object.entries({ hclReport, leaf, chainAskArk, crls, tdQuote }).filter((
      [, file],
    ) => file !== undefined);
    assertRefused(
      await ask(one, { files: Object.fromEntries(report) }),
      "hcl.key_mismatch",
    );
  }
});

Deno.test("the HCL report of one VM with the hardware's word about another is refused", async () => {
  const [[one, other], [td, otherTd]] = [PAIRS[0] ?? [snp, snp], PAIRS[1] ?? [tdx, tdx]];
  const { leaf } = other.files;
  assertRefused(await ask(one, { files: { leaf } }), "snp.signature_mismatch");
  const { tdQuote } = otherTd.files;
  // Its collateral is of the same model, so that nothing but the TD differs.
  assertRefused(await ask(td, { files: { tdQuote } }), "hcl.td_report_mismatch");
});

Deno.test("a quote of a key in software is refused, with and without that key", async () => {
  const quoteKey = await generateLabKey("RSA-2048");
  const forged = await mintSnp({ keys: snp.keys, quoteKey });
  assertRefused(await ask(forged), "hcl.key_mismatch");
  assertRefused(await ask(forged, { files: { akPub: undefined } }), "tpm.signature_mismatch");
  const forgedTd = await mintTdx({ keys: tdx.keys, quoteKey });
  assertRefused(await ask(forgedTd), "hcl.key_mismatch");
});

Deno.test("evidence of a confidential VM that is called one of trusted launch is refused", async () => {
  const variant = "azure-trusted-launch";
  const { tpmQuoteMsg, tpmQuoteSig, akPub, pcrs, eventLog } = snp.files;
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const asked: unknown = {
    ...requestFor(snp),
    variant,
    evidence: {
      ...{ tpmQuoteMsg, tpmQuoteSig, akPub, pcrs, eventLog },
      akCert: encode(snp.vtpm.akCertificate),
      akCertIssuers: [encode(snp.vtpm.issuers)],
    },
    policy: { version: 1, allowLab: true, [variant]: { vtpm: pinsOf(snp) } },
    labRoots: [encode(snp.vtpm.root)],
  };
  // What is not of the variant's files would be refused before.
  const downgraded = await examine(asked as Request);
  // The quote names the HCL report, which trusted launch does not have.
  assertRefused(downgraded, "tpm.qualifying_data_mismatch");
  const codes = downgraded.findings.flatMap(({ code }) => code ?? []);
  assert.ok(codes.includes("statement.variant_mismatch"), codes.join());
});

Deno.test("an HCL report of one TEE is none of the other", async () => {
  const { hclReport } = tdx.files;
  assertRefused(await ask(snp, { files: { hclReport } }), "hcl.report_type_mismatch");
  const { hclReport: other } = snp.files;
  assertRefused(await ask(tdx, { files: { hclReport: other } }), "hcl.report_type_mismatch");
});

Deno.test("a statement of another variant is refused, though everything is bound to it", async () => {
  const lying = await mintSnp({ statement: joining("azure-tdx") });
  assertRefused(await ask(lying), "statement.variant_mismatch");
});

Deno.test("an HCL report is given whole or in both parts, and never beside them", async () => {
  const { report, runtimeData } = snp;
  const without = { hclReport: undefined };
  await assert.rejects(ask(snp, { files: without }), { code: "input.missing" });
  for (const files of [{ ...without, report }, { ...without, runtimeData }]) {
    await assert.rejects(ask(snp, { files }), { code: "input.missing" });
  }
  for (const files of [{ report }, { runtimeData }]) {
    await assert.rejects(ask(snp, { files }), { code: "input.conflict" });
  }
  // A quote names the whole report: of parts it is not known whether it is the same.
  const parts = await ask(snp, { files: { ...without, report, runtimeData } });
  assert.deepEqual([parts.verdict, parts.code], ["platform-only", "freshness.not_checked"]);
});

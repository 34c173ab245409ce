/**
 * The published schema of the claims, over evidence of the lab and real evidence.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Validator } from "@cfworker/json-schema";
import { TPM_CLAIMS } from "../../scripts/schemas/tpm_claims.ts";
import { createTpmAuthority, mintTpm } from "../../src/lab/mod.ts";
import { tpm } from "../../src/evidence/tpm/mod.ts";
import { overReal, realEntry } from "../corpus.ts";
import { engine, NONCE, NOW, questionFor, verified } from "./ask.ts";

const schema = new Validator({ ...TPM_CLAIMS }, "2020-12", false);
const authority = await createTpmAuthority({ now: NOW });

function assertFits(claims: unknown): void {
  const plain: unknown = JSON.parse(JSON.stringify(claims));
  assert.deepEqual(plain, claims, "claims are plain data");
  const { valid, errors } = schema.validate(plain);
  assert.ok(valid, JSON.stringify(errors.at(-1)));
}

Deno.test("claims of minted evidence fit the schema, with everything and with little", async () => {
  const minted = await mintTpm(authority, { now: NOW, nonce: NONCE });
  const question = questionFor(minted);
  assertFits(await verified(question));
  const bare = { akCert: undefined, akCertIssuers: [], akCertCrls: [], eventLog: undefined };
  assertFits(await verified({ ...question, files: { ...question.files, ...bare } }));
});

Deno.test("claims of every bank and format of a log fit the schema", async () => {
  for (const log of ["tcg-1.2", "cel-tlv", "cel-json"] as const) {
    const selection = [
      { bank: "sha1", registers: [0, 4] },
      { bank: "sha384", registers: [0, 11] },
    ] as const;
    const minted = await mintTpm(authority, { now: NOW, nonce: NONCE, log, selection });
    assertFits(await verified(questionFor(minted, {})));
  }
});

Deno.test("no claim that is left out or added fits the schema", async () => {
  const minted = await mintTpm(authority, { now: NOW, nonce: NONCE });
  const claims = await verified(questionFor(minted));
  for (const key of Object.keys(claims)) {
    const { [key]: _, ...rest } = { ...claims } as Readonly<Record<string, unknown>>;
    assert.ok(!schema.validate(JSON.parse(JSON.stringify(rest))).valid, key);
  }
  assert.ok(!schema.validate({ ...claims, more: 1 }).valid);
});

Deno.test({
  ...overReal("claims of a real quote with certificates and log fit the schema"),
  fn: async () => {
    const { input, expected } = realEntry("gcp/gce-cos85-tpm-quote-nonce9009");
    const { files } = input;
    const file = (role: string): Uint8Array => files[role] ?? new Uint8Array();
    const quotes = Object(expected.fields)["quotes"];
    const pcrs = Object.fromEntries(
      Array.from<{ bank: string; pcrs: unknown }>(quotes).map(({ bank, pcrs }) => [bank, pcrs]),
    );
    const evidence = tpm.readFiles({
      tpmQuoteMsg: file("quote_sha256_msg"),
      tpmQuoteSig: file("quote_sha256_sig"),
      akPub: file("ak_tpmt_public"),
      pcrs: new TextEncoder().encode(JSON.stringify(pcrs)),
      eventLog: file("event_log"),
      akCert: file("ak_cert"),
      akCertIssuers: [file("ak_cert_issuer")],
      akCertRoots: [file("ak_cert_root")],
    });
    const now = input.verifyAt ?? NOW;
    const proven = await tpm.verify(engine, evidence, { now, labRoots: [] });
    assertFits(proven);
    const { certificate, hierarchy, log } = proven;
    assert.equal(certificate?.identity?.manufacturer, "id:474F4F47");
    assert.equal(hierarchy, "endorsement");
    assert.equal(log?.claims.secureBoot?.enabled, true);
    const unexplained = log?.registers.filter(({ state }) => state === "unexplained") ?? [];
    assert.deepEqual(unexplained.map(({ register }) => register), [10], "IMA's register");
  },
});

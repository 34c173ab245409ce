/**
 * The HCL report is made at boot: by itself it answers no question.
 *
 * @module
 */

import assert from "node:assert/strict";
import { bindingOf } from "../../../src/evidence/statement/binding.ts";
import { assertRefused, shown } from "../../result.ts";
import { ask, assertGood, joining, mintSnp, mintTdx, NONCE } from "../ask.ts";

const PURPOSES = ["init", "join", "unlock", "renew", "recover", "cluster-cert"] as const;

/** What a verifier expects of evidence for a purpose. */
const expecting = (purpose: string): object => ({
  purpose,
  requestDigest: joining("azure-sev-snp").requestDigest,
});

const snp = await mintSnp();

Deno.test("TPM-09 for every purpose but serving the binding stands in the runtime data, which are of this boot otherwise", async () => {
  for (const purpose of PURPOSES) {
    const statement = { ...joining("azure-sev-snp"), purpose };
    const fresh = await mintSnp({ keys: snp.keys, statement });
    await assertGood(fresh, { expect: expecting(purpose) });
    const stale = await mintSnp({
      keys: snp.keys,
      statement,
      userData: new Uint8Array(64),
    });
    assertRefused(await ask(stale, { expect: expecting(purpose) }), "hcl.user_data_mismatch");
  }
});

Deno.test("TPM-09 for serving the quote alone answers, and it names this HCL report", async () => {
  const { requestDigest: _, ...joined } = joining("azure-sev-snp");
  const statement = { ...joined, purpose: "serve" as const, requestDigest: "" };
  const minted = await mintSnp({ keys: snp.keys, statement });
  const result = await assertGood(minted, { expect: { purpose: "serve" } });
  const found = result.findings.find(({ id }) => id === "hcl.user-data");
  assert.deepEqual([found?.kind, found?.required], ["unchecked", false], shown(result));
  // The same VM's report of another moment: right in itself, and not the one that was quoted.
  const { hclReport } = (await mintSnp({ keys: snp.keys, statement })).files;
  const { leaf } = minted.files;
  const other = await ask(minted, { files: { hclReport, leaf }, expect: { purpose: "serve" } });
  assert.equal(other.verdict, "rejected");
  const bent = await mintSnp({ keys: snp.keys, statement, bends: { hclGiven: { version: 1 } } });
  assertRefused(
    await ask(bent, { expect: { purpose: "serve" } }),
    "tpm.qualifying_data_mismatch",
  );
});

Deno.test("TPM-09 user data are compared whole, whatever their length and whatever follows", async () => {
  assert.ok(snp.statement);
  const binding = bindingOf(NONCE, snp.statement);
  for (const at of [0, 31, 32, 63]) {
    const userData = binding.map((byte, i) => i === at ? byte ^ 1 : byte);
    const minted = await mintSnp({ keys: snp.keys, userData });
    assertRefused(await ask(minted), "hcl.user_data_mismatch");
  }
  for (const userData of [binding.subarray(0, 32), new Uint8Array()]) {
    const minted = await mintSnp({ keys: snp.keys, userData });
    assertRefused(await ask(minted), "hcl.runtime_value");
  }
  const absent = { runtime: { userData: null } };
  assertRefused(await ask(await mintSnp({ bends: absent })), "hcl.user_data_missing");
  assertRefused(await ask(await mintTdx({ bends: absent })), "hcl.user_data_missing");
});

Deno.test("TPM-09 neither nonce nor statement of another question is answered by what was recorded", async () => {
  const recorded = await mintSnp({ nonce: NONCE.map((byte) => ~byte) });
  assertRefused(await ask(recorded), "hcl.user_data_mismatch");
  const alone = await mintSnp({ nonce: NONCE.map((byte) => ~byte), bends: {} });
  assertRefused(await ask(alone, { statement: null }), "tpm.qualifying_data_mismatch");
});

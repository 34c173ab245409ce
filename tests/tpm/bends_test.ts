/**
 * Evidence of the lab's TPM through the technology, right and bent: each bend
 * comes out with its code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { generateLabKey } from "../../src/lab/lab_key.ts";
import { createTpmAuthority, mintTpm, TPM_BENDS, type TpmKeys } from "../../src/lab/mod.ts";
import { findings, NONCE, NOW, outcome, questionFor } from "./ask.ts";

const authority = await createTpmAuthority({ now: NOW });
const keys: TpmKeys = { ak: await generateLabKey("P-256"), ek: await generateLabKey("P-256") };
const OPTIONS = { now: NOW, nonce: NONCE, keys };

Deno.test("evidence of the lab's TPM is right in every format of its log", async () => {
  for (const log of ["tcg-2", "cel-tlv", "cel-json"] as const) {
    const minted = await mintTpm(authority, { ...OPTIONS, log });
    const policy = { ...questionFor(minted).policy, eventLog: "require", secureBoot: "require" };
    assert.equal(await outcome(questionFor(minted, policy)), null, log);
  }
});

Deno.test("a log of SHA-1 alone leads to no register that counts", async () => {
  const minted = await mintTpm(authority, { ...OPTIONS, log: "tcg-1.2" });
  assert.equal(await outcome(questionFor(minted)), "logs.bank_missing");
});

Deno.test("every check of evidence of the lab has the lab as its root", async () => {
  const found = await findings(questionFor(await mintTpm(authority, OPTIONS)));
  assert.ok(found.every(({ root }) => root === "lab"));
});

for (const [name, { says, code, bends }] of Object.entries(TPM_BENDS)) {
  Deno.test(`bend ${name} gives ${code}: ${says}`, async () => {
    const context = { now: NOW, keys, issuing: authority.issuing.key };
    const minted = await mintTpm(authority, { ...OPTIONS, bends: await bends(context) });
    const straight = await mintTpm(authority, OPTIONS);
    assert.equal(await outcome(questionFor(minted, questionFor(straight).policy)), code);
  });
}

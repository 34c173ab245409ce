/**
 * Whose processor it is, by the key that its provider loaded.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { overReal, realEntry } from "../corpus.ts";
import { assertRefused, shown } from "../result.ts";
import { ask, mintSnp } from "./ask.ts";

/** As the real VLEK below has it. */
const REAL = "CN=cc-us-east-2.amazonaws.com";

Deno.test("a key of AWS is known by the host that AMD certified for it", async () => {
  for (const cspId of [REAL, "cc-us-east-2.amazonaws.com", "CN=cc.eu-1.amazonaws.com"]) {
    const result = await ask(await mintSnp({ report: { cspId } }));
    assert.equal(result.verdict, "lab-trusted", `${cspId}: ${shown(result)}`);
  }
});

Deno.test("a key of a host that is called nearly as AWS's is refused", async () => {
  const others = [
    ...["CN=amazonaws.com", "CN=.amazonaws.com", "CN=-.amazonaws.com", "amazonaws.com"],
    ...[`${REAL}.example.net`, "CN=cc-us-east-2.amazonaws.com.cn", "CN=cc-us-east-2amazonaws.com"],
    ...["CN=cc-us-east-2.amazonaws-com", `O=AWS,${REAL}`, `${REAL},O=AWS`, `${REAL} `, "CN="],
    ...["CN=CN=cc.amazonaws.com", "CN=cc..amazonaws.com", "CN=cc us.amazonaws.com"],
  ];
  for (const cspId of others) {
    assertRefused(await ask(await mintSnp({ report: { cspId } })), "ec2.csp_mismatch");
  }
});

Deno.test({
  ...overReal("a real key of AWS has that form"),
  fn: async () => {
    const { input: { files, verifyAt } } = realEntry("aws-snp/milan-v3-vlek-trustee");
    assert.ok(verifyAt);
    const { report, leaf, chain_ask_ark: chainAskArk } = files;
    const read = sevSnp.readFiles({ report, leaf, chainAskArk });
    const proven = await sevSnp.verify(inlineEngine, read, { now: verifyAt, labRoots: [] });
    assert.deepEqual([proven.leaf.form, proven.leaf.cspId], ["VLEK", REAL]);
  },
});

/**
 * Random signatures, half of them invalid by construction, through the
 * primitives of both engines and through WebCrypto as an oracle.
 *
 * `deno task vectors:crypto` tries 20 000 of each form and builds the primitives
 * of the WASM engine; `deno task test` tries a part of the same sequence. How
 * they fare inside of evidence, `evidence_test.ts` shows.
 *
 * @module
 */

import assert from "node:assert/strict";
import { tries } from "./amount.ts";
import { portablePrimitives, type Scheme } from "./primitives.ts";
import { anyMessage, ecdsaCase, RANDOM_CURVES, randomPair } from "./random/ecdsa.ts";
import { judgeAll, type Tried } from "./random/judge.ts";
import { hasNode, WebCryptoOracle } from "./random/oracle.ts";
import { bytesOf, numberOf } from "./random/number.ts";
import { pssCases } from "./random/pss.ts";
import { planPss, RSA_BYTES } from "./random/rsa.ts";
import { Seeded } from "./random/seeded.ts";
import { allPrimitives } from "./wasm_primitives.ts";

const noNode = !await hasNode();
const engines = await allPrimitives(portablePrimitives);
const KEYS = 8;

/** Name of a test, which says why it is ignored, or which engines it is about. */
const over = (name: string, scheme: Scheme) => {
  const asked = engines.filter(({ schemes }) => schemes.includes(scheme)).map(({ name }) => name);
  return {
    name: `${name} (${noNode ? "ignored: no node here" : asked.join(" and ")})`,
    ignore: noNode,
  };
};

/** Asserts that half were valid and that every bend came up, and tells the figures. */
function assertTried(scheme: string, tried: Tried, count: number, bends: number): void {
  assert.equal(tried.count, count);
  assert.equal(tried.valid, count / 2);
  assert.ok(tried.bent.size >= bends, `only ${tried.bent.size} bends: ${[...tried.bent.keys()]}`);
  console.log(
    scheme,
    `${tried.valid} accepted, ${count - tried.valid} refused,`,
    tried.bent.size,
    "bends",
  );
}

for (const curve of RANDOM_CURVES) {
  for (const form of ["raw", "der"] as const) {
    const scheme = curve[form];
    const count = tries(500, 20_000);
    Deno.test({
      ...over(`${count} random ${scheme} signatures are judged as by WebCrypto`, scheme),
      fn: async () => {
        await using oracle = new WebCryptoOracle();
        const random = new Seeded(`casemate ${scheme}`);
        const pairs = Array.from({ length: KEYS }, () => randomPair(random, curve));
        const material = { curve, pairs, message: anyMessage };
        const tried = await judgeAll(
          oracle,
          engines,
          count,
          (from, length) =>
            Promise.resolve(Array.from(
              { length },
              (_, i) => ecdsaCase(random, material, form, (from + i) % 2 === 0),
            )),
        );
        assertTried(scheme, tried, count, form === "raw" ? 26 : 41);
      },
    });
  }
}

const count = tries(500, 20_000);
Deno.test({
  ...over(`${count} random RSASSA-PSS signatures are judged as by WebCrypto`, "pss"),
  fn: async () => {
    await using oracle = new WebCryptoOracle();
    const pairs = [await oracle.generate(), await oracle.generate()] as const;
    const random = new Seeded("casemate pss");
    const tried = await judgeAll(oracle, engines, count, (_, length) => {
      const messages = Array.from({ length }, () => anyMessage(random));
      return pssCases(random, oracle, pairs, messages);
    });
    assertTried("pss", tried, count, 30);
  },
});

Deno.test({
  ...over("a number of RSA is not taken anew with the modulus added (RFC 8017 §5.2.2)", "pss"),
  fn: async () => {
    await using oracle = new WebCryptoOracle();
    const random = new Seeded("casemate pss out of range");
    // Room above the modulus, so that a sum of the same size comes up soon.
    let pair = await oracle.generate();
    while (pair.modulus >> 4092n >= 14n) pair = await oracle.generate();
    const message = anyMessage(random);
    for (let found = 0; found < 3;) {
      const { block } = planPss(random, message, pair.modulus, true);
      const [raised = new Uint8Array()] = await oracle.raise(pair.pkcs8, [block]);
      const sum = numberOf(raised) + pair.modulus;
      if (sum >> 4096n > 0n) continue;
      const right = { key: pair.spki, message, signature: raised };
      const bent = { ...right, signature: bytesOf(sum, RSA_BYTES) };
      assert.deepEqual(await oracle.verify("pss", [right, bent]), [true, false]);
      for (const engine of engines) {
        assert.equal(await engine.judge("pss", right), "accepted", engine.name);
        assert.equal(await engine.judge("pss", bent), "refused", engine.name);
      }
      found++;
    }
  },
});

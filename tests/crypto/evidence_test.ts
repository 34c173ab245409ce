/**
 * Random signatures inside of evidence, half of them invalid by construction,
 * through the operations of both engines as they ship, and through WebCrypto.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat, fromBase64, toHex } from "../../src/core/bytes.ts";
import type { Engine } from "../../src/core/crypto.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { CasemateError } from "../../src/core/errors.ts";
import type { LabKey } from "../../src/lab/mod.ts";
import { portableEngine } from "../portable/strict.ts";
import { tries } from "./amount.ts";
import { oracleVerdict, type RandomCase } from "./random/case.ts";
import { ecdsaCase, type EcdsaMaterial, RANDOM_CURVES } from "./random/ecdsa.ts";
import {
  type Carrier,
  pckCarrier,
  quoteCarrier,
  reportCarrier,
  vcekCarrier,
} from "./random/evidence.ts";
import { numberOf } from "./random/number.ts";
import { hasNode, WebCryptoOracle } from "./random/oracle.ts";
import { finished, planPss } from "./random/rsa.ts";
import { Seeded } from "./random/seeded.ts";

const noNode = !await hasNode();

/** What an engine says: `accepted`, or the code of the refusal. */
async function saidBy(engine: Engine, carrier: Carrier, one: RandomCase): Promise<string> {
  try {
    await carrier.ask(engine, one.message, one.signature);
    return "accepted";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

/** Asks both engines and the oracle about cases, and asserts what they must say. */
async function judgeIn(
  carrier: Carrier,
  oracle: WebCryptoOracle,
  cases: readonly RandomCase[],
): Promise<void> {
  const engines = [inlineEngine, await portableEngine()];
  const verdicts = await oracle.verify(carrier.scheme, cases);
  const codes = new Map<string, number>();
  for (const [i, one] of cases.entries()) {
    const what = `${one.what}: ${toHex(one.message)} ${toHex(one.signature)}`;
    assert.equal(verdicts[i], oracleVerdict(one), `oracle: ${what}`);
    const [wasm = "", portable = ""] = await Promise.all(
      engines.map((engine) => saidBy(engine, carrier, one)),
    );
    assert.equal(portable, wasm, what);
    if (one.isValid) assert.equal(wasm, "accepted", what);
    else assert.ok(carrier.codes.includes(wasm), `${wasm}: ${what}`);
    codes.set(wasm, (codes.get(wasm) ?? 0) + 1);
  }
  assert.equal(codes.get("accepted"), cases.length / 2);
  console.log(carrier.scheme, JSON.stringify(Object.fromEntries(codes)));
}

async function materialOf({ scheme, key, message }: Carrier): Promise<EcdsaMaterial> {
  const curve = RANDOM_CURVES.find(({ raw, der }) => raw === scheme || der === scheme);
  assert.ok(curve);
  return { curve, pairs: [{ secret: await secretOf(key), spki: key.spki }], message };
}

/** The private number of a key. */
async function secretOf({ kind, pkcs8 }: LabKey): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: "ECDSA", namedCurve: kind };
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
  return fromBase64Url((await crypto.subtle.exportKey("jwk", key)).d ?? "");
}

/** The modulus of a key. */
async function modulusOf({ spki }: LabKey): Promise<bigint> {
  const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
  const key = await crypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]);
  return numberOf(fromBase64Url((await crypto.subtle.exportKey("jwk", key)).n ?? ""));
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(padded.padEnd(Math.ceil(text.length / 4) * 4, "="));
}

const PLACES: readonly (readonly [place: string, () => Promise<Carrier>, count: number])[] = [
  ["SEV-SNP reports", reportCarrier, tries(120, 5000)],
  ["TD quotes", quoteCarrier, tries(200, 5000)],
  ["PCK certificates", pckCarrier, tries(120, 5000)],
];

for (const [place, makeCarrier, count] of PLACES) {
  Deno.test({
    name: `${count} random signatures of ${place} are judged alike by both engines and WebCrypto`,
    ignore: noNode,
    fn: async () => {
      await using oracle = new WebCryptoOracle();
      const carrier = await makeCarrier();
      const material = await materialOf(carrier);
      const random = new Seeded(`casemate ${place}`);
      const form = carrier.scheme.endsWith("der") ? "der" : "raw";
      const cases = Array.from({ length: count }, (_, i) => {
        for (;;) {
          const one = ecdsaCase(random, material, form, i % 2 === 0);
          if (carrier.takes(one.signature)) return one;
        }
      });
      await judgeIn(carrier, oracle, cases);
    },
  });
}

const count = tries(60, 5000);
Deno.test({
  name: `${count} random signatures of VCEKs are judged alike by both engines and WebCrypto`,
  ignore: noNode,
  fn: async () => {
    await using oracle = new WebCryptoOracle();
    const carrier = await vcekCarrier();
    const { key, scheme } = carrier;
    const modulus = await modulusOf(key);
    const random = new Seeded("casemate VCEKs");
    const plans = Array.from({ length: count }, (_, i) => {
      const message = carrier.message(random);
      return { ...planPss(random, message, modulus, i % 2 === 0), message };
    });
    const raised = await oracle.raise(key.pkcs8, plans.map(({ block }) => block));
    const cases = plans.map((plan, i) => ({
      ...finished(plan, concat(raised[i] ?? new Uint8Array())),
      key: key.spki,
      message: plan.message,
      scheme,
    }));
    await judgeIn(carrier, oracle, cases);
  },
});

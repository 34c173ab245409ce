/**
 * The quote's signature, its hash, and the bank of SHA-1.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError } from "../../../mod.ts";
import { concat, toHex } from "../../../src/core/bytes.ts";
import { generateLabKey, LAB_HASHES, signBytes, TPM_ALGORITHMS } from "../../../src/lab/mod.ts";
import { flipped } from "../../bends/bytes.ts";
import { assertRefused } from "../../result.ts";
import {
  ask,
  assertAttacks,
  assertCode,
  assertGood,
  authority,
  codeOf,
  keys,
  logOf,
  mint,
  pinsOf,
  requestFor,
  signed,
  straight,
} from "./attack.ts";
import { askGoogle, googleQuote, overReal } from "./real.ts";

const MISMATCH = "tpm.signature_mismatch";
const ALGORITHM = "tpm.signature_algorithm";

Deno.test("TPM-06 no bit of quote or signature can be another", async () => {
  assertGood(await ask(straight));
  const { signature, quote } = straight;
  for (let at = 0; at < signature.length; at++) {
    const result = await ask(straight, { files: { tpmQuoteSig: flipped(signature, at) } });
    assertRefused(result, result.code ?? "none");
    assert.match(result.code ?? "", /^tpm\.signature_/, `byte ${at}`);
  }
  for (let at = 0; at < quote.length; at += 3) {
    const result = await ask(straight, { files: { tpmQuoteMsg: flipped(quote, at) } });
    assertRefused(result, result.code ?? "none");
    assert.match(
      result.code ?? "",
      /^tpm\.(?:signature_mismatch|attest_|selection_)/,
      `byte ${at}`,
    );
  }
});

Deno.test("TPM-06 what another key signed, or signed at another time, is not signed", async () => {
  const other = await generateLabKey("P-256");
  const earlier = await mint({ nonce: Uint8Array.of(1) });
  await assertAttacks([
    ["another key", { signature: { signWith: other } }, MISMATCH],
    ["the endorsement key", { signature: { signWith: keys.ek } }, MISMATCH],
    ["the CA", { signature: { signWith: authority.issuing.key } }, MISMATCH],
  ]);
  const files = { tpmQuoteSig: earlier.signature };
  assertCode(await ask(straight, { files }), MISMATCH, "another quote");
  assert.equal(
    await codeOf(ask(straight, { files: { tpmQuoteSig: new Uint8Array() } })),
    "input.empty",
  );
});

Deno.test("TPM-06 a signature of SHA-1 is refused, honest or not, by RSA and on a curve", async () => {
  const sha1 = { hash: LAB_HASHES.sha1.id };
  const ecdsa = await signed(straight, straight.quote, {
    ...sha1,
    method: { name: "ECDSA", hash: "SHA-1" },
  });
  assertCode(await ask(straight, { files: { tpmQuoteSig: ecdsa } }), ALGORITHM, "says SHA-1");
  const hidden = await signed(straight, straight.quote, {
    method: { name: "ECDSA", hash: "SHA-1" },
  });
  assertCode(await ask(straight, { files: { tpmQuoteSig: hidden } }), MISMATCH, "says SHA-256");
  const claimed = await signed(straight, straight.quote, sha1);
  assertCode(await ask(straight, { files: { tpmQuoteSig: claimed } }), ALGORITHM, "is of SHA-256");
  const rsa = { ...keys, ak: await generateLabKey("RSA-2048") };
  const method = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-1" } as const;
  assertGood(await ask(await mint({ keys: rsa })), "RSA");
  const loud = await mint({ keys: rsa, bends: { signature: { ...sha1, method } } });
  assertCode(await ask(loud), ALGORITHM, "RSA says SHA-1");
  const quiet = await mint({ keys: rsa, bends: { signature: { method } } });
  assertCode(await ask(quiet), MISMATCH, "RSA says SHA-256");
  const plain = await signBytes(rsa.ak, method, loud.quote);
  assertCode(await ask(loud, { files: { tpmQuoteSig: plain } }), MISMATCH, "plain RSA");
});

Deno.test("TPM-06 a key whose scheme or Name is of SHA-1 is no attestation key", async () => {
  const { ecdsa } = TPM_ALGORITHMS;
  await assertAttacks([
    ["scheme", { publicArea: { scheme: [ecdsa, LAB_HASHES.sha1.id] } }, "tpm.public_algorithm"],
    ["Name", { publicArea: { nameAlgorithm: LAB_HASHES.sha1.id } }, "tpm.public_algorithm"],
  ]);
});

Deno.test("TPM-06 the hash is the key's own: another one is not tried", async () => {
  const method = { name: "ECDSA", hash: "SHA-384" } as const;
  const hash = LAB_HASHES.sha384.id;
  await assertAttacks([
    ["SHA-384, under the name of SHA-256", { signature: { method } }, MISMATCH],
    ["SHA-384, said aloud", { signature: { method, hash } }, ALGORITHM],
    ["SHA-256, under the name of SHA-384", { signature: { hash } }, ALGORITHM],
    [
      "R and S, under the name of RSA",
      { signature: { scheme: TPM_ALGORITHMS.rsassa } },
      "tpm.signature_malformed",
    ],
  ]);
});

Deno.test("TPM-06 a digest of registers by SHA-1 is none", async () => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", concat(straight.quote)));
  await assertAttacks([
    ["20 bytes", { attest: { pcrDigest: digest } }, "tpm.attest_value"],
    [
      "20 bytes, filled up",
      { attest: { pcrDigest: concat(digest, new Uint8Array(12)) } },
      "tpm.pcr_digest_mismatch",
    ],
  ]);
});

Deno.test("TPM-06 no policy can pin a register of SHA-1", async () => {
  const value = "ab".repeat(20);
  for (
    const section of [
      { registers: { sha1: { "4": [value] } } },
      { registers: [`sha1:4=${value}`] },
      { registers: { sha256: { "4": [value] } } },
      { selection: ["sha1:4"] },
    ]
  ) {
    await assert.rejects(
      examine(requestFor(straight, { section })),
      (error) => error instanceof InputError && error.code === "policy.value",
      JSON.stringify(section),
    );
  }
});

Deno.test("TPM-06 registers of SHA-1 satisfy no pin, and lead to no claim of the log", async () => {
  const registers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14];
  const weak = await mint({ selection: [{ bank: "sha1", registers }] });
  const pinned = { registers: { sha256: pinsOf(weak) } };
  assertCode(await ask(weak, { section: pinned }), "tpm.register_not_quoted");
  // Without a pin nothing is wrong, and nothing is proven.
  const unpinned = { registers: undefined, secureBoot: "any" };
  const result = await ask(weak, { section: unpinned });
  assertCode(result, "tpm.registers_not_pinned");
  const [replay] = result.findings.filter(({ id }) => id === "logs.replay");
  assert.deepEqual([replay?.kind, replay?.code], ["unchecked", "logs.bank_missing"]);
  const { claims } = logOf(result);
  assert.deepEqual(Object.values(claims).flat().filter((claim) => claim !== null), []);
  const [four = ""] = pinsOf(weak)["4"] ?? [];
  assert.ok(four !== toHex(weak.registers.get("sha1")?.[4] ?? concat()));
});

Deno.test({
  ...overReal(
    "TPM-06 of three real quotes of one moment, that of SHA-1 satisfies no pin, nor that of SHA-384 one of SHA-256",
  ),
  fn: async () => {
    const strong = googleQuote("sha256");
    const { verdict, code } = await askGoogle(strong);
    assert.deepEqual([verdict, code], ["trusted", null]);
    for (const bank of ["sha1", "sha384"] as const) {
      const other = googleQuote(bank);
      assertCode(await askGoogle(other), "tpm.register_not_quoted", bank);
      // Its signature is as good as the other one's, and of SHA-256, but of its own quote.
      const crossed = { files: { tpmQuoteSig: other.files["tpmQuoteSig"] } };
      assertCode(await askGoogle(strong, crossed), MISMATCH, bank);
      const lent = { files: { pcrs: strong.files["pcrs"] } };
      assertCode(await askGoogle(other, lent), "tpm.pcr_missing", bank);
    }
  },
});

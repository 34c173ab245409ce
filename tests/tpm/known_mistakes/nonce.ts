/**
 * What ties a quote to a question.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError, NotTrustedError, verify } from "../../../mod.ts";
import { concat, fromHex } from "../../../src/core/bytes.ts";
import { assertVerdict } from "../../result.ts";
import {
  ask,
  assertCode,
  assertGood,
  claimsOf,
  mint,
  NONCE,
  requestFor,
  straight,
  type TpmRequest,
} from "./attack.ts";

const OTHER = "tpm.qualifying_data_mismatch";

/** Expectations that are missing, empty or of the wrong form, as untyped callers may give them. */
const WRONG: readonly (readonly [string, unknown, string])[] = [
  ["nothing", undefined, "input.missing"],
  ["null", null, "input.value"],
  ["an empty object", {}, "input.value"],
  ["an empty nonce", { nonce: new Uint8Array() }, "input.value"],
  ["a nonce that is undefined", { nonce: undefined }, "input.value"],
  ["a nonce that is null", { nonce: null }, "input.value"],
  ["a nonce as text", { nonce: "ab".repeat(20) }, "input.value"],
  ["a nonce of zeros", { nonce: new Uint8Array(20) }, "input.value"],
  ["a nonce of 65 bytes", { nonce: new Uint8Array(65).fill(1) }, "input.value"],
  ["report data", { reportData: new Uint8Array(64).fill(1) }, "input.value"],
  ["nonce and none", { nonce: NONCE, freshness: "none" }, "input.conflict"],
];

for (const [what, expect, code] of WRONG) {
  Deno.test(`TPM-05 ${what} as expectation is an input error, not a wish to skip the check`, async () => {
    const request = { ...requestFor(straight), expect } as TpmRequest;
    await assert.rejects(
      examine(request),
      (error) => error instanceof InputError && error.code === code,
    );
    await assert.rejects(verify(request), InputError);
  });
}

/** Asserts that a quote of one nonce does not answer another. */
async function assertOther(said: Uint8Array, expected: Uint8Array, what: string): Promise<void> {
  const minted = await mint({ nonce: said });
  const request = { expect: { nonce: expected } };
  assertCode(await ask(minted, { request }), OTHER, what);
}

Deno.test("TPM-05 another nonce is fatal, whichever byte differs", async () => {
  assertGood(await ask(straight));
  for (let at = 0; at < NONCE.length; at++) {
    const nonce = NONCE.map((byte, i) => i === at ? byte ^ 1 : byte);
    assertCode(await ask(straight, { request: { expect: { nonce } } }), OTHER, `byte ${at}`);
  }
  await assert.rejects(
    verify(requestFor(straight, { request: { expect: { nonce: Uint8Array.of(1) } } })),
    (error) => error instanceof NotTrustedError && error.code === OTHER,
  );
});

Deno.test("TPM-05 nonces are compared whole: neither a prefix nor a longer one answers, nor none at all", async () => {
  const shorter = [1, 8, NONCE.length - 1].map((length) => NONCE.subarray(0, length));
  const longer = [concat(NONCE, Uint8Array.of(1)), concat(NONCE, NONCE)];
  for (const part of shorter) {
    await assertOther(part, NONCE, `the quote has ${part.length} bytes of it`);
    await assertOther(NONCE, part, `${part.length} bytes of it are expected`);
  }
  for (const whole of longer) {
    await assertOther(whole, NONCE, `the quote has ${whole.length} bytes that begin so`);
    await assertOther(NONCE, whole, `${whole.length} bytes that begin so are expected`);
  }
  await assertOther(new Uint8Array(), NONCE, "the quote has none");
  await assertOther(new Uint8Array(), Uint8Array.of(1), "the quote has none, one byte is expected");
});

Deno.test("TPM-05 a nonce is not filled up: zeros before or behind it make another one", async () => {
  for (const zeros of [1, 12, 64 - NONCE.length]) {
    const behind = concat(NONCE, new Uint8Array(zeros));
    const before = concat(new Uint8Array(zeros), NONCE);
    await assertOther(behind, NONCE, `${zeros} zeros stand behind it`);
    await assertOther(NONCE, behind, `${zeros} zeros are expected behind it`);
    await assertOther(before, NONCE, `${zeros} zeros stand before it`);
  }
  const full = concat(NONCE, new Uint8Array(64 - NONCE.length));
  assertGood(
    await ask(await mint({ nonce: full }), { request: { expect: { nonce: full } } }),
    "zeros that were asked for",
  );
});

Deno.test("TPM-05 the nonce is the quote's extraData, and no other field that happens to hold it", async () => {
  const { quote } = claimsOf(await ask(straight));
  for (const field of [quote.pcrDigest, quote.qualifiedSigner, quote.firmwareVersion]) {
    const request = { expect: { nonce: fromHex(field) } };
    assertCode(await ask(straight, { request }), OTHER, field);
  }
  const hashed = new Uint8Array(await crypto.subtle.digest("SHA-256", concat(NONCE)));
  await assertOther(hashed, NONCE, "its hash");
  await assertOther(NONCE.toReversed(), NONCE, "backwards");
});

Deno.test("TPM-05 no freshness is said aloud and never trusted", async () => {
  const unasked = await mint({ nonce: new Uint8Array() });
  for (const minted of [straight, unasked]) {
    const request = requestFor(minted, {
      request: { expect: { freshness: "none" } },
      policy: { allowLab: true },
    });
    const result = await examine(request);
    const finding = assertVerdict(result, "platform-only", "freshness.not_checked");
    assert.equal(finding.kind, "unchecked");
    await assert.rejects(verify(request), NotTrustedError);
  }
});

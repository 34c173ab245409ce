/**
 * Chains and lists are shown in the forms in which `verify` takes them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { describeX509, showX509 } from "../../src/core/x509.ts";
import { tdx } from "../../src/evidence/tdx/mod.ts";
import { mint } from "./ask.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The bytes of a single PEM item. */
function derOf(pem: string): Uint8Array {
  const base64 = pem.replaceAll(/-----[^-]+-----|\s/g, "");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

Deno.test("show() knows a chain as the PCS's header has it, and a list in hex", async () => {
  const { tcbChain, rootCrl } = await mint();
  const hex = toHex(derOf(rootCrl)).replaceAll(/.{60}/g, "$&\n");
  for (
    const [plain, form] of [
      [tcbChain, encodeURIComponent(tcbChain)],
      [tcbChain, `TCB-Info-Issuer-Chain: ${encodeURIComponent(tcbChain)}\r\n`],
      [rootCrl, hex],
    ] as const
  ) {
    const expected = showX509(await describeX509(inlineEngine, encode(plain)));
    assert.deepEqual(await tdx.show(inlineEngine, encode(form)), expected, form.slice(0, 40));
  }
});

Deno.test("show() leaves to others what is in no form of its own", async () => {
  const { tcbChain, rootCrl } = await mint();
  for (const other of [tcbChain, rootCrl, "text", ""]) {
    assert.equal(await tdx.show(inlineEngine, encode(other)), null, other.slice(0, 20));
  }
});

Deno.test("show() refuses hex that starts as a list and is none", async () => {
  await assert.rejects(tdx.show(inlineEngine, encode("3082")), CasemateError);
});

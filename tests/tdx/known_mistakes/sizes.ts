/**
 * Sizes inside of quotes, which lead parsers astray.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat } from "../../../src/core/bytes.ts";
import { type MintedTdx, signQuote } from "../../../src/lab/mod.ts";
import { assertRefused } from "../../result.ts";
import { ask, assertFiles, assertGood, claimsOf, codeOf, judge, mint, sgxCode } from "../ask.ts";
import { placesOf, withSize } from "../bytes_of.ts";

/** Sizes that are wrong in the ways that lead parsers astray. */
const wrongSizes = (right: number): readonly number[] => [
  right - 1,
  right + 1,
  0,
  1,
  2,
  Math.floor(right / 2),
  right + 64,
  0xffff,
  0x7fff_ffff,
  0x8000_0000,
  0xffff_fffe,
  0xffff_ffff,
];

/**
 * Where a quote is cut: at each byte.
 *
 * @param from The shortest.
 * @param quote The whole quote.
 * @returns Lengths in bytes, all shorter than the quote.
 */
function cutsOf(from: number, quote: Uint8Array): readonly number[] {
  return Array.from({ length: quote.length - from }, (_, i) => from + i);
}

for (const version of [4, 5]) {
  Deno.test(`TDX-13 a quote of version ${version} that is cut anywhere is refused`, async () => {
    const minted = await mint({ version });
    for (const length of cutsOf(0, minted.quote)) {
      const result = await codeOf(
        ask(minted, { files: { quote: minted.quote.subarray(0, length) } }),
      );
      assert.match(result, /^(tdx\.quote_length|input\.empty)$/, `${length} bytes`);
    }
  });

  Deno.test(`TDX-13 signature data of version ${version} that are cut anywhere are refused, though their size fits`, async () => {
    const minted = await mint({ version });
    const { signedEnd, signature, outer } = placesOf(minted.quote);
    assert.ok(outer);
    const code = /^(tdx\.(quote_length|certification_data|signature_encoding)|x509\..*|input\..*)$/;
    for (const length of cutsOf(signature, minted.quote)) {
      const cut = withSize(minted.quote.subarray(0, length), signedEnd, 4, length - signature);
      assert.match(await codeOf(ask(minted, { files: { quote: cut } })), code, `${length} bytes`);
      if (length < outer + 6) continue;
      const fitted = withSize(cut, outer + 2, 4, length - outer - 6);
      assert.match(
        await codeOf(ask(minted, { files: { quote: fitted } })),
        code,
        `${length} bytes`,
      );
    }
  });

  Deno.test(`TDX-13 no size in a quote of version ${version} may be over- or understated`, async () => {
    const minted = await mint({ version });
    const places = placesOf(minted.quote);
    const { signedEnd, outer, authenticationSize, certification } = places;
    assert.ok(outer);
    const view = new DataView(minted.quote.buffer, minted.quote.byteOffset);
    const sizes: readonly (readonly [string, number, number])[] = [
      ["signature data", signedEnd, 4],
      ["outer certification data", outer + 2, 4],
      ["authentication data", authenticationSize, 2],
      ["PCK chain", certification + 2, 4],
    ];
    // Also where more bytes follow, which an overstated size could swallow.
    for (const behind of [0, 1, 200]) {
      const whole = concat(minted.quote, new Uint8Array(behind));
      for (const [what, at, size] of sizes) {
        const right = size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
        for (const wrong of wrongSizes(right)) {
          if (wrong === right || wrong < 0 || wrong >= 2 ** (8 * size)) continue;
          const file = { quote: withSize(whole, at, size, wrong) };
          const code = await codeOf(ask(minted, { files: file }));
          // Another size of the authentication data makes other bytes the type of what follows.
          const known = at === authenticationSize
            ? /^tdx\.(quote_length|certification_data)$/
            : /^tdx\.quote_length$/;
          assert.match(code, known, `${what} of ${wrong}, ${behind} bytes behind`);
        }
      }
    }
  });

  Deno.test(`TDX-13 bytes between the parts of a quote of version ${version} are refused, though all sizes fit`, async () => {
    const minted = await mint({ version });
    const { outer, certification, end } = placesOf(minted.quote);
    assert.ok(outer);
    const stuffed = (at: number, ...sizes: readonly number[]) => {
      const more = concat(
        minted.quote.subarray(0, at),
        new Uint8Array(3),
        minted.quote.subarray(at),
      );
      const view = new DataView(more.buffer);
      for (const size of sizes) view.setUint32(size, view.getUint32(size, true) + 3, true);
      return { quote: more };
    };
    const { signedEnd } = placesOf(minted.quote);
    await assertFiles(minted, stuffed(end, signedEnd), "tdx.quote_length", "behind the outer");
    await assertFiles(
      minted,
      stuffed(end, signedEnd, outer + 2),
      "tdx.quote_length",
      "behind the chain",
    );
    // Zeros behind the chain, within it, end a text of C more than once.
    const padded = stuffed(end, signedEnd, outer + 2, certification + 2);
    assertGood(await ask(minted, { files: padded }));
  });
}

Deno.test("TDX-13 authentication data of any size are taken, and bound", async () => {
  for (const size of [0, 1, 2, 31, 32, 33, 255, 256, 4096]) {
    const qeAuthenticationData = new Uint8Array(size).fill(7);
    const result = await judge({ qeAuthenticationData });
    assertGood(result, `${size} bytes`);
    assert.equal(claimsOf(result).quote.qeAuthenticationData, "07".repeat(size));
  }
  const huge = await judge({ qeAuthenticationData: new Uint8Array(40_000) });
  assertRefused(huge, "tdx.quote_length");
});

Deno.test("TDX-13 quotes of enclaves are read by the same rules, in versions 3, 4 and 5", async () => {
  for (const version of [3, 4, 5]) {
    const minted: MintedTdx = await mint({ version, body: "sgx" });
    assert.equal(await sgxCode(minted), "none");
    const { signedEnd, certification, end } = placesOf(minted.quote);
    for (const at of [signedEnd, certification + 2]) {
      const right = new DataView(minted.quote.buffer, minted.quote.byteOffset).getUint32(at, true);
      for (const wrong of wrongSizes(right)) {
        const quote = withSize(minted.quote, at, 4, wrong);
        assert.equal(await sgxCode(minted, { quote }), "tdx.quote_length", `${wrong} at ${at}`);
      }
    }
    for (let length = 1; length < end; length += 13) {
      const quote = minted.quote.subarray(0, length);
      assert.equal(await sgxCode(minted, { quote }), "tdx.quote_length", `${length} bytes`);
    }
  }
  const minted = await mint({ version: 3 });
  const reserved = await signQuote(withSize(minted.quote, 4, 4, 1), minted.keys);
  assert.equal(await sgxCode(minted, { quote: reserved }), "tdx.reserved_not_zero");
});

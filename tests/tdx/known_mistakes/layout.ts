/**
 * Layout of quotes: versions, types, what is signed, and what follows.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError } from "../../../mod.ts";
import { concat, toBase64, toHex } from "../../../src/core/bytes.ts";
import { type QuoteDescription, signQuote } from "../../../src/lab/mod.ts";
import { assertRefused, findingOf } from "../../result.ts";
import {
  ask,
  assertBends,
  assertFiles,
  assertGood,
  bent,
  claimsOf,
  codeOf,
  judge,
  mint,
  type Minting,
} from "../ask.ts";
import { edited, overwritten } from "../../bends/bytes.ts";
import { placesOf, withSize } from "../bytes_of.ts";
import { overReal, realCase } from "../corpus.ts";

/** A change of the whole quote, before it is written and signed. */
const quote = (change: (whole: QuoteDescription) => Partial<QuoteDescription>): Minting =>
  bent({ quote: (whole) => ({ ...whole, ...change(whole) }) });

Deno.test("TDX-13 certification data other than a PCK chain inside of a QE report are refused by type", async () => {
  const code = "tdx.certification_data";
  const types = [0, 1, 2, 3, 4, 6, 7, 8, 255, 256, 0x0500, 0xffff];
  await assertBends(types.map((type) => [
    `inner ${type}`,
    quote(({ certification }) => ({ certification: { ...certification, type } })),
    code,
  ]));
  await assertBends([0, 1, 2, 3, 4, 5, 7, 8, 0x0600, 0xffff].map((type) => [
    `outer ${type}`,
    quote(() => ({ outer: { type } })),
    code,
  ]));
  await assertBends([["no outer", quote(() => ({ outer: null })), code]]);
});

Deno.test("TDX-13 certification data nested once more are refused", async () => {
  const minted = await mint();
  const { outer, end } = placesOf(minted.quote);
  assert.ok(outer);
  const inside = minted.quote.slice(outer, end);
  const nested = quote(({ certification }) => ({
    certification: { ...certification, type: 6, bytes: inside },
  }));
  assertRefused(await judge(nested), "tdx.certification_data");
  const around = quote(({ certification }) => ({
    certification: { ...certification, type: 5, bytes: inside },
  }));
  assert.match(await codeOf(judge(around)), /^(input|x509)\./);
});

Deno.test("TDX-13 a quote without PCK chain is refused", async () => {
  const empty = quote(({ certification }) => ({
    certification: { ...certification, bytes: new Uint8Array() },
  }));
  assert.match(await codeOf(judge(empty)), /^(input|x509|tdx)\./);
});

Deno.test("TDX-13 versions 4 and 5 are read and no others, however well signed", async () => {
  const minted = await mint();
  for (const version of [0, 1, 2, 6, 7, 255, 0x0104, 0x0400, 0xffff]) {
    const bytes = await signQuote(withSize(minted.quote, 0, 2, version), minted.keys);
    await assertFiles(minted, { quote: bytes }, "tdx.quote_version", `version ${version}`);
  }
  const old = await signQuote(withSize(minted.quote, 0, 2, 3), minted.keys);
  await assertFiles(minted, { quote: old }, "tdx.tee_type");
});

Deno.test("TDX-13 a quote of one version is not read as one of the other", async () => {
  for (const [version, other] of [[4, 5], [5, 4]] as const) {
    const minted = await mint({ version });
    const code = await codeOf(
      ask(minted, { files: { quote: withSize(minted.quote, 0, 2, other) } }),
    );
    assert.match(code, /^tdx\.(body_type|quote_length)$/);
  }
});

Deno.test("TDX-13 attestation keys of other algorithms are refused in words, P-384 too", async () => {
  for (const version of [4, 5]) {
    for (const attestationKeyType of [0, 1, 3, 4, 0x0200, 0xffff]) {
      const result = await judge({ version, bends: { header: { attestationKeyType } } });
      assertRefused(result, "tdx.attestation_key_type");
      const { actual } = findingOf(result, "tdx.attestation_key_type");
      assert.equal(actual, String(attestationKeyType));
    }
  }
});

Deno.test("TDX-13 kinds of TEE that nobody asked for are refused", async () => {
  for (const version of [4, 5]) {
    for (const teeType of [0, 1, 0x80, 0x82, 0x8100, 0x0181, 0x8100_0000, 0xffff_ffff]) {
      const result = await judge({ version, bends: { header: { teeType } } });
      assertRefused(result, "tdx.tee_type");
    }
  }
});

Deno.test("TDX-13 the body of version 5 has the type and size that its descriptor says, both known", async () => {
  const minted = await mint({ version: 5 });
  const old = await mint({ version: 5, body: "tdx-1.0" });
  assertGood(await ask(old));
  assert.equal(claimsOf(await ask(old)).quote.body.kind, "tdx-1.0");
  for (const one of [minted, old]) {
    const [right, size] = one === minted ? [3, 648] : [2, 584];
    for (const type of [0, 1, 2, 3, 4, 255, 0x0300, 0xffff]) {
      if (type === right) continue;
      const quote = await signQuote(withSize(one.quote, 48, 2, type), one.keys);
      await assertFiles(one, { quote }, "tdx.body_type", `type ${type}`);
    }
    for (const wrong of [0, 1, 384, 584, 648, size - 1, size + 1, 0xffff_ffff]) {
      if (wrong === size) continue;
      const quote = withSize(one.quote, 50, 4, wrong);
      await assertFiles(one, { quote }, "tdx.body_type", `size ${wrong}`);
    }
  }
});

Deno.test("TDX-13 the descriptor of version 5 is signed with header and body", async () => {
  const minted = await mint({ version: 5 });
  const { signedEnd, signature } = placesOf(minted.quote);
  // Signed as a verifier would read it that leaves the descriptor out.
  const short = concat(
    withSize(minted.quote.subarray(0, 48), 0, 2, 4),
    minted.quote.subarray(54, 54 + 584),
    minted.quote.subarray(signedEnd),
  );
  const signed = await signQuote(short, minted.keys);
  const theirs = signed.subarray(48 + 584 + 4, 48 + 584 + 4 + 64);
  const forged = overwritten(minted.quote, signature, theirs);
  await assertFiles(minted, { quote: forged }, "tdx.signature_mismatch");
});

Deno.test("TDX-13 zeros behind a quote are padding, other bytes are refused unless the policy says so", async () => {
  for (const version of [4, 5]) {
    const minted = await mint({ version });
    const behind = (rest: Uint8Array, rule?: string) =>
      ask(minted, {
        files: { quote: concat(minted.quote, rest) },
        ...(rule === undefined ? {} : { section: { trailingBytes: rule } }),
      });
    for (const length of [0, 1, 70, 3065]) {
      const zeros = new Uint8Array(length);
      const result = await behind(zeros);
      assertGood(result, `${length} bytes`);
      assert.deepEqual(claimsOf(result).quote.trailing, { bytes: length, zero: true });
      const strict = await behind(zeros, "forbid");
      if (length === 0) assertGood(strict);
      else assertRefused(strict, "tdx.trailing_bytes");
    }
    for (const at of [0, 35, 69]) {
      const rest = edited(new Uint8Array(70), at, () => 1);
      assertRefused(await behind(rest), "tdx.trailing_bytes");
      assertRefused(await behind(rest, "zero"), "tdx.trailing_bytes");
      const open = await behind(rest, "any");
      assertGood(open);
      assert.equal(open.findings.find(({ id }) => id === "tdx.trailing")?.kind, "unchecked");
    }
    const second = await behind(minted.quote);
    assertRefused(second, "tdx.trailing_bytes");
    assertRefused(await behind(new Uint8Array(40_000)), "tdx.quote_length");
  }
});

Deno.test("TDX-13 reserved bytes of the quoting enclave's report are zero, however well signed", async () => {
  const minted = await mint();
  const { qeReport } = placesOf(minted.quote);
  const reserved = [[20, 32], [96, 128], [160, 192], [262, 304]] as const;
  for (const [from, to] of reserved) {
    for (const at of [from, to - 1]) {
      const quote = await signQuote(edited(minted.quote, qeReport + at, () => 1), minted.keys);
      await assertFiles(minted, { quote }, "tdx.reserved_not_zero", `byte ${at}`);
    }
  }
});

Deno.test("TDX-13 a quote as text is told apart, not read as bytes", async () => {
  const minted = await mint();
  const texts = [
    toHex(minted.quote),
    toBase64(minted.quote),
    "-----BEGIN X-----\nAA==\n-----END X-----\n",
    JSON.stringify({ quote: toHex(minted.quote) }),
    "x".repeat(5000),
  ];
  for (const text of texts) {
    await assert.rejects(
      ask(minted, { files: { quote: new TextEncoder().encode(text) } }),
      (error) => error instanceof InputError && error.code === "input.encoding",
    );
  }
});

Deno.test({
  ...overReal("TDX-13 real quotes with zeros behind them hold, other bytes are told"),
  fn: async () => {
    const expected = {
      "tdx/v4-dcapqvl-b0c06f": { bytes: 70, zero: true },
      "gcp/tdx-cos113-ccel": { bytes: 3065, zero: true },
      "tdx/v5-google-90c06f": { bytes: 0, zero: true },
    };
    for (const [name, trailing] of Object.entries(expected)) {
      const { files, now } = realCase(name);
      const expect = { freshness: "none" } as const;
      const result = await examine({ variant: "tdx", evidence: files, expect, now });
      assert.deepEqual(claimsOf(result).quote.trailing, trailing, name);
      const { kind } = result.findings.find(({ id }) => id === "tdx.trailing") ?? {};
      assert.equal(kind, "match", name);
      if (trailing.bytes === 0) continue;
      const quote = edited(files.quote, files.quote.length - 1, () => 1);
      const edges = await examine({ variant: "tdx", evidence: { ...files, quote }, expect, now });
      assertRefused(edges, "tdx.trailing_bytes");
    }
  },
});

Deno.test({
  ...overReal("TDX-13 the signature of a real quote of version 5 covers its descriptor"),
  fn: async () => {
    const { files, now } = realCase("tdx/v5-google-90c06f");
    const expect = { freshness: "none" } as const;
    const result = await examine({ variant: "tdx", evidence: files, expect, now });
    assert.equal(claimsOf(result).quote.body.kind, "tdx-1.5");
  },
});

Deno.test("TDX-16 a quote whose first bytes got lost is refused, whoever lost them", async () => {
  for (const version of [4, 5]) {
    const minted = await mint({ version });
    for (const lost of [1, 2, 4, 8, 48]) {
      const code = await codeOf(ask(minted, { files: { quote: minted.quote.subarray(lost) } }));
      assert.match(code, /^tdx\./, `${lost} bytes lost`);
      assert.doesNotMatch(code, /not_pinned|_status|collateral/);
    }
    await assertFiles(minted, { quote: minted.quote.subarray(4) }, "tdx.quote_version");
  }
});

Deno.test("TDX-16 a quote inside of something longer is not looked for", async () => {
  const minted = await mint();
  for (const before of [1, 4, 32, 1216]) {
    const code = await codeOf(
      ask(minted, { files: { quote: concat(new Uint8Array(before), minted.quote) } }),
    );
    assert.equal(code, "tdx.quote_version");
  }
});

Deno.test({
  ...overReal("TDX-16 a real quote without its first four bytes is refused"),
  fn: async () => {
    for (const name of ["tdx/v4-dcapqvl-b0c06f", "tdx/v5-google-90c06f"]) {
      const { files, now } = realCase(name);
      const quote = files.quote.subarray(4);
      const expect = { freshness: "none" } as const;
      const result = await examine({ variant: "tdx", evidence: { ...files, quote }, expect, now });
      assertRefused(result, "tdx.quote_version");
    }
  },
});

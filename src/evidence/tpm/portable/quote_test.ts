import assert from "node:assert/strict";
import { concat, fromHex } from "../../../core/bytes.ts";
import type { Quote } from "../report.ts";
import {
  be,
  type QuoteParts,
  refused,
  run,
  selection,
  selections,
  sized,
  writeQuote,
} from "./marshal_test.ts";

Deno.test("tpm_quote reads every field", async () => {
  const banks = selections(
    selection(0x0b, 0x01, 0x00, 0x80),
    selection(0x0c, 0x00),
    selection(0x04, 0xff, 0x03),
  );

  assert.deepEqual(await run<Quote>("tpm_quote", writeQuote({ selections: banks })), {
    qualifiedSigner: `000b${"07".repeat(32)}`,
    qualifyingData: "0102030405060708",
    clock: { clock: "18446744073709551615", resetCount: 7, restartCount: 2, safe: true },
    firmwareVersion: "2020031200120003",
    selections: [
      { bank: "sha256", registers: [0, 23] },
      { bank: "sha1", registers: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
    ],
    pcrDigest: "00".repeat(32),
  });
});

const name = (algorithm: number, bytes: number): Uint8Array =>
  sized(concat(be(algorithm, 2), new Uint8Array(bytes)));

Deno.test("tpm_quote takes names and digests of each strong hash, and as much data as there can be", async () => {
  for (const [algorithm, bytes] of [[0x0b, 32], [0x0c, 48], [0x0d, 64]] as const) {
    await run("tpm_quote", writeQuote({ signer: name(algorithm, bytes) }));
    await run("tpm_quote", writeQuote({ digest: sized(new Uint8Array(bytes)) }));
  }
  await run("tpm_quote", writeQuote({ data: sized(new Uint8Array(66)) }));
  await run("tpm_quote", writeQuote({ data: sized(new Uint8Array()) }));
});

const REFUSED: readonly (readonly [string, string, Partial<QuoteParts>])[] = [
  ["a magic that bytes of others may have", "tpm.attest_magic", { magic: fromHex("ff544346") }],
  ["the type of a certification", "tpm.attest_type", { type: fromHex("8017") }],
  ["a signer that is a handle", "tpm.attest_value", { signer: sized(fromHex("40000001")) }],
  ["no signer", "tpm.attest_value", { signer: sized(new Uint8Array()) }],
  ["a name of SHA-1", "tpm.attest_value", { signer: name(0x04, 20) }],
  ["a name that is longer than its hash", "tpm.attest_value", { signer: name(0x0b, 33) }],
  ["67 bytes of data", "tpm.attest_value", { data: sized(new Uint8Array(67)) }],
  ["a flag of 2", "tpm.attest_value", { safe: Uint8Array.of(2) }],
  ["a digest of SHA-1", "tpm.attest_value", { digest: sized(new Uint8Array(20)) }],
  ["a byte too many", "tpm.attest_length", { digest: concat(sized(new Uint8Array(32)), be(0, 1)) }],
  ["a size beyond the end", "tpm.attest_length", { digest: fromHex("0020ff") }],
  ["no selection", "tpm.selection_empty", { selections: selections() }],
  ["an empty selection", "tpm.selection_empty", { selections: selections(selection(0x0b, 0)) }],
  ["a count of four thousand millions", "tpm.selection_malformed", {
    selections: fromHex("ffffffff"),
  }],
  ["a bank of SM3", "tpm.selection_malformed", { selections: selections(selection(0x12, 1)) }],
  ["a bitmap of no bytes", "tpm.selection_malformed", { selections: selections(selection(0x0b)) }],
  ["a bitmap of four bytes", "tpm.selection_malformed", {
    selections: selections(selection(0x0b, 1, 0, 0, 0)),
  }],
  ["a bank twice, even empty", "tpm.selection_repeated", {
    selections: selections(selection(0x0b, 1), selection(0x0c, 1), selection(0x0b, 0)),
  }],
];

for (const [what, code, bent] of REFUSED) {
  Deno.test(`tpm_quote refuses ${what}`, async () => {
    await refused(code, run("tpm_quote", writeQuote(bent)));
  });
}

Deno.test("tpm_quote refuses a quote that is cut anywhere", async () => {
  const quote = writeQuote();
  for (let length = 1; length < quote.length; length++) {
    await refused("tpm.attest_length", run("tpm_quote", quote.subarray(0, length)));
  }
});

Deno.test("tpm_quote refuses nothing and too much", async () => {
  assert.deepEqual(await refused("input.empty", run("tpm_quote", new Uint8Array())), {
    input: "quote",
  });
  assert.deepEqual(await refused("input.too_large", run("tpm_quote", new Uint8Array(1025))), {
    input: "quote",
    limit: "1024 bytes",
    actual: "1025 bytes",
  });
});

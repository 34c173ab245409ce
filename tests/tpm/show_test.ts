/**
 * What `casemate evidence show` says of a TPM's files, and what it leaves to others.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat } from "../../src/core/bytes.ts";
import { CasemateError } from "../../src/core/errors.ts";
import type { Shown } from "../../src/core/shown.ts";
import { show } from "../../src/evidence/tpm/show.ts";
import { createTpmAuthority, mintTpm } from "../../src/lab/mod.ts";
import { corpusOf, overReal } from "../corpus.ts";
import { engine, NONCE, NOW } from "./ask.ts";

const minted = await mintTpm(await createTpmAuthority({ now: NOW }), { now: NOW, nonce: NONCE });
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const sized = (bytes: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);

/** Files, their kind and the flag that takes them. */
const FILES: readonly (readonly [string, Uint8Array, string, string])[] = [
  ["a quote", minted.quote, "tpm-quote", "--tpm-quote-msg"],
  ["a quote with its size", sized(minted.quote), "tpm-quote", "--tpm-quote-msg"],
  ["a public area with its size", minted.akPublic, "tpm-public", "--ak-pub"],
  ["a public area", minted.akPublic.subarray(2), "tpm-public", "--ak-pub"],
  ["the endorsement key", minted.ekPublic, "tpm-public", "--ak-pub"],
  ["a signature", minted.signature, "tpm-signature", "--tpm-quote-sig"],
  ["registers", text(JSON.stringify(minted.pcrs)), "tpm-pcrs", "--pcrs"],
  ["registers as text", text(`sha256:\n  4 : 0x${"0A".repeat(32)}\n`), "tpm-pcrs", "--pcrs"],
  ["an event log", minted.eventLog, "tpm-event-log", "--event-log"],
];

async function shown(file: Uint8Array): Promise<Shown> {
  const description = await show(engine, file);
  assert.ok(description !== null, "it is recognised");
  return description;
}

for (const [what, file, kind, flag] of FILES) {
  Deno.test(`show() knows ${what}`, async () => {
    const description = await shown(file);
    assert.equal(description.kind, kind);
    assert.equal(description.usedBy, `casemate evidence verify tpm ${flag}`);
    assert.match(description.title, /\(not verified\)$/);
    assert.ok(description.sections.every(({ rows, table }) => (table?.rows ?? rows).length > 0));
  });
}

Deno.test("show() tells what a quote says", async () => {
  const rows = (await shown(minted.quote)).sections.flatMap((section) => section.rows);
  const value = (name: string): string | undefined => rows.find((row) => row.name === name)?.value;
  assert.equal(value("extraData"), NONCE.toHex());
  assert.equal(value("resetCount"), "7");
  assert.equal(value("sha256"), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14");
});

Deno.test("show() tells the Name of a key, and each of its attributes", async () => {
  const { sections: [key, attributes] } = await shown(minted.akPublic);
  assert.ok(key?.rows.some(({ value }) => value === minted.akName.toHex()));
  const set = attributes?.rows.filter(({ value }) => value === "1").map(({ name }) => name);
  assert.ok(set?.includes("restricted") && set.includes("fixedTPM") && !set.includes("decrypt"));
});

/** Files that are meant as one of a TPM's, and are damaged. */
const DAMAGED: readonly (readonly [string, Uint8Array, string])[] = [
  ["a quote that is cut", minted.quote.subarray(0, -1), "tpm.attest_length"],
  [
    "a structure that is no quote",
    Uint8Array.of(0xff, 0x54, 0x43, 0x47, 0x80, 0x17),
    "tpm.attest_type",
  ],
  [
    "a public area with more behind it",
    concat(minted.akPublic.subarray(2), Uint8Array.of(0)),
    "tpm.public_malformed",
  ],
  ["a log that is cut", minted.eventLog.subarray(0, -1), "logs.truncated"],
];

for (const [what, file, code] of DAMAGED) {
  Deno.test(`show() gives ${code} for ${what}`, async () => {
    await assert.rejects(
      show(engine, file),
      (error) => error instanceof CasemateError && error.code === code,
    );
  });
}

Deno.test("show() leaves to others what is none of a TPM's", async () => {
  for (
    const file of [
      new Uint8Array(),
      new Uint8Array(1184),
      text("text"),
      text("{}"),
      text('{"tcbInfo": {}}'),
      text(minted.akCertificate),
      minted.der.ak,
      minted.der.issuingCrl,
      Uint8Array.of(0x00, 0x18),
      Uint8Array.of(0x00, 0x14, 0x00, 0x0b, 0x01, 0x00),
    ]
  ) assert.equal(await show(engine, file), null);
});

const others = corpusOf(({ input }) => ["snp", "aws-snp", "tdx", "sgx"].includes(input.tech));

Deno.test({
  ...overReal("show() takes no real file of a processor's for one of a TPM's"),
  fn: async () => {
    assert.ok(others.size > 40, `${others.size} cases`);
    for (const { input } of others.values()) {
      for (const [role, file] of Object.entries(input.files)) {
        assert.equal(await show(engine, file), null, `${role} of ${input.name}`);
      }
    }
  },
});

/**
 * Versions and lengths of reports, and tables of certificates.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError } from "../../../mod.ts";
import { concat, fromHex, toBase64, toHex } from "../../../src/core/bytes.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { CasemateError } from "../../../src/core/errors.ts";
import { sevSnp } from "../../../src/evidence/snp/mod.ts";
import { type ReportFields, signSnpReport } from "../../../src/lab/mod.ts";
import { assertRefused } from "../../result.ts";
import { ask, assertBends, assertGood, claimsOf, judge, mint, type Minting } from "../ask.ts";
import { overReal, realCase } from "../corpus.ts";
import { edited } from "../../bends/bytes.ts";

const report = (fields: Partial<ReportFields>): Minting => ({ bends: { report: fields } });

Deno.test("SNP-19 versions 2 to 5 are read and no others, however well signed", async () => {
  for (const version of [2, 3, 4, 5]) {
    const result = await judge({ version });
    assertGood(result);
    assert.equal(claimsOf(result).report.version, version);
  }
  const others = [0, 1, 6, 7, 255, 256, 0x0500_0000, 0xffff_ffff];
  await assertBends(
    others.map((version) => [`${version}`, report({ version }), "snp.report_version"]),
  );
});

Deno.test("SNP-19 a report has 1184 bytes, not one more or less, however well signed", async () => {
  const minted = await mint();
  for (const length of [1, 671, 672, 1183]) {
    const cut = minted.report.subarray(0, length);
    assertRefused(await ask(minted, { files: { report: cut } }), "snp.report_length");
  }
  for (const extra of [1, 4, 16, 1184]) {
    const longer = concat(minted.report, new Uint8Array(extra));
    const signed = await signSnpReport(longer, minted.leafKey);
    assertRefused(await ask(minted, { files: { report: signed } }), "snp.report_length");
  }
  const shifted = concat(new Uint8Array(32), minted.report);
  assertRefused(await ask(minted, { files: { report: shifted } }), "snp.report_length");
});

Deno.test("SNP-19 an empty report is refused in words", async () => {
  const minted = await mint();
  const code = await ask(minted, { files: { report: new Uint8Array() } }).then(
    (result) => result.code,
    (error) => error instanceof InputError ? error.code : error,
  );
  assert.match(String(code), /^(input\.empty|snp\.report_length)$/);
});

Deno.test("SNP-19 a report as text is told apart, not read as bytes", async () => {
  const minted = await mint();
  const texts = [
    toHex(minted.report),
    toBase64(minted.report),
    "-----BEGIN X-----\nAA==\n-----END X-----\n",
    "x".repeat(1184),
  ];
  for (const text of texts) {
    await assert.rejects(
      ask(minted, { files: { report: new TextEncoder().encode(text) } }),
      (error) => error instanceof InputError && error.code === "input.encoding",
    );
  }
});

Deno.test("SNP-19 fields of a later version are neither read nor hidden in an earlier one", async () => {
  const vectors = { launchMitigationVector: 1n, currentMitigationVector: 1n };
  const cpuid = { family: 25, model: 17, stepping: 1 };
  const bends = [3, 4].flatMap((version) =>
    Object.entries(vectors).map(([name, value]): readonly [string, Minting, string] => [
      `${name} in version ${version}`,
      { version, bends: { report: { [name]: value } } },
      "snp.reserved_not_zero",
    ])
  );
  await assertBends([
    ...bends,
    ["CPUID in version 2", { version: 2, bends: { report: { cpuid } } }, "snp.reserved_not_zero"],
  ]);
  const three = claimsOf(await judge({ version: 3 })).report;
  assert.equal(three.launchMitigationVector, null);
  assert.equal(three.currentMitigationVector, null);
  const five = claimsOf(await judge({ version: 5, bends: { report: vectors } })).report;
  assert.equal(five.launchMitigationVector, "0x0000000000000001");
});

Deno.test("SNP-19 every reserved byte of the signed part must be zero", async () => {
  const minted = await mint();
  const reserved = [
    ...span(0x4c, 0x50),
    ...span(0x18b, 0x1a0),
    0x1eb,
    0x1ef,
    ...span(0x208, 0x2a0),
  ];
  assert.equal(reserved.length, 4 + 21 + 1 + 1 + 152);
  for (const at of reserved) {
    const signed = await signSnpReport(edited(minted.report, at, () => 1), minted.leafKey);
    assertRefused(await ask(minted, { files: { report: signed } }), "snp.reserved_not_zero");
  }
});

function span(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

Deno.test("SNP-19 a signature algorithm other than ECDSA P-384 with SHA-384 is refused", async () => {
  const others = [0, 2, 3, 0xffff_ffff];
  await assertBends(
    others.map((signatureAlgorithm) => [
      `${signatureAlgorithm}`,
      report({ signatureAlgorithm }),
      "snp.signature_algorithm",
    ]),
  );
});

Deno.test({
  ...overReal("SNP-19 real reports of each version are read"),
  fn: async () => {
    const versions = {
      "snp/milan-v2-virtee": 2,
      "snp/milan-v3-microsoft": 3,
      "snp/turin-v5-microsoft": 5,
    };
    for (const [name, version] of Object.entries(versions)) {
      const { files, now } = realCase(name);
      const proven = await sevSnp.verify(inlineEngine, files, { now, labRoots: [] });
      assert.equal(proven.report.version, version);
    }
  },
});

/** GUIDs as they stand in memory (GHCB specification, extended guest request). */
const VCEK = "8d75da6364e66445adc5f4b93be8accd";
const ASK = "79b3b74aacbbe44fa02f05aef327c782";
const ARK = "a406b4c003a8524997433fb6014cd0ae";

function tableOf(
  entries: readonly (readonly [guid: string, offset: number, length: number])[],
  contents: Uint8Array,
): Uint8Array {
  const rows = entries.map(([guid, offset, length]) => {
    const row = concat(fromHex(guid), new Uint8Array(8));
    const view = new DataView(row.buffer);
    view.setUint32(16, offset, true);
    view.setUint32(20, length, true);
    return row;
  });
  return concat(...rows, new Uint8Array(24), contents);
}

const CONTENTS = Uint8Array.of(1, 2, 3, 4);

Deno.test("SNP-20 a table whose entries overlap, repeat or lie outside is refused", async () => {
  const bent: readonly (readonly [string, Uint8Array])[] = [
    ["overlapping", tableOf([[VCEK, 72, 3], [ASK, 74, 2]], CONTENTS)],
    ["the same place", tableOf([[VCEK, 72, 4], [ASK, 72, 4]], CONTENTS)],
    ["repeated", tableOf([[VCEK, 72, 2], [VCEK, 74, 2]], CONTENTS)],
    ["over the header", tableOf([[VCEK, 24, 4], [ASK, 72, 4]], CONTENTS)],
    ["beyond the end", tableOf([[VCEK, 72, 2], [ASK, 74, 3]], CONTENTS)],
    ["far beyond the end", tableOf([[VCEK, 72, 4], [ASK, 0xffff_fff0, 0x20]], CONTENTS)],
    ["of no length", tableOf([[VCEK, 72, 4], [ASK, 76, 0]], CONTENTS)],
    ["with bytes of no entry", tableOf([[VCEK, 48, 3]], CONTENTS)],
    ["without end", tableOf([[VCEK, 48, 4]], CONTENTS).subarray(0, 24)],
  ];
  for (const [what, table] of bent) {
    await assert.rejects(
      sevSnp.show(inlineEngine, table),
      (error) => error instanceof CasemateError && error.code === "snp.certificate_table",
      what,
    );
  }
});

Deno.test("SNP-20 a table is recognised by any of its entries, and shown", async () => {
  for (const guid of [VCEK, ASK, ARK]) {
    const shown = await sevSnp.show(inlineEngine, tableOf([[guid, 48, 4]], CONTENTS));
    assert.equal(shown?.kind, "snp-certificate-table");
  }
});

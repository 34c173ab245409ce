/**
 * Revocation lists of the CA of the PCK certificate and of the root: who signed them, and what they are.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat } from "../../../src/core/bytes.ts";
import {
  type Bend,
  certificateIssuer,
  type CrlDescription,
  crlNumber,
  deltaCrlIndicator,
  der,
  ecdsa,
  type Extension,
  generateLabKey,
  intelCaName,
  intelCrlUri,
  issuingDistributionPoint,
  pem,
  type RevokedCertificate,
} from "../../../src/lab/mod.ts";
import { intelAuthority, twinAuthority } from "../../intel_authority.ts";
import { NOW } from "../../lab_authority.ts";
import {
  asFile,
  ask,
  assertBends,
  assertFiles,
  assertGood,
  claimsOf,
  codeOf,
  collateralOf,
  judge,
  mint,
  type Minting,
  sgxCode,
} from "../ask.ts";
import { edited, flipped } from "../../bends/bytes.ts";

type ListName = "pckCrl" | "rootCrl";
const LISTS: readonly ListName[] = ["pckCrl", "rootCrl"];

/** A list changed. */
const crl = (list: ListName, change: Bend<CrlDescription>): Minting => ({
  bends: { [list]: change },
});

/** A list with more extensions. */
const extended = (list: ListName, ...more: readonly Extension[]): Minting =>
  crl(list, (whole) => ({ ...whole, extensions: [...whole.extensions, ...more] }));

Deno.test("TDX-10 lists in force that name nobody of the chain are told, with their numbers", async () => {
  const result = await judge();
  assertGood(result);
  const { pckCrl, rootCrl } = collateralOf(result);
  assert.match(pckCrl.issuer, /Platform CA/);
  assert.match(rootCrl.issuer, /Root CA/);
  assert.deepEqual([pckCrl.number, rootCrl.number], ["01", "01"]);
  assert.equal(result.findings.find(({ id }) => id === "tdx.revocation")?.kind, "match");
});

for (const list of LISTS) {
  Deno.test(`TDX-10 a ${list} whose signature does not hold is refused`, async () => {
    const { root, platform, processor } = await intelAuthority();
    const others = list === "pckCrl" ? [root.key, processor.key] : [platform.key, processor.key];
    const foreign = await generateLabKey("P-256");
    const code = "tdx.crl_signature";
    await assertBends([
      ["no signature", crl(list, { signature: new Uint8Array() }), code],
      ["zeros", crl(list, { signature: new Uint8Array(72) }), code],
      ["by nobody's key", crl(list, { signWith: foreign }), code],
      ...others.map((signWith) => ["by another CA's key", crl(list, { signWith }), code] as const),
    ]);
    const minted = await mint();
    const good = minted.der[list];
    for (const back of [1, 20, 40, 60]) {
      await assertFiles(minted, { [list]: flipped(good, good.length - back) }, code);
    }
  });

  Deno.test(`TDX-10 a bit that flips anywhere in a ${list} is never accepted`, async () => {
    const minted = await mint();
    const good = minted.der[list];
    for (let at = 0; at < good.length; at += 3) {
      const code = await codeOf(ask(minted, { files: { [list]: flipped(good, at) } }));
      assert.match(code, /^(tdx\.crl_|x509\.|input\.)/, `byte ${at}`);
    }
  });

  Deno.test(`TDX-10 a ${list} that cannot be read is never passed over`, async () => {
    const minted = await mint();
    const good = minted.der[list];
    const unreadable: readonly (readonly [string, Uint8Array, string])[] = [
      ["empty", new Uint8Array(), "input.empty"],
      ["text", asFile("not found\n"), "input.encoding"],
      ["a web page", asFile("<!DOCTYPE html>"), "input.encoding"],
      ["JSON", asFile('{"error":404}'), "input.encoding"],
      ["a certificate", minted.der.root, "input.wrong_kind"],
      ["cut short", good.subarray(0, -1), "x509.crl_malformed"],
      ["one byte more", concat(good, Uint8Array.of(0)), "x509.crl_malformed"],
      ["two lists", concat(good, good), "x509.count"],
      ["another outer tag", edited(good, 0, () => 0x31), "input.encoding"],
      ["a length beyond the end", Uint8Array.of(0x30, 0x82, 0xff, 0xff), "x509.crl_malformed"],
      ["hex of half a byte", asFile(`${toText(good)}0`), "input.encoding"],
      ["many sequences", new Uint8Array(700).fill(0x30), "x509.count"],
    ];
    for (const [what, file, code] of unreadable) {
      assert.equal(await codeOf(ask(minted, { files: { [list]: file } })), code, what);
    }
  });

  Deno.test(`TDX-10 a ${list} is taken as DER, PEM and hex, and means the same`, async () => {
    const minted = await mint();
    const good = minted.der[list];
    const { sha256 } = collateralOf(await ask(minted))[list];
    const forms = [
      asFile(pem("X509 CRL", good)),
      asFile(toText(good)),
      asFile(`${toText(good).toUpperCase()}\n`),
    ];
    for (const file of forms) {
      const result = await ask(minted, { files: { [list]: file } });
      assertGood(result);
      assert.equal(collateralOf(result)[list].sha256, sha256);
    }
  });

  Deno.test(`TDX-10 a ${list} is whole, of version 2, and says until when it holds`, async () => {
    const code = "tdx.crl_shape";
    const uri = intelCrlUri("platform");
    const entry = { serial: 5n, at: NOW, extensions: [certificateIssuer(intelCaName("root"))] };
    await assertBends([
      ["no next update", crl(list, { nextUpdate: null }), code],
      ["version 1", crl(list, { version: 1, extensions: [] }), code],
      ["backwards", crl(list, { nextUpdate: new Date(NOW.getTime() - 1000) }), code],
      ["delta", extended(list, deltaCrlIndicator(0)), code],
      ["indirect", extended(list, issuingDistributionPoint(uri, true)), code],
      ["of a part", extended(list, issuingDistributionPoint(uri)), code],
      ["a number twice", extended(list, crlNumber(2)), code],
      ["an entry of another issuer", crl(list, { revoked: [entry] }), code],
    ]);
  });

  Deno.test(`TDX-10 what is critical and unknown in a ${list} is refused`, async () => {
    const unknown = { oid: "2.999.5", critical: true, value: der.nullValue() };
    const noted = { ...unknown, critical: false };
    const entry = (extension: Extension): readonly RevokedCertificate[] => [
      { serial: 5n, at: NOW, extensions: [extension] },
    ];
    await assertBends([
      ["in the list", extended(list, unknown), "tdx.crl_shape"],
      ["in an entry", crl(list, { revoked: entry(unknown) }), "tdx.crl_shape"],
    ]);
    assertGood(await judge(extended(list, noted)));
    assertGood(await judge(crl(list, { revoked: entry(noted) })));
  });

  Deno.test(`TDX-10 a ${list} is signed with ECDSA P-256 and SHA-256 and nothing else`, async () => {
    const p384 = await generateLabKey("P-384");
    await assertBends([
      ["SHA-384", crl(list, { algorithm: ecdsa("SHA-384") }), "tdx.crl_shape"],
      ["P-384", crl(list, { algorithm: ecdsa("SHA-384"), signWith: p384 }), "tdx.crl_shape"],
      [
        "two algorithms",
        crl(list, { outerIdentifier: ecdsa("SHA-384").identifier }),
        "tdx.crl_shape",
      ],
    ]);
  });
}

function toText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

Deno.test("TDX-10 each list is of its own issuer: none stands in for the other", async () => {
  const { root, processor } = await intelAuthority();
  const minted = await mint();
  const { pckCrl, rootCrl } = minted.der;
  await assertFiles(minted, { pckCrl: rootCrl }, "tdx.crl_issuer", "the root's twice");
  await assertFiles(minted, { rootCrl: pckCrl }, "tdx.crl_issuer", "the CA's twice");
  await assertFiles(minted, { pckCrl: rootCrl, rootCrl: pckCrl }, "tdx.crl_issuer", "swapped");
  const code = "tdx.crl_issuer";
  await assertBends([
    ["root's name", crl("pckCrl", { issuer: intelCaName("root"), signWith: root.key }), code],
    [
      "the other CA's",
      crl("pckCrl", { issuer: intelCaName("processor"), signWith: processor.key }),
      code,
    ],
    ["the other CA's name", crl("pckCrl", { issuer: intelCaName("processor") }), code],
    ["nobody's", crl("pckCrl", { issuer: [] }), code],
    ["a CA's name", crl("rootCrl", { issuer: intelCaName("platform") }), code],
    ["nobody's, of the root", crl("rootCrl", { issuer: [] }), code],
  ]);
});

Deno.test("TDX-10 lists of another lab are refused for their signature, whatever their names", async () => {
  const { platform, root } = await twinAuthority();
  await assertBends([
    ["CA", crl("pckCrl", { signWith: platform.key }), "tdx.crl_signature"],
    ["root", crl("rootCrl", { signWith: root.key }), "tdx.crl_signature"],
  ]);
});

Deno.test("TDX-10 quotes of the Platform CA and of the Processor CA hold alike, each with its own list", async () => {
  const [platform, processor] = [await mint(), await mint({ ca: "processor" })];
  for (const [minted, ca] of [[platform, "platform"], [processor, "processor"]] as const) {
    const result = await ask(minted);
    assertGood(result, ca);
    assert.equal(claimsOf(result).chain.ca, ca);
  }
  await assertFiles(platform, { pckCrl: processor.der.pckCrl }, "tdx.crl_issuer");
  await assertFiles(processor, { pckCrl: platform.der.pckCrl }, "tdx.crl_issuer");
  const sgx = await mint({ version: 3, ca: "processor" });
  assert.equal(await sgxCode(sgx), "none");
  assert.equal(await sgxCode(sgx, { pckCrl: platform.der.pckCrl }), "tdx.crl_issuer");
});

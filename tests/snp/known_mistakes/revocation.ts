/**
 * Revocation lists.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError } from "../../../mod.ts";
import { concat } from "../../../src/core/bytes.ts";
import {
  addYears,
  AMD_PSS,
  type Bend,
  caSerials,
  certificateIssuer,
  type CrlDescription,
  crlNumber,
  crlUri,
  deltaCrlIndicator,
  der,
  describeCrl,
  dropExtension,
  type Extension,
  EXTENSION_OIDS,
  issuingDistributionPoint,
  labName,
  replaceExtension,
  rsaPkcs1,
  rsaPss,
  writeCrl,
} from "../../../src/lab/mod.ts";
import { labAuthority, NOW } from "../../lab_authority.ts";
import { assertRefused, assertVerdict, findingOf } from "../../result.ts";
import { ask, assertBends, assertGood, claimsOf, mint, type Minting } from "../ask.ts";
import { edited, flipped } from "../../bends/bytes.ts";

const SECOND = 1000;

const crl = (change: Bend<CrlDescription>): Minting => ({ bends: { crl: change } });
const extended = (...more: readonly Extension[]): Minting =>
  crl((list) => ({ ...list, extensions: [...list.extensions, ...more] }));
const replaced = (extension: Extension): Minting =>
  crl((list) => ({ ...list, extensions: replaceExtension(list.extensions, extension) }));

Deno.test("SNP-10 a list in force that does not name the chain is a match, with its number", async () => {
  const result = await ask(await mint());
  assertGood(result);
  const [list] = claimsOf(result).crls;
  assert.equal(list?.number, "01");
  assert.equal(list?.scope, crlUri("Genoa", "VCEK"));
  assert.equal(result.findings.find(({ id }) => id === "snp.revocation")?.kind, "match");
});

Deno.test("SNP-10 no list is unavailable by default, and never a match", async () => {
  const minted = await mint();
  const none = { files: { crls: [] } };
  const finding = assertVerdict(await ask(minted, none), "unavailable", "snp.crl_missing");
  assert.equal(finding.kind, "unchecked");
  const allowed = await ask(minted, { ...none, section: { revocation: "if-given" } });
  assertGood(allowed);
  const open = allowed.findings.find(({ id }) => id === "snp.revocation");
  assert.deepEqual([open?.kind, open?.required], ["unchecked", false]);
});

Deno.test("SNP-10 a refusal without list does not say that revocation was looked at", async () => {
  const minted = await mint();
  const report = flipped(minted.report, 0x90);
  const result = await ask(minted, { files: { crls: [], report } });
  assertRefused(result, "snp.signature_mismatch");
  assert.equal(result.findings.find(({ id }) => id === "snp.revocation")?.kind, "unchecked");
});

Deno.test("SNP-10 a list whose signature does not hold is refused", async () => {
  const minted = await mint();
  const list = minted.der.crl;
  const unsigned = crl({ signature: new Uint8Array(512) });
  const { VCEK } = await labAuthority();
  await assertBends([
    ["zeros", unsigned, "snp.crl_signature"],
    ["no signature", crl({ signature: new Uint8Array() }), "snp.crl_signature"],
    ["signed by the ASK under the ARK's name", crl({ signWith: VCEK.key }), "snp.crl_signature"],
  ]);
  for (const at of [list.length - 1, list.length - 512, list.length - 200]) {
    const crls = [flipped(list, at)];
    assertRefused(await ask(minted, { files: { crls } }), "snp.crl_signature");
  }
});

Deno.test("SNP-10 a bit that flips anywhere in a list is never accepted", async () => {
  const minted = await mint();
  for (let at = 0; at < minted.der.crl.length; at += 7) {
    const files = { crls: [flipped(minted.der.crl, at)] };
    const code = await ask(minted, { files }).then(
      (result) => {
        assert.equal(result.verdict, "rejected", `byte ${at}`);
        return result.code;
      },
      (error) => error instanceof InputError ? error.code : error,
    );
    assert.match(String(code), /^(snp\.crl_|x509\.|input\.)/, `byte ${at}`);
  }
});

Deno.test("SNP-10 a stale list is refused, so is one from the future, to the second", async () => {
  const at = (milliseconds: number): Date => new Date(NOW.getTime() + milliseconds);
  await assertBends([
    ["stale", crl({ thisUpdate: addYears(NOW, -1), nextUpdate: at(-SECOND) }), "snp.crl_expired"],
    ["future", crl({ thisUpdate: at(SECOND) }), "snp.crl_not_yet_valid"],
    ["backwards", crl({ thisUpdate: at(SECOND), nextUpdate: at(-SECOND) }), "snp.crl_shape"],
  ]);
  assertGood(await ask(await mint(crl({ thisUpdate: addYears(NOW, -1), nextUpdate: NOW }))));
});

Deno.test("SNP-10 a list that was good when first seen is stale later, remembered or not", async () => {
  const minted = await mint();
  assertGood(await ask(minted));
  const now = new Date(NOW.getTime() + 366 * 86_400 * SECOND);
  assertRefused(await ask(minted, { request: { now } }), "snp.crl_expired");
});

Deno.test("SNP-10 a list without next update is refused", async () => {
  await assertBends([["no nextUpdate", crl({ nextUpdate: null }), "snp.crl_shape"]]);
});

Deno.test("SNP-10 a list of another issuer is refused", async () => {
  const { VCEK } = await labAuthority();
  const milan = await mint({ line: "Milan" });
  await assertBends([
    ["ASK's", crl({ issuer: labName("SEV-Genoa"), signWith: VCEK.key }), "snp.crl_issuer"],
    ["Milan's name", crl({ issuer: labName("ARK-Milan") }), "snp.crl_issuer"],
    ["nobody's", crl({ issuer: [] }), "snp.crl_issuer"],
  ]);
  const crls = [milan.der.crl];
  assertRefused(await ask(await mint(), { files: { crls } }), "snp.crl_issuer");
});

Deno.test("SNP-10 each certificate of the chain is looked up: ARK, ASK and leaf", async () => {
  const serials = caSerials("Genoa");
  for (const [name, serial] of [["ARK", serials.ARK], ["ASK", serials.VCEK]] as const) {
    const result = await ask(await mint(crl({ revoked: [{ serial, at: NOW }] })));
    assertRefused(result, "snp.revoked");
    assert.match(
      String(findingOf(result, "snp.revoked").actual),
      new RegExp(`certificate ${name}`),
    );
  }
  const serial = 0x1234_5678_9abcn;
  const revoked = [{ serial: 1n, at: NOW }, { serial, at: NOW }, { serial: serial + 1n, at: NOW }];
  const leaf = await mint({ bends: { leaf: { serial }, crl: { revoked } } });
  assertRefused(await ask(leaf), "snp.revoked");
  const others = revoked.filter((entry) => entry.serial !== serial);
  const spared = await ask(await mint({ bends: { leaf: { serial }, crl: { revoked: others } } }));
  assertGood(spared);
  assert.equal(claimsOf(spared).crls[0]?.revoked, 2);
});

Deno.test("SNP-10 a revocation that is dated tomorrow is a revocation", async () => {
  const at = new Date(NOW.getTime() + 86_400 * SECOND);
  const revoked = [{ serial: caSerials("Genoa").VCEK, at }];
  assertRefused(await ask(await mint(crl({ revoked }))), "snp.revoked");
});

Deno.test("SNP-10 any of several lists revokes, and each is checked", async () => {
  const minted = await mint();
  const good = minted.der.crl;
  const { ARK } = await labAuthority();
  const description = await describeCrl("Genoa", "VCEK", ARK.key, NOW);
  const revoked = [{ serial: caSerials("Genoa").VCEK, at: NOW }];
  const bad = await writeCrl({ ...description, revoked });
  for (const crls of [[good, bad], [bad, good]]) {
    assertRefused(await ask(minted, { files: { crls } }), "snp.revoked");
  }
  assertGood(await ask(minted, { files: { crls: [good, good] } }));
  const crls = [good, flipped(good, good.length - 1)];
  assertRefused(await ask(minted, { files: { crls } }), "snp.crl_signature");
});

Deno.test("SNP-10 the list is the one of the leaf's form", async () => {
  const [vcek, vlek] = [await mint(), await mint({ form: "VLEK" })];
  assertGood(await ask(vlek));
  assertRefused(await ask(vlek, { files: { crls: [vcek.der.crl] } }), "snp.crl_scope");
  assertRefused(await ask(vcek, { files: { crls: [vlek.der.crl] } }), "snp.crl_scope");
  // A list without a scope covers all that its issuer issued.
  const { issuingDistributionPoint: scope } = EXTENSION_OIDS;
  const whole = crl((list) => ({ ...list, extensions: dropExtension(list.extensions, scope) }));
  assertGood(await ask(await mint(whole)));
});

Deno.test("SNP-10 delta, indirect and partial lists are refused", async () => {
  const uri = crlUri("Genoa", "VCEK");
  const entry = { serial: 5n, at: NOW, extensions: [certificateIssuer(labName("ARK-Milan"))] };
  const point = der.explicit(0, der.explicit(0, der.implicit(6, der.ia5String(uri))));
  const partial = (flag: number): Extension => ({
    oid: EXTENSION_OIDS.issuingDistributionPoint,
    critical: true,
    value: der.sequence(point, der.implicit(flag, der.boolean(true))),
  });
  await assertBends([
    ["delta", extended(deltaCrlIndicator(0)), "snp.crl_shape"],
    ["indirect", replaced(issuingDistributionPoint(uri, true)), "snp.crl_shape"],
    ["user certificates only", replaced(partial(1)), "snp.crl_shape"],
    ["authorities only", replaced(partial(2)), "snp.crl_shape"],
    ["attribute certificates only", replaced(partial(5)), "snp.crl_shape"],
    ["entry of another issuer", crl({ revoked: [entry] }), "snp.crl_shape"],
  ]);
});

Deno.test("SNP-10 what is critical and unknown is refused, in the list and in its entries", async () => {
  const unknown = { oid: "2.999.5", critical: true, value: der.nullValue() };
  const entry = { serial: 5n, at: NOW };
  const noted = { ...unknown, critical: false };
  await assertBends([
    ["in the list", extended(unknown), "snp.crl_shape"],
    ["in an entry", crl({ revoked: [{ ...entry, extensions: [unknown] }] }), "snp.crl_shape"],
    ["repeated", extended(crlNumber(2)), "snp.crl_shape"],
  ]);
  assertGood(await ask(await mint(extended(noted))));
  assertGood(await ask(await mint(crl({ revoked: [{ ...entry, extensions: [noted] }] }))));
});

Deno.test("SNP-10 a list is signed with AMD's algorithm and of version 2", async () => {
  const weak = { ...AMD_PSS, saltLength: 32 };
  await assertBends([
    ["PKCS #1 v1.5", crl({ algorithm: rsaPkcs1() }), "snp.crl_shape"],
    ["other salt", crl({ algorithm: rsaPss(weak, weak) }), "snp.crl_shape"],
    [
      "two algorithms",
      crl({ outerIdentifier: rsaPss({ ...AMD_PSS, trailerField: null }).identifier }),
      "snp.crl_shape",
    ],
    ["version 1", crl({ version: 1, extensions: [] }), "snp.crl_shape"],
  ]);
});

Deno.test("SNP-10 a list that is given but cannot be read is never passed over", async () => {
  const minted = await mint();
  const text = (words: string): Uint8Array => new TextEncoder().encode(words);
  const list = minted.der.crl;
  const unreadable: readonly (readonly [string, Uint8Array, string])[] = [
    ["empty", new Uint8Array(), "input.empty"],
    ["text", text("not found\n"), "input.encoding"],
    ["a web page", text("<!DOCTYPE html>"), "input.encoding"],
    ["a certificate", minted.der.ark, "input.wrong_kind"],
    ["cut short", list.subarray(0, -1), "x509.crl_malformed"],
    ["one byte more", concat(list, Uint8Array.of(0)), "x509.crl_malformed"],
    ["two lists in one file", concat(list, list), "x509.count"],
    ["another outer tag", edited(list, 0, () => 0x31), "input.encoding"],
    ["a length beyond the end", Uint8Array.of(0x30, 0x82, 0xff, 0xff, 0x30), "x509.crl_malformed"],
    ["many sequences", new Uint8Array(700).fill(0x30), "x509.count"],
  ];
  for (const [what, bytes, code] of unreadable) {
    const asked = ask(minted, { files: { crls: [bytes] }, section: { revocation: "if-given" } });
    if (code.startsWith("input.")) {
      await assert.rejects(
        asked,
        (error) => error instanceof InputError && error.code === code,
        what,
      );
    } else assertRefused(await asked, code);
  }
});

Deno.test("SNP-10 more lists than any chain needs are refused", async () => {
  const minted = await mint();
  const crls = new Array(5).fill(minted.der.crl);
  await assert.rejects(
    ask(minted, { files: { crls } }),
    (error) => error instanceof InputError && error.code === "input.value",
  );
});

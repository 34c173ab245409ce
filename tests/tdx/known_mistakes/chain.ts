/**
 * The PCK chain: its order and its signatures.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../../mod.ts";
import { concat } from "../../../src/core/bytes.ts";
import {
  authorityKeyIdentifier,
  bendIntelAuthority,
  type CertificateDescription,
  describeIntelCa,
  describePck,
  generateLabKey,
  type IntelAuthority,
  intelCaName,
  type MintedTdx,
  mintTdx,
  pem,
  replaceExtension,
  subjectKeyIdentifier,
  writeCertificate,
} from "../../../src/lab/mod.ts";
import { intelAuthority, twinAuthority } from "../../intel_authority.ts";
import { NOW } from "../../lab_authority.ts";
import { assertRefused } from "../../result.ts";
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
  NONCE,
} from "../ask.ts";
import { edited } from "../../bends/bytes.ts";
import { placesOf } from "../bytes_of.ts";
import { chainOf, withChain } from "../chain.ts";
import { overReal, realCase } from "../corpus.ts";

/** Minted evidence whose chain is replaced. */
const chained = (minted: MintedTdx, ...certificates: readonly Uint8Array[]) => ({
  quote: withChain(minted, chainOf(...certificates)),
});

Deno.test("TDX-11 the chain is PCK certificate, CA and root, in this order and no other", async () => {
  const minted = await mint();
  const { pck, ca, root } = minted.der;
  assertGood(await ask(minted, { files: chained(minted, pck, ca, root) }));
  const orders = [[pck, root, ca], [ca, pck, root], [ca, root, pck], [root, pck, ca], [
    root,
    ca,
    pck,
  ]];
  for (const order of orders) {
    await assertFiles(minted, chained(minted, ...order), "tdx.chain_order");
  }
  const doubles = [[pck, pck, root], [ca, ca, root], [root, root, root], [pck, root, root]];
  for (const chain of doubles) {
    await assertFiles(minted, chained(minted, ...chain), "tdx.chain_order");
  }
  await assertFiles(minted, chained(minted, pck, ca, ca), "tdx.root_unknown");
});

Deno.test("TDX-11 a chain in the wrong order does not show its root as pinned where it is not", async () => {
  const minted = await mint();
  const { pck, ca, root } = minted.der;
  const files = chained(minted, root, ca, pck);
  const { findings } = await ask(minted, { files, request: { labRoots: [] } });
  const matched = findings.filter(({ kind }) => kind === "match").map(({ id }) => id);
  assert.deepEqual(matched, ["tdx.quote"]);
});

Deno.test("TDX-11 certificates that are missing, added or repeated are refused", async () => {
  const minted = await mint();
  const { pck, ca, root, tcbSigning } = minted.der;
  const other = (await mint()).der.pck;
  const chains = [
    [pck],
    [root],
    [pck, ca],
    [pck, root],
    [ca, root],
    [pck, ca, root, root],
    [pck, ca, ca, root],
    [pck, pck, ca, root],
    [other, pck, ca, root],
    [pck, other, ca, root],
    [pck, ca, root, other],
    [pck, ca, root, tcbSigning],
    [pck, ca, root, pck, ca, root],
  ];
  for (const chain of chains) {
    await assertFiles(minted, chained(minted, ...chain), "x509.count");
  }
});

Deno.test("TDX-11 a place of the chain that holds something else is refused", async () => {
  const minted = await mint();
  const { pck, ca, root, pckCrl } = minted.der;
  const text = (words: string): Uint8Array => new TextEncoder().encode(words);
  const good = new TextDecoder().decode(chainOf(pck, ca, root)).replace("\0", "");
  const places: readonly (readonly [string, Uint8Array])[] = [
    ["nothing", new Uint8Array()],
    ["a byte that is zero", new Uint8Array(1)],
    ["a list", text(pem("X509 CRL", pckCrl))],
    ["words", text("no chain")],
    ["words before", text(`x\n${good}`)],
    ["words behind", text(`${good}x`)],
    ["words between", text(good.replace("-----\n-----", "-----\nx\n-----"))],
    ["a zero between", text(good.replace("-----\n-----", "-----\n\0-----"))],
    ["certificates behind a zero", text(`${good}\0${good}`)],
    ["no end", text(good.slice(0, -20))],
    ["a damaged block", text(good.replace("MII", "M!!"))],
    ["random bytes", new Uint8Array(700).fill(0x30)],
  ];
  for (const [what, bytes] of places) {
    const code = await codeOf(ask(minted, { files: { quote: withChain(minted, bytes) } }));
    assert.match(code, /^(input|x509)\./, what);
  }
});

Deno.test("TDX-11 forms of a right chain are taken: without the last zero, with more of them, with other line ends", async () => {
  const minted = await mint();
  const { pck, ca, root } = minted.der;
  const chain = chainOf(pck, ca, root);
  const forms = [
    chain.subarray(0, -1),
    concat(chain, new Uint8Array(3)),
    new TextEncoder().encode(new TextDecoder().decode(chain).replaceAll("\n", "\r\n")),
  ];
  for (const form of forms) {
    assertGood(await ask(minted, { files: { quote: withChain(minted, form) } }));
  }
});

Deno.test("TDX-11 each certificate is signed by the next one's key, and a link that held before holds nothing else", async () => {
  const authority = await intelAuthority();
  const twin = await twinAuthority();
  const foreign = await generateLabKey("P-256");
  const code = "tdx.chain_signature";
  const signed = (name: "pck" | "ca" | "root", key = foreign): Minting =>
    bent({ [name]: { signWith: key } });
  await assertBends([
    ["PCK by nobody", signed("pck"), code],
    ["PCK by the root", signed("pck", authority.root.key), code],
    ["PCK by the other CA", signed("pck", authority.processor.key), code],
    ["PCK by another lab's CA", signed("pck", twin.platform.key), code],
    ["PCK unsigned", bent({ pck: { signature: new Uint8Array() } }), code],
    ["CA by nobody", signed("ca"), code],
    ["CA by itself", signed("ca", authority.platform.key), code],
    ["CA by another lab's root", signed("ca", twin.root.key), code],
    ["CA unsigned", bent({ ca: { signature: new Uint8Array() } }), code],
    ["root by nobody", signed("root"), code],
    ["root unsigned", bent({ root: { signature: new Uint8Array() } }), code],
  ]);
  for (let i = 0; i < 2; i++) {
    assertGood(await judge());
    assertRefused(await judge(signed("pck")), code);
  }
});

Deno.test("TDX-11 parts of another lab's chain do not mix with this one's, whatever their names", async () => {
  const minted = await mint();
  const forged = await mintTdx(await twinAuthority(), {
    now: NOW,
    reportData: NONCE,
    keys: minted.keys,
  });
  assertGood(await ask(forged));
  const own = { request: { labRoots: [minted.der.root] } };
  assertRefused(await ask(forged, own), "tdx.root_unknown");
  const both = { request: { labRoots: [minted.der.root, forged.der.root] } };
  const { pck, ca, root } = minted.der;
  const mixed: readonly (readonly [readonly Uint8Array[], string])[] = [
    [[forged.der.pck, forged.der.ca, root], "tdx.chain_signature"],
    [[forged.der.pck, ca, root], "tdx.chain_signature"],
    [[pck, forged.der.ca, root], "tdx.chain_signature"],
    [[pck, forged.der.ca, forged.der.root], "tdx.chain_signature"],
    [[pck, ca, forged.der.root], "tdx.chain_signature"],
  ];
  for (const [chain, code] of mixed) {
    const result = await ask(minted, { files: chained(minted, ...chain), ...both });
    assert.equal(result.code, code);
    assertRefused(result, code);
  }
});

Deno.test("TDX-11 a PCK key signs no certificates: a leaf behind a leaf is refused", async () => {
  const { keys: owner, der: { pck, ca, root } } = await mint();
  const attacker = await mint();
  const fields = attacker.pck;
  for (const issuer of ["platform", "processor"] as const) {
    const description = await describePck({
      ca: issuer,
      key: attacker.keys.pck,
      issuerKey: owner.pck,
      fields,
      now: NOW,
    });
    const named = await writeCertificate(description);
    const honest = await writeCertificate({ ...description, issuer: pckName(description) });
    for (const leaf of [named, honest]) {
      await assertFiles(attacker, chained(attacker, leaf, ca, root), "tdx.chain_signature");
      await assertFiles(attacker, chained(attacker, leaf, pck, root), "tdx.chain_order");
      await assertFiles(attacker, chained(attacker, leaf, pck, ca), "tdx.root_unknown");
      await assertFiles(attacker, chained(attacker, leaf, pck, ca, root), "x509.count");
    }
  }
});

/** The subject of a PCK certificate as an issuer. */
function pckName({ subject }: CertificateDescription): CertificateDescription["issuer"] {
  return subject;
}

Deno.test("TDX-11 the certificate that signs TCB info signs no certificates", async () => {
  const { tcbSigning } = await intelAuthority();
  const attacker = await mint(bent({ pck: { signWith: tcbSigning.key } }));
  const { pck, ca, root } = attacker.der;
  await assertFiles(
    attacker,
    chained(attacker, pck, tcbSigning.certificate, root),
    "tdx.chain_order",
  );
  await assertFiles(attacker, chained(attacker, pck, ca, root), "tdx.chain_signature");
});

Deno.test("TDX-11 a leaf that calls itself a CA or a root is none", async () => {
  const rootName = { subject: intelCaName("root") };
  const caName = { subject: intelCaName("platform") };
  assertRefused(await judge(bent({ pck: caName })), "tdx.chain_order");
  const code = (await judge(bent({ pck: rootName }))).code;
  assert.match(String(code), /^tdx\.(chain_order|root_)/);
  // A root that the platform CA issued under its own name for itself.
  const { platform } = await intelAuthority();
  const own = await describeIntelCa({
    member: "root",
    key: platform.key,
    root: platform.key,
    now: NOW,
  });
  const minted = await mint();
  const { pck, ca } = minted.der;
  const files = chained(minted, pck, ca, await writeCertificate(own));
  await assertFiles(minted, files, "tdx.root_unknown");
});

Deno.test("TDX-11 key identifiers decide nothing: empty, missing or borrowed ones make no chain", async () => {
  const twin = await twinAuthority();
  const empty = [subjectKeyIdentifier(new Uint8Array()), authorityKeyIdentifier(new Uint8Array())];
  const emptied = (whole: CertificateDescription): CertificateDescription => ({
    ...whole,
    extensions: empty.reduce<CertificateDescription["extensions"]>(
      (all, one) => replaceExtension(all, one),
      whole.extensions,
    ),
  });
  const { keys } = await mint();
  const forged: IntelAuthority = await bendIntelAuthority(twin, {
    root: emptied,
    platform: emptied,
  });
  const evidence = await mintTdx(forged, {
    now: NOW,
    reportData: NONCE,
    keys,
    bends: { pck: emptied },
  });
  const { root } = await intelAuthority();
  const request = { labRoots: [root.certificate] };
  assertRefused(await ask(evidence, { request }), "tdx.root_unknown");
  const { pck, ca } = evidence.der;
  const grafted = await ask(evidence, {
    files: chained(evidence, pck, ca, root.certificate),
    request,
  });
  assertRefused(grafted, "tdx.chain_signature");
});

Deno.test("TDX-11 the chain of another platform does not vouch for this quote", async () => {
  const [one, other] = [await mint(), await mint()];
  const { pck, ca, root } = other.der;
  await assertFiles(one, chained(one, pck, ca, root), "tdx.qe_report_signature");
  const processor = await mint({ ca: "processor" });
  const foreign = chained(one, processor.der.pck, processor.der.ca, root);
  const { pckCrl } = processor.der;
  await assertFiles(one, { ...foreign, pckCrl }, "tdx.qe_report_signature");
});

Deno.test({
  ...overReal(
    "TDX-11 a real chain is pinned at Intel's root; another platform's, or one turned round, is refused",
  ),
  fn: async () => {
    const one = realCase("tdx/v4-dcapqvl-b0c06f");
    const other = realCase("tdx/v4-debug-td-trustee").files.quote;
    const asked = async (quote: Uint8Array) =>
      await examine({
        variant: "tdx",
        evidence: { quote },
        expect: { freshness: "none" },
        now: one.now,
      });
    const { quote } = one.files;
    const whole = await asked(quote);
    assert.deepEqual([claimsOf(whole).chain.lab, whole.weakestRoot], [false, "intel"]);
    const [mine, theirs] = [placesOf(quote), placesOf(other)];
    const foreign = other.subarray(theirs.chain, theirs.end);
    const size = mine.end - mine.chain;
    // Both chains end in a zero, so the shorter one can be filled up with zeros.
    const fitted = concat(foreign, new Uint8Array(Math.max(0, size - foreign.length)));
    if (fitted.length === size) {
      const spliced = concat(quote.subarray(0, mine.chain), fitted, quote.subarray(mine.end));
      assertRefused(await asked(spliced), "tdx.qe_report_signature");
    }
    const text = new TextDecoder("latin1").decode(quote.subarray(mine.chain, mine.end));
    const blocks = text.replace(/\0+$/, "").match(/-----BEGIN[^]*?-----END CERTIFICATE-----\n?/g);
    assert.equal(blocks?.length, 3);
    const turned = (blocks ?? []).toReversed().map((block) => block.trimEnd()).join("\n");
    const bytes = new TextEncoder().encode(turned);
    const padded = concat(bytes, new Uint8Array(size - bytes.length));
    const reversed = concat(quote.subarray(0, mine.chain), padded, quote.subarray(mine.end));
    assertRefused(await asked(reversed), "tdx.chain_order");
    for (let at = mine.chain + 100; at < mine.end - 100; at += 331) {
      const { verdict } = await asked(edited(quote, at, (byte) => byte === 65 ? 66 : 65))
        .catch(() => ({ verdict: "rejected" }));
      assert.equal(verdict, "rejected", `byte ${at}`);
    }
  },
});

/**
 * What revocation lists say of the chain, the chain that comes with one, and Intel's own lists.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError, type Result } from "../../../mod.ts";
import { concat } from "../../../src/core/bytes.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { verifySgxQuote } from "../../../src/evidence/tdx/mod.ts";
import {
  type Bend,
  type CrlDescription,
  intelRevoked,
  intelSerial,
  type LabKey,
} from "../../../src/lab/mod.ts";
import { intelAuthority, twinAuthority } from "../../intel_authority.ts";
import { NOW } from "../../lab_authority.ts";
import { assertRefused, findingOf } from "../../result.ts";
import {
  asFile,
  ask,
  assertFiles,
  assertGood,
  bent,
  collateralOf,
  judge,
  mint,
  type Minting,
} from "../ask.ts";
import { edited, flipped } from "../../bends/bytes.ts";
import { overReal, realCase } from "../corpus.ts";

type ListName = "pckCrl" | "rootCrl";

/** A list changed. */
const crl = (list: ListName, change: Bend<CrlDescription>): Minting => ({
  bends: { [list]: change },
});

/** A list that revokes the certificates of some keys. */
async function revoking(list: ListName, ...keys: readonly LabKey[]): Promise<Minting> {
  const serials = await Promise.all(keys.map(intelSerial));
  return crl(list, { revoked: serials.map((serial) => intelRevoked(serial, NOW)) });
}

Deno.test("TDX-10 each certificate is looked up in the list of its issuer: PCK, CA and TCB signing", async () => {
  const authority = await intelAuthority();
  const { keys } = await mint();
  for (const ca of ["platform", "processor"] as const) {
    const revoked: readonly (readonly [string, Minting])[] = [
      ["PCK", { keys, ...await revoking("pckCrl", keys.pck) }],
      ["CA", await revoking("rootCrl", authority[ca].key)],
      ["TCB signing", await revoking("rootCrl", authority.tcbSigning.key)],
    ];
    for (const [name, minting] of revoked) {
      const result = await judge({ ca, ...minting });
      assertRefused(result, "tdx.revoked");
      assert.match(JSON.stringify(findingOf(result, "tdx.revoked")), new RegExp(name));
    }
  }
});

Deno.test("TDX-10 the root itself, on its own list, is revoked", async () => {
  const { root } = await intelAuthority();
  assertRefused(await judge(await revoking("rootCrl", root.key)), "tdx.revoked");
});

Deno.test("TDX-10 a certificate is found among others, first, last or alone; its neighbours are spared", async () => {
  const { keys } = await mint();
  const serial = await intelSerial(keys.pck);
  const entries = Array.from({ length: 40 }, (_, i) => intelRevoked(serial + BigInt(i) - 20n, NOW));
  const others = entries.filter((entry) => entry.serial !== serial);
  const spared = await judge({ keys, ...crl("pckCrl", { revoked: others }) });
  assertGood(spared);
  assert.equal(collateralOf(spared).pckCrl.revoked, 39);
  const own = intelRevoked(serial, NOW);
  for (const revoked of [[own], [own, ...others], [...others, own], [...others, own, ...others]]) {
    assertRefused(await judge({ keys, ...crl("pckCrl", { revoked }) }), "tdx.revoked");
  }
});

Deno.test("TDX-10 serial numbers are compared whole", async () => {
  const { keys } = await mint();
  for (const serial of [1n, 0x80n, 0xffn << 152n, 1n << 158n]) {
    const pck = { serial };
    const near = [serial << 8n, serial + 1n, serial ^ (1n << 157n), serial & 0xffn];
    const others = near.filter((one) => one !== serial && one > 0n && one < 1n << 159n)
      .map((one) => intelRevoked(one, NOW));
    const listed = { revoked: [...others, intelRevoked(serial, NOW)] };
    assertGood(await judge({ keys, bends: { pck, pckCrl: { revoked: others } } }), `${serial}`);
    assertRefused(await judge({ keys, bends: { pck, pckCrl: listed } }), "tdx.revoked");
  }
});

Deno.test("TDX-10 a revocation that is dated tomorrow, or has no reason, is a revocation", async () => {
  const { keys } = await mint();
  const serial = await intelSerial(keys.pck);
  const tomorrow = new Date(NOW.getTime() + 86_400_000);
  for (
    const entry of [{ serial, at: tomorrow }, { serial, at: NOW }, intelRevoked(serial, tomorrow)]
  ) {
    assertRefused(await judge({ keys, ...crl("pckCrl", { revoked: [entry] }) }), "tdx.revoked");
  }
});

Deno.test("TDX-10 a serial counts in the list of its issuer alone", async () => {
  const authority = await intelAuthority();
  const { keys } = await mint();
  assertGood(await judge({ keys, ...await revoking("rootCrl", keys.pck) }));
  assertGood(await judge(await revoking("pckCrl", authority.platform.key)));
});

Deno.test("TDX-10 a list that was fine before does not stand in for one that revokes", async () => {
  const minted = await mint();
  const { der: { pckCrl } } = await mint({
    keys: minted.keys,
    ...await revoking("pckCrl", minted.keys.pck),
  });
  for (let i = 0; i < 2; i++) {
    assertGood(await ask(minted));
    await assertFiles(minted, { pckCrl }, "tdx.revoked");
  }
});

Deno.test("TDX-10 the chain that comes with the list agrees with the quote's, or is refused", async () => {
  const minted = await mint();
  const { root, processor } = await intelAuthority();
  const twin = await twinAuthority();
  const chain = (...certificates: readonly Uint8Array[]) =>
    ask(minted, { files: { pckCrlChain: concat(...certificates) } });
  const { ca, root: rootDer } = minted.der;
  assertGood(await ask(minted, { files: { pckCrlChain: asFile(minted.pckCrlChain) } }));
  assertGood(await chain(ca, rootDer));
  const escaped = asFile(encodeURIComponent(minted.pckCrlChain));
  assertGood(await ask(minted, { files: { pckCrlChain: escaped } }));
  const code = "tdx.crl_issuer";
  assertRefused(await chain(processor.certificate, rootDer), code);
  assertRefused(await chain(twin.platform.certificate, rootDer), code);
  assertRefused(await chain(ca, twin.root.certificate), code);
  assertRefused(await chain(rootDer, ca), code);
  assertRefused(await chain(rootDer, root.certificate), code);
  assertRefused(await chain(flipped(ca, ca.length - 1), rootDer), "tdx.crl_signature");
  for (const certificates of [[ca], [rootDer], [ca, rootDer, rootDer], [ca, ca, rootDer]]) {
    assertRefused(await chain(...certificates), "x509.count");
  }
  for (const file of [new Uint8Array(), asFile("none"), minted.der.pckCrl]) {
    await assert.rejects(ask(minted, { files: { pckCrlChain: file } }), InputError);
  }
});

Deno.test("TDX-10 the CA of that chain is looked up, and must be in force", async () => {
  const { platform } = await intelAuthority();
  const minted = await mint();
  const files = { pckCrlChain: asFile(minted.pckCrlChain) };
  const revoked = await mint(await revoking("rootCrl", platform.key));
  assertRefused(await ask(revoked, { files }), "tdx.revoked");
  const past = new Date(NOW.getTime() - 1000);
  const old = await mint(bent({ ca: { notBefore: new Date(0), notAfter: past, serial: 77n } }));
  const oldChain = { pckCrlChain: asFile(old.pckCrlChain) };
  await assertFiles(minted, oldChain, "tdx.certificate_expired");
  const listed = crl("rootCrl", { revoked: [intelRevoked(77n, NOW)] });
  assertRefused(await judge(listed, { files: oldChain }), "tdx.revoked");
});

/** Asks about real evidence with files changed. */
function askReal(
  name: string,
  change: (files: ReturnType<typeof realCase>["files"]) => object,
): Promise<Result> {
  const { files, now } = realCase(name);
  const evidence = { ...files, ...change(files) };
  return examine({ variant: "tdx", evidence, expect: { freshness: "none" }, now });
}

Deno.test({
  ...overReal("TDX-10 Intel's own lists with a broken signature are refused, both of them"),
  fn: async () => {
    for (const name of ["tdx/v4-dcapqvl-b0c06f", "tdx/v5-google-90c06f", "gcp/tdx-cos113-ccel"]) {
      for (const list of ["pckCrl", "rootCrl"] as const) {
        const result = await askReal(name, (files) => {
          const file = files[list];
          assert.ok(file);
          return { [list]: flipped(file, file.length - 1) };
        });
        assertRefused(result, "tdx.crl_signature");
        const empty = await askReal(name, (files) => {
          const file = files[list];
          assert.ok(file);
          return { [list]: edited(file, file.length - 40, (byte) => byte ^ 1) };
        });
        assertRefused(empty, "tdx.crl_signature");
      }
    }
  },
});

Deno.test({
  ...overReal("TDX-10 Intel's own lists with an entry changed, cut off or swapped are refused"),
  fn: async () => {
    const name = "tdx/v4-dcapqvl-b0c06f";
    const { pckCrl, rootCrl } = realCase(name).files;
    assert.ok(pckCrl && rootCrl);
    for (let at = 200; at < pckCrl.length - 72; at += 61) {
      const result = await askReal(name, () => ({ pckCrl: flipped(pckCrl, at) }));
      assert.match(String(result.code), /^(tdx\.crl_|x509\.)/, `byte ${at}`);
    }
    assertRefused(await askReal(name, () => ({ pckCrl: rootCrl })), "tdx.crl_issuer");
    assertRefused(await askReal(name, () => ({ rootCrl: pckCrl })), "tdx.crl_issuer");
    const cut = await askReal(name, () => ({ pckCrl: pckCrl.subarray(0, 1000) }));
    assertRefused(cut, "x509.crl_malformed");
    const { pckCrl: processors } = realCase("sgx/v3-dcapqvl-sgx").files;
    assertRefused(await askReal(name, () => ({ pckCrl: processors })), "tdx.crl_issuer");
  },
});

Deno.test({
  ...overReal(
    "TDX-10 a real quote of the Processor CA holds with that CA's list, and with no other",
  ),
  fn: async () => {
    const { files, now } = realCase("sgx/v3-dcapqvl-sgx");
    const context = { now, labRoots: [] };
    const proven = await verifySgxQuote(inlineEngine, files, context);
    assert.equal(proven.chain.ca, "processor");
    assert.equal(proven.pck.platformInstanceId, null);
    const { pckCrl } = realCase("sgx/v3-00606a-automata").files;
    assert.ok(pckCrl);
    await assert.rejects(
      verifySgxQuote(inlineEngine, { ...files, pckCrl }, context),
      (error) => Object(error).code === "tdx.crl_issuer",
    );
  },
});

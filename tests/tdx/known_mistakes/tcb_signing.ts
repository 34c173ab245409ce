/**
 * The chain of TCB info and QE identity: the certificate that signs both, under the quote's own root.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../../mod.ts";
import { concat } from "../../../src/core/bytes.ts";
import {
  basicConstraints,
  type CertificateDescription,
  ecdsa,
  generateLabKey,
  intelCaName,
  pem,
  replaceExtension,
  strictKeyUsage,
} from "../../../src/lab/mod.ts";
import { intelAuthority, twinAuthority } from "../../intel_authority.ts";
import { assertRefused } from "../../result.ts";
import {
  asFile,
  ask,
  assertBends,
  assertFiles,
  assertGood,
  bent,
  codeOf,
  filesOf,
  mint,
} from "../ask.ts";
import { flipped } from "../../bends/bytes.ts";
import { overReal, realCase } from "../corpus.ts";

Deno.test("TDX-12 collateral that its owner made is refused, chain and all", async () => {
  const minted = await mint();
  const forged = await mint({ keys: minted.keys });
  const twin = await twinAuthority();
  const own = pem("CERTIFICATE", twin.tcbSigning.certificate) +
    pem("CERTIFICATE", twin.root.certificate);
  const { tcbInfo } = filesOf(forged);
  await assertFiles(minted, { tcbInfo, tcbChain: asFile(own) }, "tdx.tcb_chain_root");
  const halves = pem("CERTIFICATE", twin.tcbSigning.certificate) +
    pem("CERTIFICATE", minted.der.root);
  await assertFiles(minted, { tcbInfo, tcbChain: asFile(halves) }, "tdx.tcb_chain_signature");
});

Deno.test("TDX-12 the chain of the documents is the TCB signing certificate and the same root, in this order", async () => {
  const minted = await mint();
  const { platform, processor } = await intelAuthority();
  const { tcbSigning, root, pck } = minted.der;
  const chain = async (code: string, ...certificates: readonly Uint8Array[]) =>
    await assertFiles(minted, { tcbChain: concat(...certificates) }, code);
  assertGood(await ask(minted, { files: { tcbChain: concat(tcbSigning, root) } }));
  const escaped = asFile(encodeURIComponent(minted.tcbChain));
  assertGood(await ask(minted, { files: { tcbChain: escaped } }));
  for (const one of [root, tcbSigning]) await chain("x509.count", one);
  await chain("x509.count", tcbSigning, platform.certificate, root);
  await chain("x509.count", tcbSigning, root, root);
  await chain("x509.count", tcbSigning, tcbSigning, root);
  await chain("tdx.tcb_chain_shape", root, tcbSigning);
  await chain("tdx.tcb_chain_shape", root, root);
  await chain("tdx.tcb_chain_shape", platform.certificate, root);
  await chain("tdx.tcb_chain_shape", processor.certificate, root);
  await chain("tdx.tcb_chain_shape", pck, root);
  await chain("tdx.tcb_chain_root", tcbSigning, tcbSigning);
  await chain("tdx.tcb_chain_root", tcbSigning, platform.certificate);
  const again = await mint(bent({ root: { serial: 77n } }));
  await chain("tdx.tcb_chain_root", tcbSigning, again.der.root);
  await chain("tdx.tcb_chain_root", tcbSigning, flipped(root, root.length - 1));
  await chain("tdx.tcb_chain_signature", flipped(tcbSigning, tcbSigning.length - 1), root);
  for (const file of [new Uint8Array(), asFile("none"), minted.der.pckCrl, asFile("{}")]) {
    const code = await codeOf(ask(minted, { files: { tcbChain: file } }));
    assert.match(code, /^input\./);
  }
});

Deno.test("TDX-12 the certificate that signs the documents is as Intel issues it, under the root itself", async () => {
  const { platform } = await intelAuthority();
  const p384 = await generateLabKey("P-384");
  const changed = (change: (whole: CertificateDescription) => Partial<CertificateDescription>) =>
    bent({ tcbSigning: (whole) => ({ ...whole, ...change(whole) }) });
  const replaced = (...by: Parameters<typeof replaceExtension>[1][]) =>
    changed(({ extensions }) => ({
      extensions: by.reduce<typeof extensions>(
        (all, one) => replaceExtension(all, one),
        extensions,
      ),
    }));
  const code = "tdx.tcb_chain_shape";
  await assertBends([
    ["of another name", changed(() => ({ subject: intelCaName("platform") })), code],
    ["of no name", changed(() => ({ subject: [] })), code],
    ["of another issuer", changed(() => ({ issuer: intelCaName("platform") })), code],
    ["of version 1", changed(() => ({ version: 1 })), code],
    ["that may issue", replaced(basicConstraints(true)), code],
    ["for certificates alone", replaced(strictKeyUsage("keyCertSign", "cRLSign")), code],
    ["of P-384", changed(() => ({ publicKey: p384.spki })), code],
    ["with SHA-384", changed(() => ({ algorithm: ecdsa("SHA-384") })), code],
    ["by a PCK CA", changed(() => ({ signWith: platform.key })), "tdx.tcb_chain_signature"],
    ["unsigned", changed(() => ({ signature: new Uint8Array() })), "tdx.tcb_chain_signature"],
  ]);
});

Deno.test({
  ...overReal(
    "TDX-12 Intel's older TCB signing certificate, over the same key, is judged by its own time",
  ),
  fn: async () => {
    const { files, now } = realCase("tdx/v4-dcapqvl-b0c06f");
    const { tcbChain } = realCase("tdx/v4-spr-e4-google").files;
    assert.ok(tcbChain);
    const result = await examine({
      variant: "tdx",
      evidence: { ...files, tcbChain },
      expect: { freshness: "none" },
      now,
    });
    assertRefused(result, "tdx.certificate_expired");
  },
});

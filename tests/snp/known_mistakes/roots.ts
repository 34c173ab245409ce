/**
 * Roots: which are trusted, and the chain that leads to them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat } from "../../../src/core/bytes.ts";
import {
  type AmdAuthority,
  bendAmdAuthority,
  type CertificateDescription,
  createAmdAuthority,
  der,
  dropExtension,
  LAB_MARK_OID,
  type LabLine,
  labName,
  mintSnp,
  replaceExtension,
} from "../../../src/lab/mod.ts";
import { labAuthority, NOW } from "../../lab_authority.ts";
import { assertRefused } from "../../result.ts";
import { ask, assertBends, assertGood, claimsOf, mint, type Minting, NONCE } from "../ask.ts";
import { flipped } from "../../bends/bytes.ts";

type Certificate = "ARK" | "VCEK" | "leaf";
const CERTIFICATES: readonly Certificate[] = ["ARK", "VCEK", "leaf"];

/** One certificate of the chain, changed. */
const bent = (
  name: Certificate,
  change: (description: CertificateDescription) => Partial<CertificateDescription>,
): Minting => ({
  bends: { [name]: (whole: CertificateDescription) => ({ ...whole, ...change(whole) }) },
});

/** Another lab: the same names, and each key in another place. */

async function otherLab(line: LabLine): Promise<AmdAuthority> {
  const { ARK, VCEK, VLEK } = await labAuthority();
  const keys = { ARK: VLEK.key, VCEK: ARK.key, VLEK: VCEK.key };
  return await createAmdAuthority({ line, now: NOW, keys });
}

Deno.test("SNP-12 a root that signs itself under the right name is not the pinned one", async () => {
  const minted = await mint();
  const twin = await otherLab("Genoa");
  const forged = await mintSnp(twin, { now: NOW, reportData: NONCE });
  assertGood(await ask(forged));
  const result = await ask(forged, { request: { labRoots: [minted.der.ark] } });
  assertRefused(result, "snp.root_unknown");
  const halves = concat(forged.der.intermediate, minted.der.ark);
  assertRefused(await ask(minted, { files: { chainAskArk: halves } }), "snp.ask_signature");
});

Deno.test("SNP-12 the pinned key in another certificate is not the pinned root", async () => {
  const minted = await mint();
  const { ARK } = await bendAmdAuthority(await labAuthority(), { ARK: { serial: 7n } });
  const chainAskArk = concat(minted.der.intermediate, ARK.certificate);
  assertRefused(await ask(minted, { files: { chainAskArk } }), "snp.root_mismatch");
});

Deno.test("SNP-12 a pinned root must be signed by itself", async () => {
  const { VLEK } = await labAuthority();
  const minted = await mint({ bends: { ARK: { signWith: VLEK.key } } });
  assertRefused(await ask(minted), "snp.ark_signature");
  const damaged = await mint({ bends: { ARK: { signature: new Uint8Array(512) } } });
  assertRefused(await ask(damaged), "snp.ark_signature");
});

Deno.test("SNP-12 the chain is the ASK and then the ARK, those two and no more", async () => {
  const minted = await mint();
  const { intermediate, ark, leaf } = minted.der;
  const chains: readonly (readonly [Uint8Array, string])[] = [
    [concat(ark, intermediate), "snp.chain_order"],
    [concat(ark, ark), "snp.leaf_signature"],
    [ark, "x509.count"],
    [intermediate, "x509.count"],
    [concat(intermediate, ark, ark), "x509.count"],
    [concat(leaf, intermediate, ark), "x509.count"],
    [concat(intermediate, intermediate), "snp.root_unknown"],
    [concat(intermediate, flipped(ark, ark.length - 1)), "snp.root_mismatch"],
    [concat(flipped(intermediate, intermediate.length - 1), ark), "snp.ask_signature"],
  ];
  for (const [chainAskArk, code] of chains) {
    const result = await ask(minted, { files: { chainAskArk } });
    assert.equal(result.code, code);
    assertRefused(result, code);
  }
});

Deno.test("SNP-12 a chain in the wrong order does not show its root as pinned", async () => {
  const minted = await mint();
  const chainAskArk = concat(minted.der.ark, minted.der.intermediate);
  const { findings } = await ask(minted, { files: { chainAskArk }, request: { labRoots: [] } });
  assert.deepEqual(findings.filter(({ kind }) => kind === "match").map(({ id }) => id), [
    "snp.report",
  ]);
});

Deno.test("SNP-12 a leaf that the ARK signed has no intermediate", async () => {
  const { ARK } = await labAuthority();
  const minted = await mint({
    bends: { leaf: { signWith: ARK.key, issuer: labName("ARK-Genoa") } },
  });
  const chainAskArk = concat(minted.der.ark, minted.der.ark);
  assertRefused(await ask(minted, { files: { chainAskArk } }), "snp.chain_shape");
});

Deno.test("SNP-12 an intermediate given as lab root is no root", async () => {
  const minted = await mint();
  const { intermediate, leaf } = minted.der;
  const request = { labRoots: [intermediate] };
  assertRefused(await ask(minted, { request }), "snp.root_unknown");
  const chainAskArk = concat(leaf, intermediate);
  assertRefused(await ask(minted, { request, files: { chainAskArk } }), "snp.ark_signature");
});

Deno.test("SNP-12 lab evidence is refused on the vendor path, and never taken for it", async () => {
  const minted = await mint();
  const result = await ask(minted, { request: { labRoots: [] } });
  assertRefused(result, "snp.lab_on_vendor_path");
  assert.equal(result.weakestRoot, "none");
  for (const name of CERTIFICATES) {
    // One mark is enough to tell it.
    const others = CERTIFICATES.filter((other) => other !== name);
    const bends = Object.fromEntries(others.map((other) => [other, unmarked]));
    assertRefused(
      await ask(await mint({ bends }), { request: { labRoots: [] } }),
      "snp.lab_on_vendor_path",
    );
  }
  const bends = { ARK: unmarked, VCEK: unmarked, leaf: unmarked };
  assertRefused(
    await ask(await mint({ bends }), { request: { labRoots: [] } }),
    "snp.root_unknown",
  );
});

function unmarked(description: CertificateDescription): CertificateDescription {
  return { ...description, extensions: dropExtension(description.extensions, LAB_MARK_OID) };
}

Deno.test("SNP-12 the lab path demands the mark in each certificate, critical and as it must be", async () => {
  const mark = (critical: boolean, value: Uint8Array) => (whole: CertificateDescription) => ({
    extensions: replaceExtension(whole.extensions, { oid: LAB_MARK_OID, critical, value }),
  });
  for (const name of CERTIFICATES) {
    await assertBends([
      ["absent", bent(name, unmarked), "snp.lab_extension_missing"],
      ["not critical", bent(name, mark(false, der.nullValue())), "snp.lab_extension_missing"],
      ["other value", bent(name, mark(true, der.integer(1))), "snp.lab_extension_missing"],
    ]);
  }
});

Deno.test("SNP-12 a lab root of another lab opens nothing", async () => {
  const { der: other } = await mint();
  const twin = await otherLab("Turin");
  const result = await ask(await mint(), { request: { labRoots: [twin.ARK.certificate] } });
  assertRefused(result, "snp.root_unknown");
  const labRoots = [twin.ARK.certificate, other.ark];
  const both = await ask(await mint(), { request: { labRoots } });
  assertGood(both);
  assert.ok(claimsOf(both).chain.lab);
});

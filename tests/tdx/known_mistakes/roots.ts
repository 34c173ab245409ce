/**
 * The root of a chain: which is trusted, and that vendor and lab stay apart.
 *
 * @module
 */

import {
  bendIntelAuthority,
  type CertificateDescription,
  der,
  dropExtension,
  LAB_MARK_OID,
  type MintedTdx,
  replaceExtension,
} from "../../../src/lab/mod.ts";
import { intelAuthority, twinAuthority } from "../../intel_authority.ts";
import { assertRefused } from "../../result.ts";
import { ask, assertBends, assertFiles, bent, judge, mint } from "../ask.ts";
import { flipped } from "../../bends/bytes.ts";
import { chainOf, withChain } from "../chain.ts";

/** Minted evidence whose chain is replaced. */
const chained = (minted: MintedTdx, ...certificates: readonly Uint8Array[]) => ({
  quote: withChain(minted, chainOf(...certificates)),
});

Deno.test("TDX-11 the pinned root is one certificate and one key: neither alone is enough", async () => {
  const minted = await mint();
  const { pck, ca } = minted.der;
  const authority = await intelAuthority();
  const reissued = await bendIntelAuthority(authority, { root: { serial: 7n } });
  await assertFiles(
    minted,
    chained(minted, pck, ca, reissued.root.certificate),
    "tdx.root_mismatch",
  );
  const damaged = flipped(minted.der.root, minted.der.root.length - 1);
  await assertFiles(minted, chained(minted, pck, ca, damaged), "tdx.root_mismatch");
  const twin = await twinAuthority();
  await assertFiles(minted, chained(minted, pck, ca, twin.root.certificate), "tdx.root_unknown");
  await assertFiles(
    minted,
    chained(minted, pck, ca, authority.processor.certificate),
    "tdx.root_unknown",
  );
});

Deno.test("TDX-11 a CA or a leaf that is given as lab root is no root", async () => {
  const minted = await mint();
  for (const one of [minted.der.ca, minted.der.pck, minted.der.tcbSigning]) {
    const result = await ask(minted, { request: { labRoots: [one] } });
    assertRefused(result, "tdx.root_unknown");
  }
});

Deno.test("TDX-11 lab evidence is refused on the vendor's path, and vendor and lab never mix", async () => {
  const unmarked = (whole: CertificateDescription): CertificateDescription => ({
    ...whole,
    extensions: dropExtension(whole.extensions, LAB_MARK_OID),
  });
  const names = ["root", "ca", "pck"] as const;
  const none = { request: { labRoots: [] } };
  assertRefused(await judge({}, none), "tdx.lab_on_vendor_path");
  for (const name of names) {
    const others = names.filter((other) => other !== name);
    const bends = Object.fromEntries(others.map((other) => [other, unmarked]));
    assertRefused(await judge({ bends }, none), "tdx.lab_on_vendor_path");
  }
  const bends = { root: unmarked, ca: unmarked, pck: unmarked, tcbSigning: unmarked };
  assertRefused(await judge({ bends }, none), "tdx.root_unknown");
});

Deno.test("TDX-11 the lab's path demands the mark in each certificate, critical and as it must be", async () => {
  const names = ["root", "ca", "pck", "tcbSigning"] as const;
  const mark = (critical: boolean, value: Uint8Array) => (whole: CertificateDescription) => ({
    ...whole,
    extensions: replaceExtension(whole.extensions, { oid: LAB_MARK_OID, critical, value }),
  });
  const gone = (whole: CertificateDescription): CertificateDescription => ({
    ...whole,
    extensions: dropExtension(whole.extensions, LAB_MARK_OID),
  });
  for (const name of names) {
    await assertBends([
      ["absent", bent({ [name]: gone }), "tdx.lab_extension_missing"],
      ["not critical", bent({ [name]: mark(false, der.nullValue()) }), "tdx.lab_extension_missing"],
      ["other value", bent({ [name]: mark(true, der.integer(1)) }), "tdx.lab_extension_missing"],
    ]);
  }
});

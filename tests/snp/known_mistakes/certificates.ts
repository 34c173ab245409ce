/**
 * Certificates: validity, form, rights and algorithms.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat } from "../../../src/core/bytes.ts";
import {
  addYears,
  AMD_OIDS,
  AMD_PSS,
  amdExtension,
  basicConstraints,
  type CertificateDescription,
  der,
  dropExtension,
  ecdsa,
  type Extension,
  EXTENSION_OIDS,
  generateLabKey,
  keyUsage,
  labName,
  type PssParameters,
  replaceExtension,
  rsaPkcs1,
  rsaPss,
} from "../../../src/lab/mod.ts";
import { labAuthority, NOW } from "../../lab_authority.ts";
import { assertRefused } from "../../result.ts";
import { ask, assertBends, assertGood, filesOf, judge, mint, type Minting } from "../ask.ts";

const SECOND = 1000;
type Certificate = "ARK" | "VCEK" | "leaf";
const CERTIFICATES: readonly Certificate[] = ["ARK", "VCEK", "leaf"];

/** One certificate of the chain, changed. */
const bent = (
  name: Certificate,
  change: (description: CertificateDescription) => Partial<CertificateDescription>,
): Minting => ({
  bends: { [name]: (whole: CertificateDescription) => ({ ...whole, ...change(whole) }) },
});

Deno.test("SNP-09 no certificate outlives its validity, each of the three", async () => {
  const after = new Date(NOW.getTime() - SECOND);
  const before = new Date(NOW.getTime() + SECOND);
  const start = addYears(NOW, -1);
  for (const name of CERTIFICATES) {
    await assertBends([
      [name, bent(name, () => ({ notBefore: start, notAfter: after })), "snp.certificate_expired"],
      [name, bent(name, () => ({ notBefore: before })), "snp.certificate_not_yet_valid"],
    ]);
    assertGood(await judge(bent(name, () => ({ notBefore: NOW }))));
    assertGood(await judge(bent(name, () => ({ notBefore: start, notAfter: NOW }))));
  }
});

Deno.test("SNP-09 a chain that was verified before is judged by the time of each question", async () => {
  const minted = await mint();
  assertGood(await ask(minted));
  const at = (now: Date) => ask(minted, { files: { crls: [] }, request: { now } });
  assertRefused(await at(addYears(NOW, 8)), "snp.certificate_expired");
  assertRefused(await at(addYears(NOW, -1)), "snp.certificate_not_yet_valid");
  assertRefused(await at(new Date(0)), "snp.certificate_not_yet_valid");
  assertGood(await ask(minted));
});

Deno.test("SNP-09 a time that is none is an error of the calling code", async () => {
  const minted = await mint();
  for (const now of [new Date(Number.NaN), new Date("nonsense")]) {
    await assert.rejects(ask(minted, { request: { now } }), RangeError);
  }
});

Deno.test("SNP-11 a VCEK needs the ASK and a VLEK the ASVK", async () => {
  const [vcek, vlek] = [await mint(), await mint({ form: "VLEK" })];
  assertGood(await ask(vlek));
  const chainOf = (minted: typeof vcek) => ({ chainAskArk: filesOf(minted).chainAskArk });
  assertRefused(await ask(vcek, { files: chainOf(vlek) }), "snp.leaf_signature");
  assertRefused(await ask(vlek, { files: chainOf(vcek) }), "snp.leaf_signature");
});

Deno.test("SNP-11 a leaf of one form, signed by the intermediate of the other, is refused", async () => {
  const { VCEK, VLEK } = await labAuthority();
  const vcek = await mint({ bends: { leaf: { signWith: VLEK.key } } });
  const vlek = await mint({ form: "VLEK", bends: { leaf: { signWith: VCEK.key } } });
  const under = (minted: typeof vcek, intermediate: Uint8Array) =>
    ask(minted, { files: { chainAskArk: concat(intermediate, minted.der.ark) } });
  assertRefused(await under(vcek, vlek.der.intermediate), "snp.leaf_shape");
  assertRefused(await under(vlek, vcek.der.intermediate), "snp.leaf_shape");
});

Deno.test("SNP-11 the signing key that the report names must be the leaf's", async () => {
  await assertBends([
    ["VLEK named", { bends: { report: { flags: 1 << 2 } } }, "snp.key_type_mismatch"],
    ["VCEK named", { form: "VLEK", bends: { report: { flags: 0 } } }, "snp.key_type_mismatch"],
    ["none named", { bends: { report: { flags: 7 << 2 } } }, "snp.unsigned"],
    ["masked key", { bends: { report: { flags: 2 } } }, "snp.unsigned"],
    ["reserved key", { bends: { report: { flags: 2 << 2 } } }, "snp.signing_key_unknown"],
    ["reserved bits", { bends: { report: { flags: 1 << 5 } } }, "snp.reserved_not_zero"],
  ]);
});

Deno.test("SNP-11 a VCEK names no provider and a VLEK no chip", async () => {
  const adding = (...more: readonly Extension[]): Minting =>
    bent("leaf", ({ extensions }) => ({ extensions: [...extensions, ...more] }));
  const csp = amdExtension("cspId", der.ia5String("CN=csp"));
  const hwid = amdExtension("hwid", new Uint8Array(64).fill(1));
  const dropped = bent("leaf", ({ extensions }) => ({
    extensions: dropExtension(extensions, AMD_OIDS.cspId),
  }));
  await assertBends([
    ["VCEK with cspID", adding(csp), "snp.leaf_extension"],
    ["VLEK with hwID", { ...adding(hwid), form: "VLEK" }, "snp.leaf_extension"],
    ["VLEK without cspID", { ...dropped, form: "VLEK" }, "snp.leaf_extension"],
  ]);
});

Deno.test("SNP-12 signatures of the chain are by the issuer's key and no other", async () => {
  const { ARK, VLEK } = await labAuthority();
  await assertBends([
    ["ASK by ASVK", bent("VCEK", () => ({ signWith: VLEK.key })), "snp.ask_signature"],
    ["leaf by ARK", bent("leaf", () => ({ signWith: ARK.key })), "snp.leaf_signature"],
    [
      "leaf by nobody",
      bent("leaf", () => ({ signature: new Uint8Array(512) })),
      "snp.leaf_signature",
    ],
    [
      "short signature",
      bent("leaf", () => ({ signature: Uint8Array.of(1) })),
      "snp.leaf_signature",
    ],
  ]);
});

Deno.test("SNP-12 names, versions and rights of the certificates are AMD's", async () => {
  const replaced = (extension: Extension) => ({ extensions }: CertificateDescription) => ({
    extensions: replaceExtension(extensions, extension),
  });
  const named = (name: string) => () => ({ subject: labName(name) });
  const issued = () => ({ issuer: labName("ARK-Milan") });
  const none = replaced(basicConstraints(false));
  await assertBends([
    ["ASK may not issue", bent("VCEK", none), "snp.chain_shape"],
    ["ARK may not issue", bent("ARK", none), "snp.chain_shape"],
    ["ASK of path length 1", bent("VCEK", replaced(basicConstraints(true, 1))), "snp.chain_shape"],
    ["ASK without path length", bent("VCEK", replaced(basicConstraints(true))), "snp.chain_shape"],
    ["ASK may not sign", bent("VCEK", replaced(keyUsage("cRLSign"))), "snp.chain_shape"],
    ["ARK may not sign lists", bent("ARK", replaced(keyUsage("keyCertSign"))), "snp.chain_shape"],
    ["ASK of another name", bent("VCEK", named("SEV-Milan")), "snp.chain_shape"],
    ["ASK of another issuer", bent("VCEK", issued), "snp.chain_shape"],
    ["leaf of another name", bent("leaf", named("SEV-VLEK")), "snp.leaf_shape"],
    ["leaf of another issuer", bent("leaf", issued), "snp.leaf_shape"],
    [
      "leaf that may issue",
      bent("leaf", ({ extensions }) => ({ extensions: [...extensions, basicConstraints(true)] })),
      "snp.leaf_shape",
    ],
  ]);
});

Deno.test("SNP-12 keys are RSA-4096 in the chain and P-384 in the leaf", async () => {
  const keys = {
    "RSA-2048": await generateLabKey("RSA-2048"),
    "P-256": await generateLabKey("P-256"),
    "P-384": await generateLabKey("P-384"),
  };
  const key = (kind: keyof typeof keys) => () => ({ publicKey: keys[kind].spki });
  await assertBends([
    ["ASK of 2048 bits", bent("VCEK", key("RSA-2048")), "snp.chain_shape"],
    ["ASK on a curve", bent("VCEK", key("P-384")), "snp.chain_shape"],
    ["leaf on P-256", bent("leaf", key("P-256")), "snp.leaf_shape"],
    ["leaf with RSA", bent("leaf", key("RSA-2048")), "snp.leaf_shape"],
  ]);
});

const pss = (written: Partial<PssParameters>, done: Partial<PssParameters> = {}) => () => ({
  algorithm: rsaPss({ ...AMD_PSS, ...written }, { ...AMD_PSS, ...done }),
});

Deno.test("SNP-13 a certificate signed over another hash is refused, whether it says so or not", async () => {
  for (const hash of ["SHA-256", "SHA-512"] as const) {
    const said = pss({ hash, maskHash: hash }, { hash, maskHash: hash });
    const lied = pss({}, { hash, maskHash: hash });
    await assertBends([
      ["leaf says it", bent("leaf", said), "snp.chain_algorithm"],
      ["leaf lies", bent("leaf", lied), "snp.leaf_signature"],
      ["ASK says it", bent("VCEK", said), "snp.chain_algorithm"],
      ["ASK lies", bent("VCEK", lied), "snp.ask_signature"],
      ["ARK says it", bent("ARK", said), "snp.chain_algorithm"],
      ["ARK lies", bent("ARK", lied), "snp.ark_signature"],
    ]);
  }
});

Deno.test("SNP-14 parameters of RSASSA-PSS are AMD's and true", async () => {
  const p384 = await generateLabKey("P-384");
  const outer = { outerIdentifier: rsaPss({ ...AMD_PSS, trailerField: 1 }).identifier };
  await assertBends([
    [
      "salt of 32, said",
      bent("leaf", pss({ saltLength: 32 }, { saltLength: 32 })),
      "snp.chain_algorithm",
    ],
    ["salt of 32, done", bent("leaf", pss({}, { saltLength: 32 })), "snp.leaf_signature"],
    ["salt of 20, said", bent("leaf", pss({ saltLength: 20 })), "snp.chain_algorithm"],
    ["salt of 0", bent("leaf", pss({ saltLength: 0 }, { saltLength: 0 })), "snp.chain_algorithm"],
    ["MGF1 with SHA-256", bent("leaf", pss({ maskHash: "SHA-256" })), "snp.chain_algorithm"],
    ["MGF1 with SHA-512", bent("VCEK", pss({ maskHash: "SHA-512" })), "snp.chain_algorithm"],
    ["trailer of 2", bent("leaf", pss({ trailerField: 2 })), "snp.chain_algorithm"],
    ["PKCS #1 v1.5", bent("leaf", () => ({ algorithm: rsaPkcs1() })), "snp.chain_algorithm"],
    ["ECDSA", bent("leaf", () => ({ algorithm: ecdsa(), signWith: p384 })), "snp.chain_algorithm"],
    ["two algorithms", bent("leaf", () => outer), "snp.chain_algorithm"],
  ]);
});

Deno.test("SNP-14 the trailer field may be written or left out, in each certificate", async () => {
  for (const name of CERTIFICATES) {
    for (const trailerField of [1, null]) {
      assertGood(await judge(bent(name, pss({ trailerField }))));
    }
  }
});

Deno.test("SNP-14 key identifiers may be missing", async () => {
  const without = (...oids: readonly string[]) => ({ extensions }: CertificateDescription) => ({
    extensions: oids.reduce<Extension[]>(dropExtension, [...extensions]),
  });
  const { subjectKeyIdentifier, authorityKeyIdentifier } = EXTENSION_OIDS;
  assertGood(await judge(bent("VCEK", without(subjectKeyIdentifier, authorityKeyIdentifier))));
  assertGood(await judge(bent("ARK", without(subjectKeyIdentifier))));
});

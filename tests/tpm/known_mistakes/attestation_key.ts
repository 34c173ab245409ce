/**
 * The attestation key: that it lives in a TPM is somebody's word, never its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import { NotTrustedError, verify } from "../../../mod.ts";
import { toHex } from "../../../src/core/bytes.ts";
import {
  createTpmAuthority,
  generateLabKey,
  type MintedTpm,
  mintTpm,
  OBJECT_ATTRIBUTES,
  type TpmBends,
} from "../../../src/lab/mod.ts";
import { pem } from "../../../src/lab/pem.ts";
import { assertVerdict } from "../../result.ts";
import {
  asFile,
  ask,
  assertCode,
  assertGood,
  authority,
  type Changes,
  claimsOf,
  keys,
  mint,
  NONCE,
  NOW,
  requestFor,
  straight,
  UNCERTIFIED,
} from "./attack.ts";
import { askGoogle, googleQuote, overReal } from "./real.ts";

/** A key in software, which says of itself what a TPM's would. */
const software = { ak: await generateLabKey("P-256"), ek: await generateLabKey("P-256") };

/** Asserts that evidence is not trusted, whatever a policy about its root says. */
async function assertNeverTrusted(
  minted: MintedTpm,
  changes: Changes,
  code: string,
): Promise<void> {
  for (
    const acceptRoots of [["amd", "intel"], ["provider"], ["amd", "intel", "paravisor", "provider"]]
  ) {
    const policy = { acceptRoots, allowLab: true };
    const result = await ask(minted, { ...changes, policy });
    assertVerdict(result, "platform-only", code);
    assert.equal(result.weakestRoot, "none");
    const request = requestFor(minted, { ...changes, policy });
    await assert.rejects(
      verify(request),
      (error) => error instanceof NotTrustedError && error.code === code,
    );
  }
}

Deno.test("TPM-07 a key in software with perfect attributes and no certificate is never trusted", async () => {
  const forged = await mint({ keys: software });
  assertGood(await ask(forged), "the lab certifies whatever it is asked to");
  const attributes = claimsOf(await ask(forged, { files: UNCERTIFIED })).publicArea?.attributes;
  assert.ok(attributes?.restricted && attributes.fixedTPM && attributes.sensitiveDataOrigin);
  await assertNeverTrusted(forged, { files: UNCERTIFIED }, "trust.root_not_accepted");
  // Neither a lab's root nor a pinned Name or signer makes up for the certificate.
  const { publicArea, quote } = claimsOf(await ask(forged));
  const section = { akNames: [publicArea?.name], qualifiedSigners: [quote.qualifiedSigner] };
  await assertNeverTrusted(forged, { files: UNCERTIFIED, section }, "trust.root_not_accepted");
});

Deno.test("TPM-07 only a policy that accepts nobody's word aloud lets such a key pass, and the result says so", async () => {
  const forged = await mint({ keys: software });
  const named = { acceptRoots: ["none"] };
  const result = await ask(forged, { files: UNCERTIFIED, policy: named });
  assert.deepEqual([result.code, result.weakestRoot], [null, "none"]);
  const { findings } = result;
  const open = findings.filter(({ id }) =>
    /^tpm\.ak-(?:root|certificate|chain|validity)$/.test(id)
  );
  assert.deepEqual(open.map(({ kind }) => kind), Array(4).fill("unchecked"));
  // Where keys were enrolled, another one is refused all the same.
  const section = { akNames: [toHex(straight.akName)] };
  const changes = { files: UNCERTIFIED, policy: named, section };
  assertCode(await ask(forged, changes), "tpm.ak_name_mismatch");
});

Deno.test("TPM-07 a bare key shows no attributes, and is not trusted without a certificate either", async () => {
  const files = { ...UNCERTIFIED, akPub: asFile(pem("PUBLIC KEY", straight.keys.ak.spki)) };
  await assertNeverTrusted(straight, { files }, "tpm.attributes_not_shown");
  const section = { akNames: [toHex(straight.akName)] };
  assertCode(
    await ask(straight, { files, section }),
    "tpm.ak_name_mismatch",
    "a bare key has no Name",
  );
});

Deno.test("TPM-07 the certificate is that of the key that signed, not of another one", async () => {
  const forged = await mint({ keys: software });
  const borrowed = {
    akCert: asFile(straight.akCertificate),
    akCertIssuers: [asFile(straight.issuers)],
    akCertCrls: straight.crls.map(asFile),
  };
  assertCode(await ask(forged, { files: borrowed }), "tpm.ak_key_mismatch", "of a genuine TPM");
  const bare = { akPub: asFile(pem("PUBLIC KEY", software.ak.spki)) };
  assertCode(await ask(forged, { files: { ...borrowed, ...bare } }), "tpm.ak_key_mismatch", "bare");
  // The genuine key beside the genuine certificate, and a signature of the other.
  const shown = { ...borrowed, akPub: straight.akPublic };
  assertCode(await ask(forged, { files: shown }), "tpm.signature_mismatch", "the genuine key");
  // A file with both certificates: the first is the key's.
  const both = asFile(straight.akCertificate + forged.akCertificate);
  assertCode(await ask(forged, { files: { akCert: both } }), "tpm.ak_key_mismatch", "both");
});

Deno.test("TPM-07 an endorsement key's certificate does not stand in for an attestation key's", async () => {
  const ekCert = asFile(straight.ekCertificate);
  assertCode(await ask(straight, { files: { akCert: ekCert } }), "tpm.ak_key_mismatch", "its own");
  // As if the endorsement key had signed.
  const posing = await mint({ keys: { ak: keys.ek, ek: keys.ek } });
  const files = { akCert: ekCert };
  assertCode(await ask(posing, { files }), "tpm.ak_certificate_shape", "as attestation key");
  const open = { ...files, akPub: straight.ekPublic };
  assertCode(await ask(posing, { files: open }), "tpm.public_attributes", "as what it is");
  const bare = { ...files, akPub: asFile(pem("PUBLIC KEY", keys.ek.spki)) };
  assertCode(await ask(posing, { files: bare }), "tpm.ak_certificate_shape", "as a bare key");
});

Deno.test("TPM-07 each attribute counts that ties a key to its TPM, certified or not", async () => {
  const { fixedTPM, fixedParent, sensitiveDataOrigin, restricted, sign, decrypt } =
    OBJECT_ATTRIBUTES;
  const code = "tpm.public_attributes";
  for (const bit of [fixedTPM, fixedParent, sensitiveDataOrigin, restricted, sign, decrypt]) {
    const bends: TpmBends = {
      publicArea: (area) => ({ ...area, attributes: area.attributes ^ bit }),
    };
    const minted = await mint({ bends });
    assertCode(await ask(minted), code, bit.toString(16));
    assertCode(await ask(minted, { files: UNCERTIFIED }), code, bit.toString(16));
  }
  const { noDA, adminWithPolicy, userWithAuth, stClear } = OBJECT_ATTRIBUTES;
  for (const bit of [noDA, adminWithPolicy, userWithAuth, stClear]) {
    const bends: TpmBends = {
      publicArea: (area) => ({ ...area, attributes: area.attributes ^ bit }),
    };
    assertGood(await ask(await mint({ bends })), `${bit.toString(16)} says nothing of this`);
  }
});

Deno.test("TPM-07 a certificate that nobody believed issued proves nothing", async () => {
  const twin = await createTpmAuthority({ now: NOW });
  const forged = await mintTpm(twin, { now: NOW, nonce: NONCE, keys: software });
  const ours = [authority.root.certificate];
  const roots = { request: { labRoots: ours } };
  assertCode(await ask(forged, roots), "tpm.chain_signature", "a lab of the same names");
  const ownCa = { ...roots, files: { akCertIssuers: [authority.issuing.certificate] } };
  assertCode(await ask(forged, ownCa), "tpm.chain_signature", "under the right CA");
  const self = await mint({ keys: software, bends: { ak: { signWith: software.ak } } });
  assertCode(await ask(self), "tpm.chain_signature", "signed by itself");
  const alone = { files: { akCertIssuers: [] } };
  assertCode(await ask(straight, alone), "tpm.root_unknown", "without the CA");
  assertCode(
    await ask(straight, { request: { labRoots: [forged.der.root] } }),
    "tpm.chain_signature",
  );
});

Deno.test("TPM-07 a lab's certificate counts under a lab's root alone, as the lab's", async () => {
  const { verdict, weakestRoot } = await ask(straight);
  assert.deepEqual([verdict, weakestRoot], ["lab-trusted", "lab"]);
  await assert.rejects(
    verify(requestFor(straight)),
    (error) => error instanceof NotTrustedError && error.result.verdict === "lab-trusted",
  );
});

Deno.test({
  ...overReal(
    "TPM-07 Google's certificate vouches for Google's key, and for no key of anybody else",
  ),
  fn: async () => {
    const google = googleQuote("sha256");
    const { verdict, weakestRoot } = await askGoogle(google);
    assert.deepEqual([verdict, weakestRoot], ["trusted", "provider"]);
    const uncertified = { ...UNCERTIFIED, akCertRoots: undefined };
    assertCode(await askGoogle(google, { files: uncertified }), "trust.root_not_accepted");
    const { tpmQuoteMsg, tpmQuoteSig, akPub } = {
      tpmQuoteMsg: straight.quote,
      tpmQuoteSig: straight.signature,
      akPub: straight.akPublic,
    };
    const lab = { files: { tpmQuoteMsg, tpmQuoteSig, akPub } };
    assertCode(await askGoogle(google, lab), "tpm.ak_key_mismatch");
    const { akCert, akCertIssuers, akCertRoots } = google.files;
    const files = { akCert, akCertIssuers, akCertRoots, akCertCrls: undefined };
    assertCode(await ask(straight, { files }), "tpm.ak_key_mismatch");
  },
});

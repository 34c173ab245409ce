/**
 * Who is believed: roots that the operator gives, roots of labs, and none.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CasemateError } from "../../src/core/errors.ts";
import { tpm } from "../../src/evidence/tpm/mod.ts";
import { dropExtension, LAB_MARK_OID } from "../../src/lab/extension.ts";
import { pem } from "../../src/lab/pem.ts";
import {
  bendTpmAuthority,
  type CertificateDescription,
  createTpmAuthority,
  mintTpm,
  tpmName,
} from "../../src/lab/mod.ts";
import { NONCE, NOW, outcome, type Question, questionFor, verified } from "./ask.ts";

const OPTIONS = { now: NOW, nonce: NONCE };
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** As a vendor issues them: without the mark of a lab. */
const unmarked = (one: CertificateDescription): CertificateDescription => ({
  ...one,
  extensions: dropExtension(one.extensions, LAB_MARK_OID),
});

const lab = await createTpmAuthority({ now: NOW });
const vendor = await bendTpmAuthority(lab, { root: unmarked, issuing: unmarked });
const ofLab = questionFor(await mintTpm(lab, OPTIONS));
const minted = await mintTpm(vendor, { ...OPTIONS, bends: { ak: unmarked } });
const ofVendor = questionFor(minted);
const root = text(minted.root);

function asked(question: Question, files: object, labRoots = question.labRoots): Question {
  return { ...question, files: { ...question.files, ...files }, labRoots };
}

async function codeOf(question: Question): Promise<string | null> {
  try {
    return await outcome(question);
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

async function rootOf(question: Question): Promise<string> {
  return tpm.root(await verified(question), { now: NOW, acceptCompromised: {} }).root;
}

Deno.test("a certificate under the operator's root rests on the provider's word", async () => {
  const question = asked(ofVendor, { akCertRoots: [root] }, []);
  assert.equal(await rootOf(question), "provider");
  assert.equal(await outcome(question), null);
});

Deno.test("a certificate under a lab's root rests on the lab's", async () => {
  assert.equal(await rootOf(ofLab), "lab");
});

Deno.test("a key without certificate rests on nobody's word", async () => {
  const bare = { akCert: undefined, akCertIssuers: [], akCertCrls: [] };
  for (const question of [ofLab, ofVendor]) {
    assert.equal(await rootOf(asked(question, bare)), "none");
  }
});

Deno.test("a certificate without any root is no question", async () => {
  assert.equal(await codeOf(asked(ofVendor, {}, [])), "input.missing");
});

Deno.test("a lab's root is refused where the operator's stands", async () => {
  const own = { akCertRoots: ofLab.labRoots };
  assert.equal(await codeOf(asked(ofLab, own, [])), "input.wrong_kind");
});

Deno.test("the operator's root vouches for no certificate of a lab, nor a lab's for others", async () => {
  assert.equal(await codeOf(asked(ofLab, { akCertRoots: [root] }, [])), "tpm.lab_root");
  assert.equal(await codeOf(ofVendor), "tpm.lab_extension_missing");
});

/** A root of somebody else, of a name. */
async function foreignRoot(name: string): Promise<Uint8Array> {
  const { root } = await bendTpmAuthority(await createTpmAuthority({ now: NOW }), {
    root: (one) => ({ ...unmarked(one), subject: tpmName(name), issuer: tpmName(name) }),
  });
  return root.certificate;
}

Deno.test("a root that the operator does not give is found in no other file", async () => {
  const codeUnder = async (name: string): Promise<string | null> =>
    await codeOf(asked(ofVendor, { akCertRoots: [await foreignRoot(name)] }, []));
  assert.equal(await codeUnder("Another root"), "tpm.root_unknown");
  assert.equal(await codeUnder("TPM Root CA"), "tpm.chain_signature");
});

Deno.test("of several roots the right one is found, whatever stands beside it", async () => {
  const others = await Promise.all(Array.from({ length: 7 }, (_, i) => foreignRoot(`Root ${i}`)));
  const roots = [...others.slice(0, 3), root, ...others.slice(3)];
  assert.equal(await outcome(asked(ofVendor, { akCertRoots: roots }, [])), null);
  const certificates = others.map((one) => pem("CERTIFICATE", one));
  const bundle = text(
    [...certificates.slice(1), minted.root, ...certificates.slice(0, 1)].join(""),
  );
  assert.equal(await outcome(asked(ofVendor, { akCertRoots: [bundle] }, [])), null);
  const both = [bundle, ...others.slice(0, 1)];
  assert.equal(await codeOf(asked(ofVendor, { akCertRoots: both }, [])), "input.value");
});

Deno.test("a root that is no certificate is the operator's mistake", async () => {
  for (const file of [text("no certificate"), text(minted.crls[0])]) {
    const code = await codeOf(asked(ofVendor, { akCertRoots: [file] }, []));
    assert.match(code ?? "", /^input\./);
  }
});

Deno.test("an issuer is refused where its root stands, and the root is named", async () => {
  const issuer = minted.der.issuing;
  await assert.rejects(verified(asked(ofVendor, { akCertRoots: [issuer] }, [])), (error) => {
    assert.ok(error instanceof CasemateError);
    assert.equal(error.code, "input.wrong_kind");
    assert.match(error.message, /is no root, since .* issued it/);
    return true;
  });
});

Deno.test("a file that is no certificate is named by its own role", async () => {
  const garbage = text("no certificate");
  for (const role of ["akCert", "akCertIssuers", "akCertRoots"]) {
    const files = { [role]: role === "akCert" ? garbage : [garbage] };
    const question = asked(ofVendor, { akCertRoots: [root], ...files }, []);
    await assert.rejects(verified(question), (error) => {
      assert.ok(error instanceof CasemateError);
      assert.deepEqual([error.code, error.fields["role"]], ["input.encoding", role]);
      return true;
    });
  }
});

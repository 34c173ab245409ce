import assert from "node:assert/strict";
import { concat, frame, toHex } from "../../../core/bytes.ts";
import { writeCertificate } from "../../../core/x509_writer/certificate.ts";
import { ia5String, printableString, utf8String } from "../../../core/x509_writer/der.ts";
import {
  basicConstraints,
  dropExtension,
  extendedKeyUsage,
  EXTENSION_OIDS,
  LAB_MARK_OID,
  replaceExtension,
  strictKeyUsage,
} from "../../../lab/extension.ts";
import { pem } from "../../../lab/pem.ts";
import { ecdsa, rsaPkcs1, rsaPss } from "../../../lab/signature.ts";
import type { CertifiedKey } from "../report.ts";
import {
  AK_EXTENSIONS,
  anchor,
  days,
  EK_PURPOSE,
  foreign,
  IDENTITY,
  issuerKey,
  mark,
  mintAk,
  mintIssuer,
  mintRoot,
  moment,
  name,
  NOW,
  rootKey,
  SHA1_RSA,
  tpmName,
} from "./authority_test.ts";
import { p256, p384, rsa } from "./keys_test.ts";
import { refused, run } from "./marshal_test.ts";

const root = await mintRoot();
const issuer = await mintIssuer();
const ak = await mintAk();
const trusted = await anchor(root, rootKey);

/** What is not the usual in a verification. */
interface Options {
  readonly role?: "AK" | "EK";
  readonly roots?: readonly Uint8Array[];
  readonly key?: Uint8Array;
  readonly now?: Date;
}

function certify(files: readonly Uint8Array[], options: Options = {}): Promise<CertifiedKey> {
  const { role = "AK", roots = [trusted], key = new Uint8Array(), now = NOW } = options;
  const kind = new TextEncoder().encode(role);
  return run("tpm_certificate", kind, frame(files), frame([]), frame(roots), key, moment(now));
}

Deno.test("tpm_certificate finds the way to the root, whatever stands beside it in whichever files", async () => {
  const text = new TextEncoder().encode(pem("CERTIFICATE", root) + pem("CERTIFICATE", issuer));
  const other = await mintIssuer({ subject: name("other") });

  for (const files of [[ak, issuer, root], [ak, root, issuer], [ak, other, text]]) {
    const found = await certify(files);

    assert.deepEqual(found.certificates.map(({ subject }) => subject), [
      "",
      "CN=issuer",
      "CN=root",
    ]);
    assert.equal(found.key.spki, toHex(p256.spki));
    assert.equal(found.key.kind, "ECC P-256");
    assert.deepEqual(found.identity, {
      manufacturer: "id:4C414200",
      model: "lab",
      version: "id:00010002",
    });
    assert.equal(found.lab, true);
    assert.equal(found.revocationChecked, false);
    assert.deepEqual(found.revocationLists, []);
  }
});

Deno.test("tpm_certificate chooses among issuers of one name that whose key verifies", async () => {
  const namesake = await mintIssuer({ publicKey: rsa.spki });

  for (const files of [[ak, namesake, issuer, root], [ak, issuer, namesake, root]]) {
    assert.equal((await certify(files)).certificates.length, 3);
  }
  const fields = await refused("tpm.chain_signature", certify([ak, namesake, root]));
  assert.equal(fields["certificate"], "AK");
});

Deno.test("tpm_certificate takes certificates of every algorithm that is accepted", async () => {
  const hashes = ["SHA-256", "SHA-384", "SHA-512"] as const;
  for (const hash of hashes) {
    const saltLength = Number(hash.slice(4)) / 8;
    const pss = rsaPss({ hash, maskHash: hash, saltLength, trailerField: null });
    for (const algorithm of [rsaPkcs1(hash), pss]) {
      await certify([await mintAk({ algorithm }), issuer, root]);
    }
    await certify([ak, await mintIssuer({ algorithm: ecdsa(hash) }), root]);
  }
});

Deno.test("tpm_certificate refuses salts of other lengths, and other masks", async () => {
  const right = {
    hash: "SHA-256",
    maskHash: "SHA-256",
    saltLength: 32,
    trailerField: null,
  } as const;
  for (
    const written of [{ ...right, saltLength: 20 }, { ...right, maskHash: "SHA-512" } as const]
  ) {
    const algorithm = rsaPss(written, { ...right, saltLength: written.saltLength });
    await refused("tpm.chain_signature", certify([await mintAk({ algorithm }), issuer, root]));
  }
});

Deno.test("tpm_certificate compares the key that is given", async () => {
  await certify([ak, issuer, root], { key: p256.spki });
  const { expected } = await refused(
    "tpm.ak_key_mismatch",
    certify([ak, issuer, root], { key: p384.spki }),
  );
  assert.ok(expected !== undefined && expected.length === 64);
});

Deno.test("tpm_certificate refuses paths that end elsewhere", async () => {
  const unknown = (files: readonly Uint8Array[], roots?: readonly Uint8Array[]) =>
    refused("tpm.root_unknown", certify(files, roots === undefined ? {} : { roots }));
  const again = await mintRoot({ serial: 7n });
  await unknown([ak]);
  await unknown([ak, root]);
  await unknown([ak, issuer]);
  await unknown([ak, issuer, again]);
  await unknown([ak, issuer, root], [await anchor(again, rootKey)]);
});

Deno.test("tpm_certificate keeps labs and others apart", async () => {
  const vendor = [await anchor(root, rootKey, false)];
  await refused("tpm.lab_root", certify([ak, issuer, root], { roots: vendor }));
  await refused("tpm.lab_root", certify([ak, issuer, root], { roots: [] }));
  const unmarked = await mintAk({ extensions: dropExtension(AK_EXTENSIONS, LAB_MARK_OID) });
  const fields = await refused("tpm.lab_extension_missing", certify([unmarked, issuer, root]));
  assert.deepEqual(fields, { certificate: "AK" });
});

const CA_USAGE = strictKeyUsage("keyCertSign", "cRLSign");

Deno.test("tpm_certificate refuses authorities that are none", async () => {
  const bad = [
    [basicConstraints(false), CA_USAGE, mark],
    [CA_USAGE, mark],
    [basicConstraints(true), strictKeyUsage("cRLSign"), mark],
    [basicConstraints(true), CA_USAGE, mark, foreign(true)],
  ];
  for (const extensions of bad) {
    const { certificate } = await refused(
      "tpm.chain_shape",
      certify([ak, await mintIssuer({ extensions }), root]),
    );
    assert.equal(certificate, "CA");
  }
  const good = [basicConstraints(true, 0), mark, foreign(false)];
  await certify([ak, await mintIssuer({ extensions: good }), root]);
});

Deno.test("tpm_certificate demands room for the authorities below", async () => {
  const extensions = [basicConstraints(true, 0), CA_USAGE, mark];
  const narrow = await mintRoot({ extensions });
  const roots = [await anchor(narrow, rootKey)];

  const { certificate } = await refused(
    "tpm.chain_shape",
    certify([ak, issuer, narrow], { roots }),
  );

  assert.equal(certificate, "root");
});

Deno.test("tpm_certificate refuses what certifies no attestation key", async () => {
  const bad = [
    replaceExtension(AK_EXTENSIONS, basicConstraints(true)),
    replaceExtension(AK_EXTENSIONS, strictKeyUsage("keyEncipherment")),
    dropExtension(AK_EXTENSIONS, EXTENSION_OIDS.keyUsage),
    replaceExtension(AK_EXTENSIONS, extendedKeyUsage("2.23.133.8.2")),
    dropExtension(AK_EXTENSIONS, EXTENSION_OIDS.extendedKeyUsage),
    [...AK_EXTENSIONS, foreign(true)],
  ];
  for (const extensions of bad) {
    const files = [await mintAk({ extensions }), issuer, root];
    await refused("tpm.ak_certificate_shape", certify(files));
  }
  const versionOne = await mintAk({ version: 2 });
  await refused("tpm.ak_certificate_shape", certify([versionOne, issuer, root]));
});

Deno.test("tpm_certificate takes an attestation key with Google's purpose, or without a TPM's name", async () => {
  const google = replaceExtension(AK_EXTENSIONS, extendedKeyUsage(EK_PURPOSE));
  await certify([await mintAk({ extensions: google }), issuer, root]);
  const nameless = dropExtension(AK_EXTENSIONS, EXTENSION_OIDS.subjectAltName);
  const found = await certify([await mintAk({ extensions: nameless }), issuer, root]);
  assert.equal(found.identity, null);
  const { "2.23.133.2.2": _, ...half } = IDENTITY;
  const halved = replaceExtension(AK_EXTENSIONS, tpmName(half));
  const files = [await mintAk({ extensions: halved }), issuer, root];
  await refused("tpm.ak_certificate_shape", certify(files));
});

/** Extensions of an endorsement key's certificate. */
function ekExtensions(usage: "keyAgreement" | "keyEncipherment") {
  return replaceExtension(
    replaceExtension(AK_EXTENSIONS, strictKeyUsage(usage)),
    extendedKeyUsage(EK_PURPOSE),
  );
}

Deno.test("tpm_certificate takes endorsement keys of both kinds by their usage", async () => {
  const ecc = await mintAk({ extensions: ekExtensions("keyAgreement") });
  const forRsa = { extensions: ekExtensions("keyEncipherment"), publicKey: rsa.spki };
  await certify([ecc, issuer, root], { role: "EK" });
  const found = await certify([await mintAk(forRsa), issuer, root], { role: "EK" });
  assert.equal(found.key.kind, "RSA 2048");

  const swapped = await mintAk({ ...forRsa, publicKey: p256.spki });
  const { certificate } = await refused(
    "tpm.ek_certificate_shape",
    certify([swapped, issuer, root], { role: "EK" }),
  );
  assert.equal(certificate, "EK");
  await refused("tpm.ek_certificate_shape", certify([ak, issuer, root], { role: "EK" }));
});

Deno.test("tpm_certificate reads the name of the TPM from one set or several, and refuses half of it", async () => {
  const ek = ekExtensions("keyAgreement");
  const withName = async (...parts: Parameters<typeof tpmName>) =>
    await mintAk({ extensions: replaceExtension(ek, tpmName(...parts)) });
  const role = { role: "EK" } as const;
  const { identity } = await certify([await withName(IDENTITY, true), issuer, root], role);
  assert.equal(identity?.model, "lab");
  const printable = { ...IDENTITY, "2.23.133.2.2": printableString("lab") };
  await certify([await withName(printable), issuer, root], role);

  const model = "2.23.133.2.2";
  const { [model]: _, ...half } = IDENTITY;
  const bad = [
    half,
    ...[ia5String("lab"), utf8String(""), utf8String("\u001b[2J")].map((value) => ({
      ...IDENTITY,
      [model]: value,
    })),
  ];
  for (const values of bad) {
    await refused(
      "tpm.ek_certificate_shape",
      certify([await withName(values), issuer, root], role),
    );
  }
});

Deno.test("tpm_certificate refuses keys of other kinds in the certificate", async () => {
  const publicKey = rsa.spki.map((byte, i) => i === 293 ? 3 : byte);
  const files = [await mintAk({ publicKey }), issuer, root];
  await refused("tpm.ak_certificate_shape", certify(files));
});

Deno.test("tpm_certificate refuses each signature that is broken or by another", async () => {
  const cases = [
    ["AK", [await mintAk({ signWith: rsa }), issuer, root]],
    ["CA", [ak, await mintIssuer({ signWith: p384 }), root]],
    ["AK", [await mintAk({ algorithm: ecdsa(), signWith: rootKey }), issuer, root]],
  ] as const;
  for (const [expected, files] of cases) {
    const { certificate } = await refused("tpm.chain_signature", certify(files));
    assert.equal(certificate, expected);
  }
  const forged = await mintRoot({ signWith: p384 });
  const roots = [await anchor(forged, rootKey)];
  const { certificate } = await refused(
    "tpm.chain_signature",
    certify([ak, issuer, forged], { roots }),
  );
  assert.equal(certificate, "root");
});

Deno.test("tpm_certificate refuses algorithms that are not accepted, SHA-1 among them", async () => {
  const files = [await mintAk({ algorithm: SHA1_RSA }), issuer, root];
  await refused("tpm.chain_signature", certify(files));
});

Deno.test("tpm_certificate compares the moment with each certificate, both ends included", async () => {
  const brief = { notBefore: days(-1), notAfter: days(1) };
  for (
    const [expected, files, roots] of [
      ["AK", [await mintAk(brief), issuer, root], [trusted]],
      ["CA", [ak, await mintIssuer(brief), root], [trusted]],
    ] as const
  ) {
    await certify(files, { roots, now: days(1) });
    const late = await refused("tpm.certificate_expired", certify(files, { now: days(2) }));
    assert.equal(late["certificate"], expected);
    await refused("tpm.certificate_not_yet_valid", certify(files, { now: days(-2) }));
  }
  const { certificate } = await refused(
    "tpm.certificate_expired",
    certify([ak, issuer, root], { now: days(11) }),
  );
  assert.equal(certificate, "AK");
});

Deno.test("tpm_certificate refuses no certificate, too many, and files that hold something else", async () => {
  assert.deepEqual(await refused("input.empty", certify([])), { input: "ak-cert" });
  const nine = [ak, ...Array.from({ length: 8 }, () => issuer)];
  assert.deepEqual(await refused("input.too_large", certify(nine)), {
    input: "ak-cert",
    limit: "8 certificates",
    actual: "9 certificates",
  });
  await refused("x509.malformed", certify([ak.subarray(0, -1), issuer, root]));
  const cut = concat(ak.subarray(0, 6), ak.subarray(7), Uint8Array.of(0));
  const { certificate, input } = await refused("x509.malformed", certify([ak, cut, root]));
  assert.deepEqual([certificate, input], ["CA", "ak-cert"]);
  await refused("input.encoding", certify([new TextEncoder().encode("no certificate")]));
});

Deno.test("tpm_certificate under a pinned certificate that is the key's own goes no further", async () => {
  const own = await writeCertificate({
    version: 3,
    serial: 5n,
    issuer: name("self"),
    subject: name("self"),
    notBefore: days(-1),
    notAfter: days(1),
    publicKey: issuerKey.spki,
    extensions: AK_EXTENSIONS,
    algorithm: rsaPkcs1("SHA-256"),
    signWith: issuerKey,
  });
  const found = await certify([own, root], { roots: [await anchor(own, issuerKey)] });
  assert.equal(found.certificates.length, 1);
  assert.equal(found.revocationChecked, true);
});

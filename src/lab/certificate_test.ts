import assert from "node:assert/strict";
import { type CertificateDescription, writeCertificate } from "../core/x509_writer/certificate.ts";
import {
  basicConstraints,
  dropExtension,
  EXTENSION_OIDS,
  keyIdentifier,
  keyUsage,
  replaceExtension,
  subjectKeyIdentifier,
} from "./extension.ts";
import { nullValue } from "../core/x509_writer/der.ts";
import { generateLabKey, type LabKeyKind } from "./lab_key.ts";
import { labName } from "./name.ts";
import { noOpenssl, openssl } from "./openssl_test.ts";
import { pem } from "./pem.ts";
import { AMD_PSS, ecdsa, rsaPkcs1, rsaPss, type SignatureAlgorithm } from "./signature.ts";

const NOW = new Date("2026-11-21T12:00:00Z");

const rsa = await generateLabKey("RSA-2048");

/** A root that signs itself, right in all respects. */
async function describeRoot(
  kind: LabKeyKind,
  algorithm: SignatureAlgorithm,
): Promise<CertificateDescription> {
  const key = kind === "RSA-2048" ? rsa : await generateLabKey(kind);
  return {
    version: 3,
    serial: 7n,
    issuer: labName("root"),
    subject: labName("root"),
    notBefore: NOW,
    notAfter: new Date("2056-01-01T00:00:00Z"),
    publicKey: key.spki,
    extensions: [
      basicConstraints(true),
      keyUsage("keyCertSign"),
      subjectKeyIdentifier(await keyIdentifier(key.spki)),
    ],
    algorithm,
    signWith: key,
  };
}

const judged = [
  "verify",
  "-attime",
  `${NOW.getTime() / 1000}`,
  "-check_ss_sig",
  "-x509_strict",
  "-CAfile",
  "root",
  "root",
];

/** What OpenSSL says of a self-signed root, signature included. */
async function judge(
  description: CertificateDescription,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  return await openssl(judged, { root: pem("CERTIFICATE", await writeCertificate(description)) });
}

const PSS_SHA256 = {
  hash: "SHA-256",
  maskHash: "SHA-256",
  saltLength: 32,
  trailerField: null,
} as const;

const algorithms: readonly (readonly [string, LabKeyKind, SignatureAlgorithm])[] = [
  ["AMD's RSASSA-PSS", "RSA-2048", rsaPss(AMD_PSS)],
  ["RSASSA-PSS without trailer field", "RSA-2048", rsaPss({ ...AMD_PSS, trailerField: null })],
  ["RSASSA-PSS of other parameters", "RSA-2048", rsaPss(PSS_SHA256)],
  ["RSASSA-PKCS1-v1_5", "RSA-2048", rsaPkcs1()],
  ["ECDSA on P-384", "P-384", ecdsa()],
  ["ECDSA on P-256", "P-256", ecdsa()],
  ["Intel's ECDSA with SHA-256", "P-256", ecdsa("SHA-256")],
  ["ECDSA with SHA-512", "P-256", ecdsa("SHA-512")],
];

for (const [name, kind, algorithm] of algorithms) {
  Deno.test({
    name: `writeCertificate() signs with ${name} so that openssl verifies it`,
    ignore: noOpenssl,
    fn: async () => {
      const { ok, text } = await judge(await describeRoot(kind, algorithm));
      assert.ok(ok, text);
    },
  });
}

const bends: readonly (readonly [string, RegExp, Partial<CertificateDescription>])[] = [
  ["another salt than it says", /signature failure/, {
    algorithm: rsaPss(AMD_PSS, { ...AMD_PSS, saltLength: 32 }),
  }],
  ["another hash than it says", /signature failure/, { algorithm: rsaPss(AMD_PSS, PSS_SHA256) }],
  ["a mask hash that was not used", /signature failure/, {
    algorithm: rsaPss({ ...AMD_PSS, maskHash: "SHA-256" }, AMD_PSS),
  }],
  ["a trailer field of two", /trailer|signature failure/i, {
    algorithm: rsaPss({ ...AMD_PSS, trailerField: 2 }),
  }],
  ["two different algorithms", /inner and outer|mismatch|signature failure/i, {
    outerIdentifier: rsaPss(PSS_SHA256).identifier,
  }],
  ["a given signature value", /signature failure/, { signature: new Uint8Array(256) }],
  ["validity that is over", /certificate has expired/, {
    notAfter: new Date(NOW.getTime() - 1000),
  }],
  ["validity that has not begun", /not yet valid/, { notBefore: new Date(NOW.getTime() + 1000) }],
  ["a critical extension that nobody knows", /unhandled critical extension/, {
    extensions: [{ oid: "2.999.1", critical: true, value: nullValue() }],
  }],
];

for (const [name, expected, change] of bends) {
  Deno.test({
    name: `writeCertificate() writes ${name} so that openssl refuses it`,
    ignore: noOpenssl,
    fn: async () => {
      const root = await describeRoot("RSA-2048", rsaPss(AMD_PSS));
      const { ok, text } = await judge({ ...root, ...change });
      assert.ok(!ok, text);
      assert.match(text, expected);
    },
  });
}

Deno.test({
  name: "writeCertificate() leaves out version 1 and empty extensions",
  ignore: noOpenssl,
  fn: async () => {
    const root = await describeRoot("P-256", ecdsa());
    const certificate = await writeCertificate({ ...root, version: 1, extensions: [] });
    const { text } = await openssl(["x509", "-in", "it", "-noout", "-text"], { it: certificate });
    assert.match(text, /Version: 1 \(0x0\)/);
    assert.doesNotMatch(text, /extensions/);
  },
});

Deno.test("dropExtension() and replaceExtension() refuse to change nothing", async () => {
  const { extensions } = await describeRoot("P-256", ecdsa());
  assert.equal(dropExtension(extensions, EXTENSION_OIDS.keyUsage).length, 2);
  assert.deepEqual(
    replaceExtension(extensions, basicConstraints(true, 3))[0],
    basicConstraints(true, 3),
  );
  assert.throws(() => dropExtension(extensions, EXTENSION_OIDS.crlNumber), RangeError);
  assert.throws(
    () => replaceExtension(dropExtension(extensions, "2.5.29.19"), basicConstraints(true)),
    RangeError,
  );
});

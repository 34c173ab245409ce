import assert from "node:assert/strict";
import { concat, frame, toHex, uint64 } from "../../../core/bytes.ts";
import { readCertificate, summaryOf } from "../../../core/portable/certificate.ts";
import {
  explicit,
  octetString,
  oid,
  sequence,
  setOf,
  tagged,
} from "../../../core/x509_writer/der.ts";
import { generateLabKey } from "../../../lab/lab_key.ts";
import { pem } from "../../../lab/pem.ts";
import { ecdsa } from "../../../lab/signature.ts";
import { refused } from "../../../../tests/refused.ts";
import type { Ec2Identity } from "../report.ts";
import {
  type Asked,
  attributes,
  certificate,
  document,
  engine,
  read,
  readSigned,
  utf8,
} from "./asked_test.ts";
import {
  algorithm,
  attribute,
  bareBase64,
  certificatesOf,
  DOCUMENT,
  OID,
  regionCertificate,
  regionKey,
  SERIAL,
  type SignatureParts,
  writeDocument,
  writeSignature,
  writeStreamed,
} from "./signed_test.ts";

const otherKey = await generateLabKey("RSA-2048");

const { accountId, architecture, availabilityZone, imageId, instanceId, instanceType } = DOCUMENT;
const { pendingTime, region, version } = DOCUMENT;
const IDENTITY: Ec2Identity = {
  ...{ accountId, architecture, availabilityZone, imageId, instanceId, instanceType },
  ...{ pendingTime, region, version },
  certificate: summaryOf(readCertificate(certificate, "region")),
};

Deno.test("readEc2Identity reads what was signed, in each form of the signature", async () => {
  const der = await writeSignature(document);
  const streamed = await writeStreamed(document);
  const forms: readonly (readonly [string, Uint8Array])[] = [
    ["DER", der],
    ["as AWS streams it", streamed],
    ["base64 in lines", utf8(bareBase64(streamed))],
    ["base64 with blank space around", utf8(`\r\n ${bareBase64(der)}\n\t\n`)],
    ["base64 with other lines", utf8(bareBase64(der).replaceAll("\n", "\r\n"))],
    ["base64 in one line", utf8(bareBase64(der).replaceAll("\n", ""))],
    ["PEM of PKCS7", utf8(pem("PKCS7", streamed))],
    ["PEM of CMS", utf8(pem("CMS", der))],
    ["PEM with blank space around", utf8(` \r\n${pem("PKCS7", der)}\t\n`)],
  ];
  for (const [what, signature] of forms) {
    assert.deepEqual(await read({ signature }), IDENTITY, what);
  }
});

Deno.test("readEc2Identity takes what may differ", async () => {
  const detached = sequence(oid(OID.data));
  const issued = certificatesOf(await regionCertificate({ signWith: otherKey }));
  const bare = sequence(oid(OID.sha256));
  const forms: Partial<SignatureParts>[] = [
    { contentInfo: detached },
    { attributes: null },
    { attributes: null, contentInfo: detached },
    { signatureAlgorithm: algorithm(OID.sha256WithRsa) },
    { signatureAlgorithm: sequence(oid(OID.rsa)) },
    { digestAlgorithms: setOf(bare), digestAlgorithm: bare },
    { ignored: [issued] },
    { ignored: [issued, explicit(1, sequence())] },
    { unsigned: [explicit(1, sequence())] },
    { attributes: attributes.filter((_, i) => i !== 1) },
  ];
  for (const [i, parts] of forms.entries()) {
    assert.deepEqual(await readSigned(parts), IDENTITY, `${i}`);
  }
  assert.deepEqual(await read({ certificate: utf8(pem("CERTIFICATE", certificate)) }), IDENTITY);
});

Deno.test("readEc2Identity refuses a document of which one bit is another", async () => {
  for (let at = 0; at < document.length; at += 13) {
    const other = document.map((byte, i) => i === at ? byte ^ 1 : byte);
    // The signature has the right one in it, or no reader takes the wrong one.
    const asked = read({ document: other, signature: await writeSignature(document) });
    const error = await asked.catch((thrown: unknown) => thrown);
    const code = String(Reflect.get(Object(error), "code"));
    assert.match(code, /^ec2\.(?:document|signature)_malformed$/, `byte ${at}`);
  }
});

Deno.test("readEc2Identity refuses a detached signature of another document", async () => {
  const contentInfo = sequence(oid(OID.data));
  const other = writeDocument({ accountId: "012345678902" });
  const digest = async (bytes: Uint8Array): Promise<string> =>
    toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", concat(bytes))));
  const signature = await writeSignature(document, { contentInfo });
  assert.deepEqual(await refused("ec2.digest_mismatch", read({ document: other, signature })), {
    ...{ expected: await digest(other), actual: await digest(document) },
  });
  const bare = await writeSignature(document, { contentInfo, attributes: null });
  const fields = await refused(
    "ec2.signature_mismatch",
    read({ document: other, signature: bare }),
  );
  assert.deepEqual(Object.keys(fields), ["reason"]);
});

Deno.test("readEc2Identity refuses signatures by other keys, over other bytes, of other forms", async () => {
  const set = tagged(0x31, ...attributes);
  const forms: Partial<SignatureParts>[] = [
    { signWith: otherKey },
    { message: document },
    { message: explicit(0, ...attributes) },
    { attributes: null, message: set },
    { signature: new Uint8Array() },
    { signature: new Uint8Array(256) },
    { signature: new Uint8Array(256).fill(0xff) },
  ];
  for (const [i, parts] of forms.entries()) {
    await refused("ec2.signature_mismatch", readSigned(parts), `${i}`);
  }
});

Deno.test("readEc2Identity refuses a certificate that is not the signer's", async () => {
  const other = [{ type: "2.5.4.10", value: "Lab Web Service", encoding: "printable" }] as const;
  for (const bends of [{ serial: SERIAL + 1n }, { issuer: other }]) {
    const asked = read({ certificate: await regionCertificate(bends) });
    const fields = await refused("ec2.signer_mismatch", asked);
    assert.deepEqual(Object.keys(fields), ["reason"]);
  }
});

Deno.test("readEc2Identity refuses keys of another kind or size", async () => {
  const p256 = await generateLabKey("P-256");
  const weak = regionKey.spki.map((byte, i) =>
    i === regionKey.spki.length - 6 ? byte & 0xfe : byte
  );
  const bends = [
    { publicKey: p256.spki, signWith: p256, algorithm: ecdsa("SHA-256") },
    { publicKey: weak },
  ];
  for (const bend of bends) {
    const asked = read({ certificate: await regionCertificate(bend) });
    const fields = await refused("ec2.certificate_shape", asked);
    assert.deepEqual({ ...fields, reason: "" }, { certificate: "region", reason: "" });
  }
});

Deno.test("readEc2Identity refuses a certificate outside of its time, to the second", async () => {
  const at = (text: string): Promise<Ec2Identity> => read({ now: new Date(text) });
  await at("2026-01-01T00:00:00Z");
  await at("2026-12-31T23:59:59Z");
  assert.deepEqual(await refused("ec2.certificate_not_yet_valid", at("2025-12-31T23:59:59Z")), {
    certificate: "region",
    notBefore: "2026-01-01T00:00:00Z",
    now: "2025-12-31T23:59:59Z",
  });
  assert.deepEqual(await refused("ec2.certificate_expired", at("2027-01-01T00:00:00Z")), {
    certificate: "region",
    notAfter: "2026-12-31T23:59:59Z",
    now: "2027-01-01T00:00:00Z",
  });
});

Deno.test("readEc2Identity looks at one thing after the other", async () => {
  const wrong: Asked = {
    document: writeDocument({ region: 1 }),
    signature: utf8("!"),
    certificate: certificate.subarray(1),
    now: new Date("2030-01-01T00:00:00Z"),
  };
  const other = await regionCertificate({
    serial: 1n,
    publicKey: (await generateLabKey("P-256")).spki,
  });
  const bytes = new Uint8Array(32);
  const digests = [...attributes.slice(0, 2), attribute(OID.messageDigest, octetString(bytes))];
  const parts = { attributes: digests, signWith: otherKey };
  const signature = await writeSignature(document, parts);
  const steps: readonly (readonly [string, Partial<Asked>])[] = [
    ["ec2.document_malformed", {}],
    ["ec2.signature_malformed", { document }],
    ["x509.malformed", { document, signature, certificate: certificate.subarray(0, -1) }],
    ["ec2.certificate_shape", { document, signature, certificate: other }],
    ["ec2.signer_mismatch", {
      ...{ document, signature, certificate: await regionCertificate({ serial: 1n }) },
    }],
    ["ec2.digest_mismatch", { document, signature, certificate }],
    ["ec2.signature_mismatch", {
      ...{
        document,
        certificate,
        signature: await writeSignature(document, { signWith: otherKey }),
      },
    }],
    ["ec2.certificate_expired", {
      ...{ document, certificate, signature: await writeSignature(document) },
    }],
  ];
  for (const [code, right] of steps) await refused(code, read({ ...wrong, ...right }), code);
});

Deno.test("readEc2Identity refuses nothing and too much, and says whose file it is", async () => {
  const none = new Uint8Array();
  const large = new Uint8Array(16_385).fill(0x20);
  const roles = [
    ["document", "identity-document", "identityDocument"],
    ["signature", "identity-signature", "identitySignature"],
    ["certificate", "certificate", "identityCertificate"],
  ] as const;
  const signature = await writeSignature(document);
  for (const [part, input, role] of roles) {
    const empty = await refused("input.empty", read({ signature, [part]: none }));
    assert.deepEqual(empty, { input, role });
    const tooLarge = await refused("input.too_large", read({ signature, [part]: large }));
    assert.equal(tooLarge["limit"], part === "certificate" ? "8192 bytes" : "16384 bytes");
  }
});

Deno.test("ec2_identity takes four parts and a moment", async () => {
  const parts = [document, await writeSignature(document), certificate];
  await assert.rejects(engine.run("ec2_identity", parts), /engine\.failed/);
  await assert.rejects(engine.run("ec2_identity", [...parts, new Uint8Array(7)]), /engine\.failed/);
  await assert.rejects(
    engine.run("ec2_identity", [...parts, uint64(0), frame([])]),
    /engine\.failed/,
  );
});

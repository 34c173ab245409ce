import assert from "node:assert/strict";
import { concat, fromHex } from "../../../core/bytes.ts";
import {
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
} from "../../../core/x509_writer/der.ts";
import { writeName } from "../../../lab/name.ts";
import { pem } from "../../../lab/pem.ts";
import { refused } from "../../../../tests/refused.ts";
import { attributes, certificate, document, read, readSigned, utf8 } from "./asked_test.ts";
import {
  algorithm,
  attribute,
  bareBase64,
  ISSUER,
  OID,
  SERIAL,
  type SignatureParts,
  writeDocument,
  writeSignature,
} from "./signed_test.ts";

const name = writeName(ISSUER);
const digest = attributes[2] ?? new Uint8Array();

const MALFORMED: readonly (readonly [string, Partial<SignatureParts>])[] = [
  ["another type", { type: OID.data }],
  ["version 3", { version: 3 }],
  ["a signer of version 3", { signerVersion: 3 }],
  ["no digest algorithm", { digestAlgorithms: setOf() }],
  ["two digest algorithms", {
    digestAlgorithms: setOf(algorithm(OID.sha256), algorithm(OID.sha384)),
  }],
  ["another digest algorithm", { digestAlgorithms: setOf(algorithm(OID.sha384)) }],
  ["another digest of the signer", { digestAlgorithm: algorithm(OID.sha384) }],
  ["parameters of the digest", { digestAlgorithm: sequence(oid(OID.sha256), integer(1)) }],
  ["another signature algorithm", { signatureAlgorithm: algorithm(OID.sha384WithRsa) }],
  ["an algorithm with three parts", {
    signatureAlgorithm: sequence(oid(OID.rsa), nullValue(), nullValue()),
  }],
  ["content of another type", { contentInfo: sequence(oid(OID.signedData)) }],
  ["another document in it", {
    contentInfo: sequence(oid(OID.data), explicit(0, octetString(writeDocument({ a: 1 })))),
  }],
  ["an empty document in it", {
    contentInfo: sequence(oid(OID.data), explicit(0, octetString(new Uint8Array()))),
  }],
  ["content that is no octet string", { contentInfo: sequence(oid(OID.data), explicit(0, name)) }],
  ["no signer", { signers: 0 }],
  ["two signers", { signers: 2 }],
  ["lists before certificates", { ignored: [explicit(1, name), explicit(0, name)] }],
  ["a signer named by its key", { signerName: octetString(new Uint8Array(20)) }],
  ["a signer's name with three parts", { signerName: sequence(name, integer(SERIAL), name) }],
  ["a serial number that is not minimal", { signerName: sequence(name, fromHex("02020001")) }],
  ["no attributes", { attributes: [] }],
  ["attributes without the type", { attributes: attributes.slice(1) }],
  ["attributes without the digest", { attributes: attributes.slice(0, 2) }],
  ["attributes out of order", { attributes: attributes.toReversed() }],
  ["an attribute twice", { attributes: [...attributes, digest] }],
  ["two digests in one", {
    attributes: [
      ...attributes.slice(0, 2),
      attribute(OID.messageDigest, octetString(new Uint8Array(32)), digest.subarray(-34)),
    ],
  }],
  ["a digest that is no octet string", {
    attributes: [...attributes.slice(0, 2), attribute(OID.messageDigest, nullValue())].toSorted(
      (a, b) => a.length - b.length,
    ),
  }],
  ["another type among the attributes", {
    attributes: [attribute(OID.contentType, oid(OID.signedData)), ...attributes.slice(1)],
  }],
  ["an attribute that is none", { attributes: [nullValue(), ...attributes] }],
  ["something behind the unsigned attributes", { unsigned: [explicit(1, name), nullValue()] }],
];

for (const [what, parts] of MALFORMED) {
  Deno.test(`readEc2Identity refuses a signature with ${what}`, async () => {
    const fields = await refused("ec2.signature_malformed", readSigned(parts));
    assert.deepEqual(Object.keys(fields), ["reason"]);
  });
}

Deno.test("readEc2Identity refuses a file that is no signature", async () => {
  const der = await writeSignature(document);
  const base64 = bareBase64(der);
  const files: readonly Uint8Array[] = [
    utf8("no base64"),
    utf8(" "),
    utf8(`${base64}=`),
    utf8(base64.replace("\n", " \n")),
    utf8(pem("PKCS7", der) + pem("PKCS7", der)),
    utf8(pem("CERTIFICATE", der)),
    utf8(`${base64}\n-----END PKCS7-----\n-----BEGIN PKCS7-----\n${base64}`),
    Uint8Array.of(0xff, 0xfe),
    concat(der, Uint8Array.of(0)),
    concat(der, der),
    der.subarray(0, -1),
    certificate,
  ];
  for (const [i, signature] of files.entries()) {
    await refused("ec2.signature_malformed", read({ signature }), `${i}`);
  }
});

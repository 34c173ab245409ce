/**
 * Test support: writes identity documents and their signatures, right or wrong.
 * Holds no tests of its own.
 *
 * @module
 */

import { concat, toBase64 } from "../../../core/bytes.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../../core/x509_writer/certificate.ts";
import {
  type Der,
  explicit,
  implicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  tagged,
  time,
} from "../../../core/x509_writer/der.ts";
import { generateLabKey, type LabKey, signBytes } from "../../../lab/lab_key.ts";
import { type Name, writeName } from "../../../lab/name.ts";
import { rsaPkcs1 } from "../../../lab/signature.ts";

/** Key of the region. */
export const regionKey: LabKey = await generateLabKey("RSA-2048");

/** When the certificate is in force. */
export const NOW = new Date("2026-01-02T03:04:05Z");
/** Issuer of the region's certificate, and its subject. */
export const ISSUER: Name = [{
  type: "2.5.4.10",
  value: "Lab Web Services",
  encoding: "printable",
}];
/** Serial number of the region's certificate; its first byte says only the sign. */
export const SERIAL = 0xb1_69cc_4015n;

/** A certificate of a region, but for what is given. */
export function regionCertificate(bent: Partial<CertificateDescription> = {}): Promise<Der> {
  return writeCertificate({
    version: 3,
    serial: SERIAL,
    issuer: ISSUER,
    subject: ISSUER,
    notBefore: new Date("2026-01-01T00:00:00Z"),
    notAfter: new Date("2026-12-31T23:59:59Z"),
    publicKey: regionKey.spki,
    extensions: [],
    algorithm: rsaPkcs1("SHA-256"),
    signWith: regionKey,
    ...bent,
  });
}

/** What an identity document says, with members that nothing is about. */
export const DOCUMENT = {
  accountId: "012345678901",
  architecture: "x86_64",
  availabilityZone: "eu-central-1a",
  billingProducts: null,
  imageId: "ami-0123456789abcdef0",
  instanceId: "i-0123456789abcdef0",
  instanceType: "m6a.large",
  marketplaceProductCodes: [],
  pendingTime: "2026-01-01T12:00:00Z",
  privateIp: "10.0.0.1",
  region: "eu-central-1",
  version: "2017-09-30",
};

/** The document as AWS writes it, but for what is given. */
export function writeDocument(bent: Readonly<Record<string, unknown>> = {}): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ ...DOCUMENT, ...bent }, null, 2));
}

/** Identifiers of CMS, dotted. */
export const OID = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  rsa: "1.2.840.113549.1.1.1",
  sha256WithRsa: "1.2.840.113549.1.1.11",
  sha384WithRsa: "1.2.840.113549.1.1.12",
} as const;

/** An algorithm whose parameters are NULL. */
export function algorithm(id: string): Der {
  return sequence(oid(id), nullValue());
}

/** An attribute with its values. */
export function attribute(id: string, ...values: readonly Uint8Array[]): Der {
  return sequence(oid(id), setOf(...values));
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(bytes)));
}

/** The attributes that AWS signs, in order. */
export async function attributesOf(document: Uint8Array): Promise<readonly Der[]> {
  return [
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.signingTime, time(NOW)),
    attribute(OID.messageDigest, octetString(await sha256(document))),
  ];
}

/** Parts of a signature; each can be bent. */
export interface SignatureParts {
  readonly type: string;
  readonly version: number;
  readonly digestAlgorithms: Uint8Array;
  readonly contentInfo: Uint8Array;
  /** What may stand behind the content: certificates and lists. */
  readonly ignored: readonly Uint8Array[];
  readonly signers: number;
  readonly signerVersion: number;
  readonly signerName: Uint8Array;
  readonly digestAlgorithm: Uint8Array;
  /** Signed attributes in the order in which they are written; null has the document signed. */
  readonly attributes: readonly Uint8Array[] | null;
  readonly signatureAlgorithm: Uint8Array;
  /** What is really signed in place of the attributes or the document. */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly unsigned: readonly Uint8Array[];
  readonly signWith: LabKey;
}

/** ContentInfo of CMS, but for what is given. */
export async function writeSignature(
  document: Uint8Array,
  bent: Partial<SignatureParts> = {},
): Promise<Der> {
  const attributes = bent.attributes === undefined ? await attributesOf(document) : bent.attributes;
  const message = bent.message ?? (attributes === null ? document : tagged(0x31, ...attributes));
  const method = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
  const parts: Omit<SignatureParts, "attributes" | "message"> = {
    type: OID.signedData,
    version: 1,
    digestAlgorithms: setOf(algorithm(OID.sha256)),
    contentInfo: sequence(oid(OID.data), explicit(0, octetString(document))),
    ignored: [],
    signers: 1,
    signerVersion: 1,
    signerName: sequence(writeName(ISSUER), integer(SERIAL)),
    digestAlgorithm: algorithm(OID.sha256),
    signatureAlgorithm: algorithm(OID.rsa),
    signature: await signBytes(bent.signWith ?? regionKey, method, message),
    unsigned: [],
    signWith: regionKey,
    ...bent,
  };
  const signer = sequence(
    ...[integer(parts.signerVersion), parts.signerName, parts.digestAlgorithm],
    ...(attributes === null ? [] : [explicit(0, ...attributes)]),
    ...[parts.signatureAlgorithm, octetString(parts.signature), ...parts.unsigned],
  );
  const signers = tagged(0x31, ...Array.from({ length: parts.signers }, () => signer));
  const { version, digestAlgorithms, contentInfo, ignored } = parts;
  const data = sequence(integer(version), digestAlgorithms, contentInfo, ...ignored, signers);
  return sequence(oid(parts.type), explicit(0, data));
}

/** A value whose length is not said before. */
function indefinite(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0));
}

/** A signature as AWS streams it: lengths unknown, the document in pieces, no certificates. */
export async function writeStreamed(document: Uint8Array): Promise<Uint8Array> {
  const der = await writeSignature(document, { contentInfo: sequence(oid(OID.data)) });
  // The signers are what follows the content.
  const mark = sequence(oid(OID.data));
  const at = der.findIndex((_, i) => mark.every((byte, j) => der[i + j] === byte));
  const signers = der.subarray(at + mark.length);
  const middle = document.length >> 1;
  const pieces = [document.subarray(0, middle), document.subarray(middle)];
  const content = indefinite(0x24, ...pieces.map(octetString));
  const data = indefinite(
    0x30,
    integer(1),
    setOf(algorithm(OID.sha256)),
    indefinite(0x30, oid(OID.data), indefinite(0xa0, content)),
    signers,
  );
  return indefinite(0x30, oid(OID.signedData), indefinite(0xa0, data));
}

/** As the metadata service gives it: base64 in lines, without borders. */
export function bareBase64(signature: Uint8Array): string {
  return (toBase64(signature).match(/.{1,76}/g) ?? []).join("\n");
}

/** Certificates as CMS has them. */
export function certificatesOf(...certificates: readonly Uint8Array[]): Der {
  return implicit(0, sequence(...certificates));
}

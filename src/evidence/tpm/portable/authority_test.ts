/**
 * Test support: certificates and lists for keys of TPMs, right or wrong, under a
 * root of their own. Holds no tests of its own.
 *
 * @module
 */

import { concat, frame, uint64 } from "../../../core/bytes.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../../core/x509_writer/certificate.ts";
import { type CrlDescription, writeCrl } from "../../../lab/crl.ts";
import {
  type Der,
  explicit,
  nullValue,
  oid,
  sequence,
  setOf,
  utf8String,
} from "../../../core/x509_writer/der.ts";
import {
  basicConstraints,
  crlDistributionPoints,
  extendedKeyUsage,
  type Extension,
  EXTENSION_OIDS,
  LAB_MARK_OID,
  strictKeyUsage,
} from "../../../lab/extension.ts";
import { generateLabKey, type LabKey } from "../../../lab/lab_key.ts";
import type { Name } from "../../../lab/name.ts";
import { ecdsa, rsaPkcs1, type SignatureAlgorithm } from "../../../lab/signature.ts";
import { p256 } from "./keys_test.ts";

/** Keys of the authorities. */
export const rootKey: LabKey = await generateLabKey("P-384");
/** Key of the one that issues. */
export const issuerKey: LabKey = await generateLabKey("RSA-2048");

/** When everything is in force. */
export const NOW = new Date("2026-01-02T03:04:05Z");
const DAY = 86_400_000;
/** A moment some days away. */
export function days(count: number): Date {
  return new Date(NOW.getTime() + count * DAY);
}

/** A name of one attribute. */
export function name(commonName: string): Name {
  return [{ type: "2.5.4.3", value: commonName, encoding: "utf8" }];
}

/** The lab's mark. */
export const mark: Extension = { oid: LAB_MARK_OID, critical: true, value: nullValue() };
/** Where the lists lie. */
export const URI = "https://lab.invalid/issuer.crl";
/** tcg-kp-EKCertificate. */
export const EK_PURPOSE = "2.23.133.8.1";
/** tcg-kp-AIKCertificate. */
export const AK_PURPOSE = "2.23.133.8.3";

/** What a certificate says of its TPM, each attribute by itself or all in one set. */
export function tpmName(values: Readonly<Record<string, Der>>, together = false): Extension {
  const attributes = Object.entries(values).map(([id, value]) => sequence(oid(id), value));
  const sets = together ? [setOf(...attributes)] : attributes.map((one) => setOf(one));
  const value = sequence(explicit(4, sequence(...sets)));
  return { oid: EXTENSION_OIDS.subjectAltName, critical: true, value };
}

/** Manufacturer, model and version. */
export const IDENTITY: Readonly<Record<string, Der>> = {
  "2.23.133.2.1": utf8String("id:4C414200"),
  "2.23.133.2.2": utf8String("lab"),
  "2.23.133.2.3": utf8String("id:00010002"),
};

type Bent = Partial<CertificateDescription>;

const COMMON = { version: 3, notBefore: days(-10), notAfter: days(10) };

/** The root. */
export function mintRoot(bent: Bent = {}): Promise<Der> {
  return writeCertificate({
    ...COMMON,
    serial: 1n,
    issuer: name("root"),
    subject: name("root"),
    publicKey: rootKey.spki,
    extensions: [basicConstraints(true), strictKeyUsage("keyCertSign", "cRLSign"), mark],
    algorithm: ecdsa("SHA-512"),
    signWith: rootKey,
    ...bent,
  });
}

/** The authority that issues, with a purpose as Google's have. */
export function mintIssuer(bent: Bent = {}): Promise<Der> {
  return writeCertificate({
    ...COMMON,
    serial: 2n,
    issuer: name("root"),
    subject: name("issuer"),
    publicKey: issuerKey.spki,
    extensions: [
      basicConstraints(true, 0),
      strictKeyUsage("keyCertSign", "cRLSign"),
      { ...extendedKeyUsage(EK_PURPOSE), critical: true },
      mark,
    ],
    algorithm: ecdsa("SHA-384"),
    signWith: rootKey,
    ...bent,
  });
}

/** Extensions of an attestation key's certificate. */
export const AK_EXTENSIONS: readonly Extension[] = [
  basicConstraints(false),
  strictKeyUsage("digitalSignature"),
  extendedKeyUsage(AK_PURPOSE),
  crlDistributionPoints(URI),
  tpmName(IDENTITY),
  mark,
];

/** An attestation key's certificate: that of the P-256 key, without a subject. */
export function mintAk(bent: Bent = {}): Promise<Der> {
  return writeCertificate({
    ...COMMON,
    serial: 3n,
    issuer: name("issuer"),
    subject: [],
    publicKey: p256.spki,
    extensions: AK_EXTENSIONS,
    algorithm: rsaPkcs1("SHA-256"),
    signWith: issuerKey,
    ...bent,
  });
}

/** A list of the authority that issues. */
export function mintCrl(bent: Partial<CrlDescription> = {}): Promise<Der> {
  return writeCrl({
    version: 2,
    issuer: name("issuer"),
    thisUpdate: days(-1),
    nextUpdate: days(1),
    revoked: [{ serial: 99n, at: days(-5) }],
    extensions: [],
    algorithm: rsaPkcs1("SHA-512"),
    signWith: issuerKey,
    ...bent,
  });
}

/** An anchor as operations take it. */
export async function anchor(
  certificate: Uint8Array,
  key: LabKey,
  lab = true,
): Promise<Uint8Array> {
  const hash = async (bytes: Uint8Array) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", concat(bytes)));
  const fields = [new Uint8Array(), await hash(certificate), await hash(key.spki)];
  return frame([...fields, Uint8Array.of(lab ? 1 : 0)]);
}

/** A moment as operations take it. */
export function moment(date: Date): Uint8Array {
  return uint64(Math.floor(date.getTime() / 1000));
}

/** An extension that nobody knows. */
export function foreign(critical: boolean): Extension {
  return { oid: "2.999.1", critical, value: nullValue() };
}

/** What says that it is RSA with SHA-1. */
export const SHA1_RSA: SignatureAlgorithm = {
  ...rsaPkcs1("SHA-256"),
  identifier: sequence(oid("1.2.840.113549.1.1.5"), nullValue()),
};

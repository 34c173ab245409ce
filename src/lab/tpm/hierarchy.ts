/**
 * What the certificates and revocation lists of a TPM's vendor say, under the
 * lab's own names (TCG EK Credential Profile §3; AK certificates as cloud
 * providers issue them).
 *
 * Only descriptions: `writeCertificate` and `writeCrl` make bytes of them, and
 * tests bend them in between.
 *
 * @module
 */

import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import type { CrlDescription, RevokedCertificate } from "../crl.ts";
import { addDays, addYears } from "../dates.ts";
import { type Der, oid, sequence, setOf, utf8String } from "../../core/x509_writer/der.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoints,
  crlNumber,
  extendedKeyUsage,
  keyIdentifier,
  labMark,
  reasonCode,
  strictKeyUsage,
  subjectAltName,
  subjectKeyIdentifier,
} from "../extension.ts";
import type { LabKey } from "../lab_key.ts";
import type { Name } from "../name.ts";
import { ecdsa, rsaPkcs1, type SignatureAlgorithm } from "../signature.ts";

/** Members of the hierarchy. */
export type TpmCaName = "root" | "issuing";

/** Organization in all names of the lab, where a vendor has its own. */
export const LAB_TPM_ORGANIZATION = "Casemate lab, no vendor of TPMs";

/** Object identifiers of the TCG. */
export const TCG_OIDS = {
  manufacturer: "2.23.133.2.1",
  model: "2.23.133.2.2",
  version: "2.23.133.2.3",
  ekCertificate: "2.23.133.8.1",
  akCertificate: "2.23.133.8.3",
} as const;

/** What a certificate says of its TPM. */
export interface LabTpmIdentity {
  /** Manufacturer, as `id:4C414200`. */
  readonly manufacturer: string;
  /** Model. */
  readonly model: string;
  /** Version of the firmware. */
  readonly version: string;
}

/** A TPM that nobody sells. */
export const LAB_TPM: LabTpmIdentity = {
  manufacturer: "id:4C414200",
  model: "Casemate lab",
  version: "id:00010000",
};

/** Years that certificates hold. */
const YEARS = { root: 30, issuing: 15, key: 5 } as const;

/** Days that revocation lists hold. */
const CRL_DAYS: Readonly<Record<TpmCaName, number>> = { root: 365, issuing: 30 };

/** Reason of every revocation: keyCompromise (RFC 5280 §5.3.1). */
const KEY_COMPROMISE = 1;

/**
 * Name of a certificate of the lab.
 *
 * @param commonName Common name.
 */
export function tpmName(commonName: string): Name {
  return [
    { type: "2.5.4.6", value: "US", encoding: "printable" },
    { type: "2.5.4.10", value: LAB_TPM_ORGANIZATION, encoding: "utf8" },
    { type: "2.5.4.3", value: commonName, encoding: "utf8" },
  ];
}

/**
 * Name of a member.
 *
 * @param member Which.
 */
export function tpmCaName(member: TpmCaName): Name {
  return tpmName(member === "root" ? "TPM Root CA" : "TPM Issuing CA");
}

/**
 * Address of a revocation list; nothing answers there.
 *
 * @param issuer Who issues the list.
 */
export function tpmCrlUri(issuer: TpmCaName): string {
  return `lab:tpm/${issuer}.crl`;
}

/**
 * Serial number of the lab's certificate for a key, by which it is easily revoked.
 *
 * @param key The certified key.
 */
export async function tpmSerial(key: LabKey): Promise<bigint> {
  const id = await keyIdentifier(key.spki);
  return id.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
}

/** How a key of its kind signs certificates and lists. */
function algorithmOf({ kind }: LabKey): SignatureAlgorithm {
  if (kind === "P-256") return ecdsa("SHA-256");
  return kind === "P-384" ? ecdsa("SHA-384") : rsaPkcs1("SHA-256");
}

/** What the certificate of a member is described by. */
export interface TpmCaOptions {
  /** Which. */
  readonly member: TpmCaName;
  /** Its own key. */
  readonly key: LabKey;
  /** Key of the root, which signs. */
  readonly root: LabKey;
  /** Start of validity. */
  readonly now: Date;
}

/**
 * A member: the root, or the CA that certifies keys of TPMs.
 *
 * @param options Member, keys and time.
 */
export async function describeTpmCa(options: TpmCaOptions): Promise<CertificateDescription> {
  const { member, key, root, now } = options;
  const isRoot = member === "root";
  return {
    version: 3,
    serial: await tpmSerial(key),
    issuer: tpmCaName("root"),
    subject: tpmCaName(member),
    notBefore: now,
    notAfter: addYears(now, YEARS[member]),
    publicKey: key.spki,
    extensions: [
      basicConstraints(true, isRoot ? null : 0),
      strictKeyUsage("keyCertSign", "cRLSign"),
      subjectKeyIdentifier(await keyIdentifier(key.spki)),
      authorityKeyIdentifier(await keyIdentifier(root.spki)),
      ...(isRoot ? [] : [crlDistributionPoints(tpmCrlUri("root"))]),
      labMark(),
    ],
    algorithm: algorithmOf(root),
    signWith: root,
  };
}

/** What the certificate of a TPM's key is described by. */
export interface TpmKeyOptions {
  /** What the key is: attestation key or endorsement key. */
  readonly kind: "ak" | "ek";
  /** The key. */
  readonly key: LabKey;
  /** Key of the issuing CA, which signs. */
  readonly issuerKey: LabKey;
  /** What is said of the TPM; null says nothing. */
  readonly identity: LabTpmIdentity | null;
  /** Whether it says where its issuer's revocation list lies. */
  readonly crlPoint: boolean;
  /** Start of validity. */
  readonly now: Date;
}

/**
 * The certificate of a TPM's key.
 *
 * @param options Key, issuer and time.
 */
export async function describeTpmKey(options: TpmKeyOptions): Promise<CertificateDescription> {
  const { kind, key, issuerKey, identity, crlPoint, now } = options;
  const purpose = kind === "ak" ? TCG_OIDS.akCertificate : TCG_OIDS.ekCertificate;
  const exchange = key.kind.startsWith("RSA") ? "keyEncipherment" : "keyAgreement";
  return {
    version: 3,
    serial: await tpmSerial(key),
    issuer: tpmCaName("issuing"),
    subject: tpmName(kind === "ak" ? "Attestation key" : "Endorsement key"),
    notBefore: now,
    notAfter: addYears(now, YEARS.key),
    publicKey: key.spki,
    extensions: [
      basicConstraints(false),
      strictKeyUsage(kind === "ak" ? "digitalSignature" : exchange),
      extendedKeyUsage(purpose),
      ...(identity === null ? [] : [subjectAltName(writeTpmIdentity(identity))]),
      subjectKeyIdentifier(await keyIdentifier(key.spki)),
      authorityKeyIdentifier(await keyIdentifier(issuerKey.spki)),
      ...(crlPoint ? [crlDistributionPoints(tpmCrlUri("issuing"))] : []),
      labMark(),
    ],
    algorithm: algorithmOf(issuerKey),
    signWith: issuerKey,
  };
}

/**
 * The directory name that says which TPM it is (EK Credential Profile §3.1.2).
 *
 * @param identity What is said.
 * @param together Whether all stands in one RelativeDistinguishedName, as some vendors have it.
 */
export function writeTpmIdentity(identity: LabTpmIdentity, together = false): Der {
  const attributes = [
    sequence(oid(TCG_OIDS.manufacturer), utf8String(identity.manufacturer)),
    sequence(oid(TCG_OIDS.model), utf8String(identity.model)),
    sequence(oid(TCG_OIDS.version), utf8String(identity.version)),
  ];
  return together
    ? sequence(setOf(...attributes))
    : sequence(...attributes.map((attribute) => setOf(attribute)));
}

/**
 * The revocation list of a member; it revokes nothing.
 *
 * @param issuer Which.
 * @param key Its key.
 * @param now Time of issue.
 */
export async function describeTpmCrl(
  issuer: TpmCaName,
  key: LabKey,
  now: Date,
): Promise<CrlDescription> {
  return {
    version: 2,
    issuer: tpmCaName(issuer),
    thisUpdate: now,
    nextUpdate: addDays(now, CRL_DAYS[issuer]),
    revoked: [],
    extensions: [crlNumber(1), authorityKeyIdentifier(await keyIdentifier(key.spki))],
    algorithm: algorithmOf(key),
    signWith: key,
  };
}

/**
 * An entry of a revocation list.
 *
 * @param serial Serial number of the revoked certificate.
 * @param at Since when it is revoked.
 */
export function tpmRevoked(serial: bigint, at: Date): RevokedCertificate {
  return { serial, at, extensions: [reasonCode(KEY_COMPROMISE)] };
}

/**
 * What Intel's CA certificates and revocation lists say, line by line, under
 * the lab's own names (Intel "SGX PCK Certificate and Certificate Revocation
 * List Profile Specification").
 *
 * Only descriptions: `writeCertificate` and `writeCrl` make bytes of them, and
 * tests bend them in between.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import type { CrlDescription, RevokedCertificate } from "../crl.ts";
import { addDays, addYears } from "../dates.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoints,
  crlNumber,
  type KeyUsage,
  labMark,
  reasonCode,
  strictKeyUsage,
  subjectKeyIdentifier,
} from "../extension.ts";
import type { LabKey } from "../lab_key.ts";
import type { Name } from "../name.ts";
import { ecdsa } from "../signature.ts";

/** CAs that issue PCK certificates: of multi-package platforms, and of single processors. */
export type PckCa = "platform" | "processor";

/** Members of the hierarchy: the root, and those that it certifies. */
export type IntelCaName = "root" | PckCa | "tcbSigning";

/** Organization in all names of the Intel-like lab, where Intel has its own. */
export const LAB_INTEL_ORGANIZATION = "Casemate lab, not Intel";

/** What the certificates of the members differ in. */
interface Profile {
  readonly commonName: string;
  readonly years: number;
  readonly usages: readonly KeyUsage[];
  readonly ca: boolean;
  readonly pathLength: number | null;
}

const CA_USAGES = ["keyCertSign", "cRLSign"] as const;

/** Names, years and rights as Intel has them. */
const PROFILES: Readonly<Record<IntelCaName, Profile>> = {
  root: {
    commonName: "Intel SGX Root CA",
    years: 31,
    usages: CA_USAGES,
    ca: true,
    pathLength: 1,
  },
  platform: {
    commonName: "Intel SGX PCK Platform CA",
    years: 15,
    usages: CA_USAGES,
    ca: true,
    pathLength: 0,
  },
  processor: {
    commonName: "Intel SGX PCK Processor CA",
    years: 15,
    usages: CA_USAGES,
    ca: true,
    pathLength: 0,
  },
  tcbSigning: {
    commonName: "Intel SGX TCB Signing",
    years: 7,
    usages: ["digitalSignature", "nonRepudiation"],
    ca: false,
    pathLength: null,
  },
};

/** Days that revocation lists hold: Intel's of the root somewhat more than a year, the others a month. */
const CRL_DAYS: Readonly<Record<"root" | PckCa, number>> = {
  root: 379,
  platform: 30,
  processor: 30,
};

/** Reason that Intel writes for every revoked certificate: keyCompromise (RFC 5280 §5.3.1). */
const KEY_COMPROMISE = 1;

/**
 * Name of a certificate of the lab: Intel's attributes, order and string types, another organization.
 *
 * @param commonName Common name, as `Intel SGX Root CA`.
 */
export function intelName(commonName: string): Name {
  return [
    { type: "2.5.4.3", value: commonName, encoding: "utf8" },
    { type: "2.5.4.10", value: LAB_INTEL_ORGANIZATION, encoding: "utf8" },
    { type: "2.5.4.7", value: "Santa Clara", encoding: "utf8" },
    { type: "2.5.4.8", value: "CA", encoding: "utf8" },
    { type: "2.5.4.6", value: "US", encoding: "printable" },
  ];
}

/**
 * Name of a member.
 *
 * @param member Which.
 */
export function intelCaName(member: IntelCaName): Name {
  return intelName(PROFILES[member].commonName);
}

/**
 * Key identifier as in Intel's certificates: SHA-1 of the whole SubjectPublicKeyInfo.
 *
 * @param spki DER of SubjectPublicKeyInfo.
 */
export async function intelKeyIdentifier(spki: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-1", concat(spki)));
}

/**
 * Serial number of the lab's certificate for a key: the key identifier as a
 * number, as Intel has it for its CAs. It makes revoking one by its key easy.
 *
 * @param key The certified key.
 */
export async function intelSerial(key: LabKey): Promise<bigint> {
  const id = await intelKeyIdentifier(key.spki);
  return id.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
}

/**
 * Address of a revocation list, in Intel's manner; nothing answers there.
 *
 * @param issuer Who issues the list.
 */
export function intelCrlUri(issuer: "root" | PckCa): string {
  return issuer === "root"
    ? "lab:IntelSGXRootCA.der"
    : `lab:sgx/certification/v4/pckcrl?ca=${issuer}&encoding=der`;
}

/** What the certificate of a member is described by. */
export interface IntelCaOptions {
  /** Which. */
  readonly member: IntelCaName;
  /** Its own key. */
  readonly key: LabKey;
  /** Key of the root, which signs. */
  readonly root: LabKey;
  /** Start of validity. */
  readonly now: Date;
}

/**
 * A member: Root CA, Platform CA, Processor CA, or the certificate that signs TCB info.
 *
 * @param options Member, keys and time.
 */
export async function describeIntelCa(options: IntelCaOptions): Promise<CertificateDescription> {
  const { member, key, root, now } = options;
  const { years, usages, ca, pathLength } = PROFILES[member];
  return {
    version: 3,
    serial: await intelSerial(key),
    issuer: intelCaName("root"),
    subject: intelCaName(member),
    notBefore: now,
    notAfter: addYears(now, years),
    publicKey: key.spki,
    extensions: [
      authorityKeyIdentifier(await intelKeyIdentifier(root.spki)),
      crlDistributionPoints(intelCrlUri("root")),
      subjectKeyIdentifier(await intelKeyIdentifier(key.spki)),
      strictKeyUsage(...usages),
      basicConstraints(ca, pathLength),
      labMark(),
    ],
    algorithm: ecdsa("SHA-256"),
    signWith: root,
  };
}

/**
 * The revocation list of an issuer; it revokes nothing.
 *
 * @param issuer Root CA, or the CA of PCK certificates.
 * @param key Its key.
 * @param now Time of issue.
 */
export async function describeIntelCrl(
  issuer: "root" | PckCa,
  key: LabKey,
  now: Date,
): Promise<CrlDescription> {
  return {
    version: 2,
    issuer: intelCaName(issuer),
    thisUpdate: now,
    nextUpdate: addDays(now, CRL_DAYS[issuer]),
    revoked: [],
    extensions: [crlNumber(1), authorityKeyIdentifier(await intelKeyIdentifier(key.spki))],
    algorithm: ecdsa("SHA-256"),
    signWith: key,
  };
}

/**
 * An entry of a revocation list, as Intel writes it.
 *
 * @param serial Serial number of the revoked certificate.
 * @param at Since when it is revoked.
 */
export function intelRevoked(serial: bigint, at: Date): RevokedCertificate {
  return { serial, at, extensions: [reasonCode(KEY_COMPROMISE)] };
}

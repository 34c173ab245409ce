/**
 * What the certificates and revocation lists of Nitro say, under the lab's own
 * names: root, region, zone and instance, which certifies the key of each
 * document for three hours, as AWS's do.
 *
 * Only descriptions: `writeCertificate` and `writeCrl` make bytes of them, and
 * tests bend them in between.
 *
 * @module
 */

import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import type { CrlDescription, RevokedCertificate } from "../crl.ts";
import { addDays, addYears } from "../dates.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoints,
  crlNumber,
  keyIdentifier,
  labMark,
  reasonCode,
  strictKeyUsage,
  subjectKeyIdentifier,
} from "../extension.ts";
import type { LabKey } from "../lab_key.ts";
import type { Name } from "../name.ts";
import { ecdsa } from "../signature.ts";

/** Members of the authority, root first. */
export const NITRO_CA_NAMES = ["root", "region", "zone"] as const;

/** A member of the authority. */
export type NitroCaName = (typeof NITRO_CA_NAMES)[number];

/** Certificates that are made for each document. */
export type NitroLeafName = "instance" | "leaf";

/** Members that issue a revocation list; AWS's others issue none. */
export type NitroListName = "root" | "region";

/** Organization in all names of the lab, where AWS has its own. */
export const LAB_NITRO_ORGANIZATION = "Casemate lab, not AWS";

/** Hours that the certificate of a document holds. */
const LEAF_HOURS = 3;
/** Hours that the certificate of an instance holds. */
const INSTANCE_HOURS = 24;
/** Years that the certificates above hold. AWS's for regions and zones hold for days, which would end a lab too soon. */
const YEARS: Readonly<Record<NitroCaName, number>> = { root: 30, region: 15, zone: 15 };
/** Days that revocation lists hold. */
const CRL_DAYS = 30;

/** Path lengths, as AWS has them; the root has none. */
const PATH_LENGTHS = { root: null, region: 2, zone: 1 } as const;

/** Whose list the certificate of a member names. */
const LISTS: Readonly<Record<NitroCaName, NitroListName | null>> = {
  root: null,
  region: "root",
  zone: "region",
};

/** Common names. */
const COMMON_NAMES: Readonly<Record<NitroCaName | NitroLeafName, string>> = {
  root: "lab.nitro-enclaves",
  region: "0123456789abcdef.xx-lab-1.lab.nitro-enclaves",
  zone: "fedcba9876543210.zonal.xx-lab-1.lab.nitro-enclaves",
  instance: "i-0123456789abcdef0.xx-lab-1.lab.nitro-enclaves",
  leaf: "i-0123456789abcdef0-lab.xx-lab-1.lab",
};

/** Who issues a member. */
const ISSUERS = {
  root: "root",
  region: "root",
  zone: "region",
  instance: "zone",
  leaf: "instance",
} as const satisfies Record<NitroCaName | NitroLeafName, NitroCaName | NitroLeafName>;

/** Reason of every revocation: keyCompromise (RFC 5280 §5.3.1). */
const KEY_COMPROMISE = 1;

/**
 * Name of a certificate of the lab.
 *
 * @param commonName Common name.
 */
export function nitroName(commonName: string): Name {
  return [
    { type: "2.5.4.6", value: "US", encoding: "printable" },
    { type: "2.5.4.10", value: LAB_NITRO_ORGANIZATION, encoding: "utf8" },
    { type: "2.5.4.11", value: "Lab", encoding: "utf8" },
    { type: "2.5.4.3", value: commonName, encoding: "utf8" },
  ];
}

/**
 * Name of a member, or of a certificate below.
 *
 * @param member Which.
 */
export function nitroMemberName(member: NitroCaName | NitroLeafName): Name {
  return nitroName(COMMON_NAMES[member]);
}

/**
 * Address of a revocation list; nothing answers there.
 *
 * @param issuer Who issues the list.
 */
export function nitroCrlUri(issuer: NitroListName): string {
  return `lab:nitro/${issuer}.crl`;
}

/**
 * Serial number of the lab's certificate for a key, by which it is easily revoked.
 *
 * @param key The certified key.
 */
export async function nitroSerial(key: LabKey): Promise<bigint> {
  const id = await keyIdentifier(key.spki);
  return id.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
}

/** What a certificate is described by. */
export interface NitroCertificateOptions {
  /** Its own key. */
  readonly key: LabKey;
  /** Key of its issuer, which signs. */
  readonly issuerKey: LabKey;
  /** Start of validity. */
  readonly now: Date;
}

/**
 * The certificate of a member.
 *
 * @param member Which.
 * @param options Keys and time.
 */
export async function describeNitroCa(
  member: NitroCaName,
  options: NitroCertificateOptions,
): Promise<CertificateDescription> {
  const { key, issuerKey, now } = options;
  const list = LISTS[member];
  return {
    ...await describeCommon(member, options),
    notAfter: addYears(now, YEARS[member]),
    extensions: [
      basicConstraints(true, PATH_LENGTHS[member]),
      authorityKeyIdentifier(await keyIdentifier(issuerKey.spki)),
      subjectKeyIdentifier(await keyIdentifier(key.spki)),
      strictKeyUsage("digitalSignature", "keyCertSign", "cRLSign"),
      ...(list === null ? [] : [crlDistributionPoints(nitroCrlUri(list))]),
      labMark(),
    ],
  };
}

/**
 * The certificate of an instance, which certifies keys of its documents.
 *
 * @param options Keys and time.
 */
export async function describeNitroInstance(
  options: NitroCertificateOptions,
): Promise<CertificateDescription> {
  return {
    ...await describeCommon("instance", options),
    notAfter: addHours(options.now, INSTANCE_HOURS),
    extensions: [basicConstraints(true, 0), strictKeyUsage("keyCertSign"), labMark()],
  };
}

/**
 * The certificate that signs a document.
 *
 * @param options Keys and time.
 */
export async function describeNitroLeaf(
  options: NitroCertificateOptions,
): Promise<CertificateDescription> {
  return {
    ...await describeCommon("leaf", options),
    notAfter: addHours(options.now, LEAF_HOURS),
    extensions: [
      basicConstraints(false),
      strictKeyUsage("digitalSignature", "nonRepudiation"),
      labMark(),
    ],
  };
}

async function describeCommon(
  member: NitroCaName | NitroLeafName,
  { key, issuerKey, now }: NitroCertificateOptions,
): Promise<Omit<CertificateDescription, "notAfter" | "extensions">> {
  return {
    version: 3,
    serial: await nitroSerial(key),
    issuer: nitroMemberName(ISSUERS[member]),
    subject: nitroMemberName(member),
    notBefore: now,
    publicKey: key.spki,
    algorithm: ecdsa("SHA-384"),
    signWith: issuerKey,
  };
}

/**
 * The revocation list of a member; it revokes nothing.
 *
 * @param issuer Which.
 * @param key Its key.
 * @param now Time of issue.
 */
export async function describeNitroCrl(
  issuer: NitroListName,
  key: LabKey,
  now: Date,
): Promise<CrlDescription> {
  return {
    version: 2,
    issuer: nitroMemberName(issuer),
    thisUpdate: now,
    nextUpdate: addDays(now, CRL_DAYS),
    revoked: [],
    extensions: [crlNumber(1), authorityKeyIdentifier(await keyIdentifier(key.spki))],
    algorithm: ecdsa("SHA-384"),
    signWith: key,
  };
}

/**
 * An entry of a revocation list.
 *
 * @param serial Serial number of the revoked certificate.
 * @param at Since when it is revoked.
 */
export function nitroRevoked(serial: bigint, at: Date): RevokedCertificate {
  return { serial, at, extensions: [reasonCode(KEY_COMPROMISE)] };
}

function addHours(moment: Date, hours: number): Date {
  return new Date(moment.getTime() + hours * 3_600_000);
}

/**
 * The lab's certificate authority in the manner of Google's of firmware
 * endorsements: a root, and a CA below it that certifies signing keys.
 *
 * @module
 */

import { type Bend, bend } from "../bend.ts";
import { type LabCa, readCa, readCreated, readMembers, storeCa, type StoredLabCa } from "../ca.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import { addYears } from "../dates.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyIdentifier,
  labMark,
  strictKeyUsage,
  subjectKeyIdentifier,
} from "../extension.ts";
import { generateLabKey, type LabKey } from "../lab_key.ts";
import type { Name } from "../name.ts";
import { rsaPkcs1 } from "../signature.ts";

/** Members of the authority. */
export type EndorsementCaName = "root" | "issuing";

/** The authority. */
export interface EndorsementAuthority extends Readonly<Record<EndorsementCaName, LabCa>> {
  /** Moment from which its certificates hold. */
  readonly created: Date;
}

/** Organization in all names of the lab, where Google has its own. */
export const LAB_ENDORSEMENT_ORGANIZATION = "Casemate lab, not Google";

/** Years that certificates hold. */
const YEARS = { root: 30, issuing: 15, signer: 5 } as const;

const COMMON_NAMES = {
  root: "Firmware endorsement root",
  issuing: "Firmware endorsement CA",
  signer: "Firmware endorsement signer",
} as const;

/**
 * Name of a certificate of the lab.
 *
 * @param commonName Common name.
 */
export function endorsementName(commonName: string): Name {
  return [
    { type: "2.5.4.6", value: "US", encoding: "printable" },
    { type: "2.5.4.10", value: LAB_ENDORSEMENT_ORGANIZATION, encoding: "utf8" },
    { type: "2.5.4.3", value: commonName, encoding: "utf8" },
  ];
}

/** Changes to the authority's certificates, each applied alone. */
export type EndorsementCaBends = {
  readonly [name in EndorsementCaName]?: Bend<CertificateDescription>;
};

/** Keys of an authority by member. */
export type EndorsementCaKeys = Readonly<Record<EndorsementCaName, LabKey>>;

/** What an authority is made by. */
export interface EndorsementAuthorityOptions {
  /** Moment from which its certificates hold. */
  readonly now: Date;
  /** Keys, RSA; default new ones of 2048 bits. */
  readonly keys?: EndorsementCaKeys;
  /** Changes to its certificates. */
  readonly bends?: EndorsementCaBends;
}

/**
 * Makes an authority.
 *
 * @param options Time, keys and bends.
 */
export async function createEndorsementAuthority(
  options: EndorsementAuthorityOptions,
): Promise<EndorsementAuthority> {
  const { now, bends = {} } = options;
  const keys = options.keys ?? {
    root: await generateLabKey("RSA-2048"),
    issuing: await generateLabKey("RSA-2048"),
  };
  const issue = async (member: EndorsementCaName): Promise<LabCa> => {
    const described = await describeEndorsementCa(member, keys, now);
    return {
      key: keys[member],
      certificate: await writeCertificate(bend(described, bends[member])),
    };
  };
  return { created: now, root: await issue("root"), issuing: await issue("issuing") };
}

/**
 * The certificate of a member.
 *
 * @param member Which.
 * @param keys Keys of both.
 * @param now Start of validity.
 */
export async function describeEndorsementCa(
  member: EndorsementCaName,
  keys: EndorsementCaKeys,
  now: Date,
): Promise<CertificateDescription> {
  const key = keys[member];
  return {
    ...await describeCommon(member, key, now),
    issuer: endorsementName(COMMON_NAMES.root),
    extensions: [
      basicConstraints(true, member === "root" ? null : 0),
      strictKeyUsage("keyCertSign", "cRLSign"),
      subjectKeyIdentifier(await keyIdentifier(key.spki)),
      authorityKeyIdentifier(await keyIdentifier(keys.root.spki)),
      labMark(),
    ],
    signWith: keys.root,
  };
}

/**
 * The certificate of the key that signs endorsements.
 *
 * @param key The key.
 * @param issuerKey Key of the issuing CA.
 * @param now Start of validity.
 */
export async function describeEndorsementSigner(
  key: LabKey,
  issuerKey: LabKey,
  now: Date,
): Promise<CertificateDescription> {
  return {
    ...await describeCommon("signer", key, now),
    issuer: endorsementName(COMMON_NAMES.issuing),
    extensions: [
      basicConstraints(false),
      strictKeyUsage("digitalSignature"),
      subjectKeyIdentifier(await keyIdentifier(key.spki)),
      authorityKeyIdentifier(await keyIdentifier(issuerKey.spki)),
      labMark(),
    ],
    signWith: issuerKey,
  };
}

async function describeCommon(
  member: keyof typeof COMMON_NAMES,
  key: LabKey,
  now: Date,
): Promise<Omit<CertificateDescription, "issuer" | "extensions" | "signWith">> {
  const id = await keyIdentifier(key.spki);
  return {
    version: 3,
    serial: id.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n),
    subject: endorsementName(COMMON_NAMES[member]),
    notBefore: now,
    notAfter: addYears(now, YEARS[member]),
    publicKey: key.spki,
    algorithm: rsaPkcs1("SHA-256"),
  };
}

/** Marks the stored form, so that no other JSON is taken for it. */
const STORED_KIND: StoredEndorsementAuthority["kind"] = "casemate-lab-gce-endorsement-authority/v1";

/** An authority as JSON: keys as PKCS#8, certificates as DER, both base64. */
export interface StoredEndorsementAuthority
  extends Readonly<Record<EndorsementCaName, StoredLabCa>> {
  /** Marks the form. */
  readonly kind: "casemate-lab-gce-endorsement-authority/v1";
  /** ISO 8601, UTC. */
  readonly created: string;
}

/**
 * An authority as a plain object for `JSON.stringify`. It holds the private
 * keys: whoever has it can make evidence that this lab root vouches for.
 *
 * @param authority The authority.
 */
export function exportEndorsementAuthority(
  authority: EndorsementAuthority,
): StoredEndorsementAuthority {
  return {
    kind: STORED_KIND,
    created: authority.created.toISOString(),
    root: storeCa(authority.root),
    issuing: storeCa(authority.issuing),
  };
}

/**
 * Reads an authority that {@linkcode exportEndorsementAuthority} stored.
 *
 * @param stored What `JSON.parse` gave.
 * @throws {InputError} `input.wrong_kind` if it is something else, `input.value` if a member is damaged.
 */
export async function importEndorsementAuthority(stored: unknown): Promise<EndorsementAuthority> {
  const members = readMembers(stored, STORED_KIND);
  return {
    created: readCreated(members),
    root: await readCa(members, "root"),
    issuing: await readCa(members, "issuing"),
  };
}

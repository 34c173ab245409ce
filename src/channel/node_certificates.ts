/**
 * The cluster's authority for nodes, and the certificates that it gives to
 * admitted ones. They say what a name and a role were given to; that the node
 * behind the key is one to trust is for evidence to say, so they live short.
 *
 * @module
 */

import type { Random } from "../core/ports.ts";
import { readCertificate } from "../core/portable/certificate.ts";
import { type CertificateDescription, writeCertificate } from "../core/x509_writer/certificate.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyIdentifier,
  serverNames,
  strictKeyUsage,
  subjectKeyIdentifier,
} from "../core/x509_writer/extension.ts";
import { generateKeyPair, type KeyPair, readKeyPair } from "../core/x509_writer/key_pair.ts";
import type { Name } from "../core/x509_writer/name.ts";
import { ecdsa } from "../core/x509_writer/signature.ts";
import type { Role } from "../protocol/join.ts";
import { namesOf } from "./host_names.ts";
import { serialNumber } from "./serial_number.ts";

/** The authority of a cluster; control planes alone have its key. */
export interface NodeAuthority {
  /** Its certificate, DER. */
  readonly certificate: Uint8Array;
  /** Its private key, PKCS #8: P-384. */
  readonly key: Uint8Array;
}

/** What an authority is made for. */
export interface NodeAuthorityOptions {
  /** Id of the cluster, hex. */
  readonly clusterId: string;
  /** Whether it is a lab's cluster. */
  readonly lab: boolean;
  /** The moment. */
  readonly now: Date;
  /** Randomness of the serial number. */
  readonly random: Random;
}

/** A node, as its certificate names it. */
export interface CertifiedNode {
  /** Its TLS key, DER of SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Its name. */
  readonly name: string;
  /** Its role. */
  readonly role: Role;
  /** Where its agent answers, `https://HOST:PORT`; the host stands in the certificate beside the name. */
  readonly url: string;
  /** Start of validity. */
  readonly notBefore: Date;
  /** End of validity: two periods of re-attestation (protocol §11). */
  readonly notAfter: Date;
  /** Randomness of the serial number. */
  readonly random: Random;
}

/** The authority is rotated with each manifest; this is only its end if that were forgotten, ms. */
const AUTHORITY_LIFE = 10 * 365 * 86_400_000;

/** Nodes' clocks may be behind, ms. */
const BEFORE = 5 * 60_000;

const COMMON_NAME = "2.5.4.3";
const ORGANIZATION = "2.5.4.10";

/** id-kp-serverAuth and id-kp-clientAuth (RFC 5280 §4.2.1.12). */
const NODE_PURPOSES: readonly string[] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

/**
 * Makes the authority of a cluster. A lab's bears another organization, and
 * another id under the same owner: neither stands for the other.
 *
 * @param options Whose it is, and time.
 */
export async function makeNodeAuthority(
  { clusterId, lab, now, random }: NodeAuthorityOptions,
): Promise<NodeAuthority> {
  const key = await generateKeyPair("P-384");
  const subject: Name = [
    attribute(ORGANIZATION, lab ? "Casemate lab cluster" : "Casemate cluster"),
    attribute(COMMON_NAME, clusterId),
  ];
  const certificate = await writeCertificate({
    version: 3,
    serial: serialNumber(random),
    issuer: subject,
    subject,
    notBefore: new Date(now.getTime() - BEFORE),
    notAfter: new Date(now.getTime() + AUTHORITY_LIFE),
    publicKey: key.spki,
    extensions: [
      basicConstraints(true, 0),
      strictKeyUsage("keyCertSign", "cRLSign"),
      subjectKeyIdentifier(await keyIdentifier(key.spki)),
    ],
    algorithm: ecdsa("SHA-384"),
    signWith: key,
  });
  return { certificate, key: key.pkcs8 };
}

/**
 * Certifies an admitted node.
 *
 * @param authority The cluster's authority.
 * @param node The node.
 * @returns The certificate, DER.
 */
export async function certifyNode(
  authority: NodeAuthority,
  node: CertifiedNode,
): Promise<Uint8Array> {
  const signWith = await readOnce(authority.key);
  return await writeCertificate({
    ...await identityOf(authority, node, signWith),
    version: 3,
    serial: serialNumber(node.random),
    notBefore: node.notBefore,
    notAfter: node.notAfter,
    publicKey: node.spki,
    algorithm: ecdsa("SHA-384"),
    signWith,
  });
}

/** Keys that were read: a control plane certifies each node with the same one, at each renewal. */
const READ: WeakMap<Uint8Array, Promise<KeyPair>> = new WeakMap();

function readOnce(key: Uint8Array): Promise<KeyPair> {
  const pair = READ.get(key) ?? readKeyPair("P-384", key);
  READ.set(key, pair);
  return pair;
}

async function identityOf(
  { certificate }: NodeAuthority,
  { spki, name, role, url }: CertifiedNode,
  { spki: authorityKey }: KeyPair,
): Promise<Pick<CertificateDescription, "issuer" | "subject" | "extensions">> {
  return {
    issuer: nameOf(certificate),
    subject: [attribute(ORGANIZATION, role), attribute(COMMON_NAME, name)],
    extensions: [
      basicConstraints(false),
      strictKeyUsage("digitalSignature"),
      extendedKeyUsage(...NODE_PURPOSES),
      serverNames(namesOf([name, new URL(url).hostname])),
      subjectKeyIdentifier(await keyIdentifier(spki)),
      authorityKeyIdentifier(await keyIdentifier(authorityKey)),
    ],
  };
}

/** The authority's own name: parts of one attribute each, in UTF-8, as it was written above. */
function nameOf(certificate: Uint8Array): Name {
  const { parts } = readCertificate(certificate, "authority").subject;
  return parts.flat().map(({ type, value }) =>
    attribute(type, new TextDecoder().decode(value.content))
  );
}

function attribute(type: string, value: string): Name[number] {
  return { type, value, encoding: "utf8" };
}

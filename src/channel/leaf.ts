/**
 * The certificate that a node shows on the channel: made in memory, of its own
 * key, vouched for by nobody but the evidence that names the key.
 *
 * @module
 */

import type { TlsKeyPair } from "../core/node_ports.ts";
import type { Random } from "../core/ports.ts";
import { RejectedError } from "../core/errors.ts";
import { readCertificate } from "../core/portable/certificate.ts";
import { type CertificateDescription, writeCertificate } from "../core/x509_writer/certificate.ts";
import {
  basicConstraints,
  extendedKeyUsage,
  serverNames,
  strictKeyUsage,
} from "../core/x509_writer/extension.ts";
import { generateKeyPair } from "../core/x509_writer/key_pair.ts";
import type { Name } from "../core/x509_writer/name.ts";
import { ecdsa } from "../core/x509_writer/signature.ts";
import { namesOf } from "./host_names.ts";
import { serialNumber } from "./serial_number.ts";

/** A node's TLS identity. */
export interface Leaf extends TlsKeyPair {
  /** The public half of its key, DER of SubjectPublicKeyInfo: `tlsSpki` of the statement. */
  readonly spki: Uint8Array;
}

/** What a leaf is made for. */
export interface LeafOptions {
  /** Randomness of the serial number. */
  readonly random: Random;
  /** Further names and addresses, for clients that look at them; those of the channel compare the whole certificate. */
  readonly hosts: readonly string[];
}

/**
 * The certificate's time says nothing, as evidence alone says which key is in use and since when: so no clock
 * that is off stands between a client and what it attested.
 */
const VALIDITY: Pick<CertificateDescription, "notBefore" | "notAfter"> = {
  notBefore: new Date("2000-01-01T00:00:00Z"),
  notAfter: new Date("2049-12-31T23:59:59Z"),
};

/**
 * Each leaf has a name for which clients of the channel ask, whatever the address is: `.invalid` is nobody's (RFC 6761).
 * They put a random label before it, so that no session is ever resumed: what a resumed one shows of the
 * server is what an earlier one showed.
 */
const ANY_AGENT = "*.agent.casemate.invalid";

/** id-kp-serverAuth (RFC 5280 §4.2.1.12). */
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

/** All leaves have one name: what a name said would be nobody's word. */
const SUBJECT: Name = [{ type: "2.5.4.3", value: "casemate agent", encoding: "utf8" }];

/**
 * Makes a key and a certificate for it.
 *
 * @param options Randomness, names.
 * @returns Certificate and private key (P-256); neither is written anywhere.
 */
export async function makeLeaf({ random, hosts }: LeafOptions): Promise<Leaf> {
  const key = await generateKeyPair("P-256");
  const certificate = await writeCertificate({
    version: 3,
    serial: serialNumber(random),
    issuer: SUBJECT,
    subject: SUBJECT,
    ...VALIDITY,
    publicKey: key.spki,
    extensions: [
      basicConstraints(false),
      strictKeyUsage("digitalSignature"),
      extendedKeyUsage(SERVER_AUTH),
      serverNames(namesOf([ANY_AGENT, ...hosts])),
    ],
    algorithm: ecdsa("SHA-256"),
    signWith: key,
  });
  return { certificate, key: key.pkcs8, spki: key.spki };
}

/**
 * The key of a certificate that came beside evidence. Nothing else of it counts.
 *
 * @param leaf The certificate, DER.
 * @returns DER of SubjectPublicKeyInfo.
 * @throws {RejectedError} `channel.leaf` where it is no certificate.
 */
export function keyOfLeaf(leaf: Uint8Array): Uint8Array {
  try {
    return readCertificate(leaf, "leaf").key.der;
  } catch (cause) {
    if (!(cause instanceof RejectedError)) throw cause;
    throw new RejectedError(`Cannot use the server's certificate: ${cause.message}`, {
      code: "channel.leaf",
      fields: cause.fields,
      cause,
    });
  }
}

/**
 * Certificates of a lab's etcd: an authority of its own, etcd's, and that of its
 * clients, the control planes.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Random } from "../../core/ports.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyIdentifier,
  serverNames,
  strictKeyUsage,
  subjectKeyIdentifier,
} from "../../core/x509_writer/extension.ts";
import { generateKeyPair, type KeyPair } from "../../core/x509_writer/key_pair.ts";
import type { Name } from "../../core/x509_writer/name.ts";
import { ecdsa } from "../../core/x509_writer/signature.ts";
import { pem } from "../../lab/mod.ts";

/** A certificate and its private key, PEM. */
export interface PaperPair {
  /** Certificate. */
  readonly certificate: string;
  /** Key, PKCS #8. */
  readonly key: string;
}

/** Certificates of an etcd. */
export interface EtcdPapers {
  /** The authority's certificate, PEM; nobody keeps its key. */
  readonly authority: string;
  /** Etcd's, for its addresses. */
  readonly server: PaperPair;
  /** The clients'. */
  readonly client: PaperPair;
}

/** id-kp-serverAuth and id-kp-clientAuth (RFC 5280 §4.2.1.12). */
const SERVER = "1.3.6.1.5.5.7.3.1";
const CLIENT = "1.3.6.1.5.5.7.3.2";

/** Days that they hold: a lab is not there to stay. */
const DAYS = 90;

/** A clock that is set back a little takes them still, ms. */
const BEFORE = 5 * 60_000;

const ORGANIZATION = "2.5.4.10";
const LOOPBACK = Uint8Array.of(127, 0, 0, 1);

interface Issue {
  readonly subject: string;
  readonly key: KeyPair;
  readonly extensions: CertificateDescription["extensions"];
}

/**
 * Makes them.
 *
 * @param now Start of validity.
 * @param random Randomness of serial numbers.
 * @param addresses Where etcd answers; default is the loopback.
 */
export async function makeEtcdPapers(
  now: Date,
  random: Random,
  addresses: readonly Uint8Array[] = [LOOPBACK],
): Promise<EtcdPapers> {
  const [root, server, client] = await Promise.all([
    generateKeyPair("P-256"),
    generateKeyPair("P-256"),
    generateKeyPair("P-256"),
  ]);
  const issue = (what: Issue): Promise<string> => certify(what, { root, now, random });
  return {
    authority: await issue({
      subject: AUTHORITY,
      key: root,
      extensions: [basicConstraints(true, 0), strictKeyUsage("keyCertSign", "cRLSign")],
    }),
    server: {
      // Its gateway is a client of its own.
      certificate: await issue({
        subject: "Casemate lab etcd",
        key: server,
        extensions: [
          ...endEntity(SERVER, CLIENT),
          serverNames({ dns: ["localhost"], addresses }),
        ],
      }),
      key: pem("PRIVATE KEY", server.pkcs8),
    },
    client: {
      certificate: await issue({ subject: "casemate", key: client, extensions: endEntity(CLIENT) }),
      key: pem("PRIVATE KEY", client.pkcs8),
    },
  };
}

const AUTHORITY = "Casemate lab etcd authority";

function endEntity(...purposes: readonly string[]): CertificateDescription["extensions"] {
  return [
    basicConstraints(false),
    strictKeyUsage("digitalSignature"),
    extendedKeyUsage(...purposes),
  ];
}

async function certify(
  { subject, key, extensions }: Issue,
  { root, now, random }: { root: KeyPair; now: Date; random: Random },
): Promise<string> {
  const certificate = await writeCertificate({
    version: 3,
    serial: BigInt(`0x${toHex(random.bytes(16))}`) | 1n,
    issuer: named(AUTHORITY),
    subject: named(subject),
    notBefore: new Date(now.getTime() - BEFORE),
    notAfter: new Date(now.getTime() + DAYS * 86_400_000),
    publicKey: key.spki,
    extensions: [
      ...extensions,
      subjectKeyIdentifier(await keyIdentifier(key.spki)),
      authorityKeyIdentifier(await keyIdentifier(root.spki)),
    ],
    algorithm: ecdsa("SHA-256"),
    signWith: root,
  });
  return pem("CERTIFICATE", certificate);
}

/** Without a common name: etcd's gateway refuses clients that have one. */
function named(organization: string): Name {
  return [{ type: ORGANIZATION, value: organization, encoding: "utf8" }];
}

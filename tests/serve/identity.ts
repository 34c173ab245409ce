/**
 * Certificates for servers of tests.
 *
 * @module
 */

import type { KeyPairKeyObjectResult } from "node:crypto";
import { keyPem } from "../../src/core/signing_key.ts";
import { writeCertificate } from "../../src/core/x509_writer/certificate.ts";
import { sequence, tagged } from "../../src/core/x509_writer/der.ts";
import { basicConstraints, EXTENSION_OIDS } from "../../src/lab/extension.ts";
import { generateLabKey } from "../../src/lab/lab_key.ts";
import { pem } from "../../src/lab/pem.ts";
import { ecdsa } from "../../src/lab/signature.ts";

/** A day, ms. */
const DAY = 86_400_000;

/** Certificate and key of a server. */
export interface PemIdentity {
  /** Certificate, PEM; it vouches for itself where it is about the key that signs it. */
  readonly certificate: string;
  /** Private key, PEM. */
  readonly key: string;
}

/** A key pair. */
export interface OwnKey {
  /** Private key, PKCS #8. */
  readonly pkcs8: Uint8Array;
  /** Public key, SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
}

/**
 * A key pair of `node:crypto`.
 *
 * @param pair The pair.
 */
export function ownKey({ privateKey, publicKey }: KeyPairKeyObjectResult): OwnKey {
  return {
    pkcs8: new Uint8Array(privateKey.export({ type: "pkcs8", format: "der" })),
    spki: new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
  };
}

/**
 * Makes a certificate for `localhost`.
 *
 * @param name Common name.
 * @param own Key that it is about; absent is the one that signs it.
 */
export async function makeIdentity(name: string, own?: OwnKey): Promise<PemIdentity> {
  const key = await generateLabKey("P-256");
  const { pkcs8, spki } = own ?? key;
  const subject = [{ type: "2.5.4.3", value: name, encoding: "utf8" }] as const;
  // dNSName of GeneralName (RFC 5280 §4.2.1.6).
  const localhost = tagged(0x82, new TextEncoder().encode("localhost"));
  const der = await writeCertificate({
    version: 3,
    serial: 1n,
    issuer: subject,
    subject,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + DAY),
    publicKey: spki,
    extensions: [
      basicConstraints(false),
      { oid: EXTENSION_OIDS.subjectAltName, critical: false, value: sequence(localhost) },
    ],
    algorithm: ecdsa("SHA-256"),
    signWith: key,
  });
  return { certificate: pem("CERTIFICATE", der), key: keyPem("PRIVATE KEY", pkcs8) };
}

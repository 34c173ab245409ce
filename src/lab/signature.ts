/**
 * Signature algorithms of X.509 with RSA.
 *
 * @module
 */

import { type Der, explicit, integer, nullValue, oid, sequence } from "../core/x509_writer/der.ts";
import type { SignatureAlgorithm, SignatureHash } from "../core/x509_writer/signature.ts";

export {
  ecdsa,
  seal,
  type SignatureAlgorithm,
  type SignatureHash,
  type Signed,
} from "../core/x509_writer/signature.ts";

/** Hashes that a {@linkcode PssParameters} can name. */
export type PssHash = SignatureHash;

/** Parameters of RSASSA-PSS (RFC 4055 §3.1). */
export interface PssParameters {
  /** Hash of the message. */
  readonly hash: PssHash;
  /** Hash of the mask generation function. WebCrypto can only sign with that of the message. */
  readonly maskHash: PssHash;
  /** Bytes of salt. */
  readonly saltLength: number;
  /** Trailer field; null leaves out the field, whose default is 1. */
  readonly trailerField: number | null;
}

const HASH_OIDS: Readonly<Record<PssHash, string>> = {
  "SHA-256": "2.16.840.1.101.3.4.2.1",
  "SHA-384": "2.16.840.1.101.3.4.2.2",
  "SHA-512": "2.16.840.1.101.3.4.2.3",
};

/** What AMD signs with: SHA-384 throughout and 48 bytes of salt. */
export const AMD_PSS: PssParameters = {
  hash: "SHA-384",
  maskHash: "SHA-384",
  saltLength: 48,
  trailerField: 1,
};

/**
 * RSASSA-PSS as written by given parameters.
 *
 * @param written What the identifier says.
 * @param done What the signature is computed with; by default what is written.
 */
export function rsaPss(written: PssParameters, done: PssParameters = written): SignatureAlgorithm {
  const hash = (name: PssHash): Der => sequence(oid(HASH_OIDS[name]), nullValue());
  const parameters = sequence(
    explicit(0, hash(written.hash)),
    explicit(1, sequence(oid("1.2.840.113549.1.1.8"), hash(written.maskHash))),
    explicit(2, integer(written.saltLength)),
    ...(written.trailerField === null ? [] : [explicit(3, integer(written.trailerField))]),
  );
  return {
    identifier: sequence(oid("1.2.840.113549.1.1.10"), parameters),
    method: { name: "RSA-PSS", hash: done.hash, saltLength: done.saltLength },
  };
}

/** RSASSA-PKCS1-v1_5 by hash (RFC 4055 §5). */
const RSA_OIDS: Readonly<Record<PssHash, string>> = {
  "SHA-256": "1.2.840.113549.1.1.11",
  "SHA-384": "1.2.840.113549.1.1.12",
  "SHA-512": "1.2.840.113549.1.1.13",
};

/**
 * RSASSA-PKCS1-v1_5 (RFC 4055 §5), which AMD does not use.
 *
 * @param hash Hash of the message.
 */
export function rsaPkcs1(hash: PssHash = "SHA-384"): SignatureAlgorithm {
  return {
    identifier: sequence(oid(RSA_OIDS[hash]), nullValue()),
    method: { name: "RSASSA-PKCS1-v1_5", hash },
  };
}

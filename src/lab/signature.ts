/**
 * Signature algorithms of X.509, and the frame that certificates and CRLs share:
 * signed part, algorithm, signature.
 *
 * @module
 */

import { bitString, type Der, explicit, integer, nullValue, oid, sequence } from "./der_writer.ts";
import { type LabKey, signBytes, type SigningMethod } from "./lab_key.ts";

/** An algorithm as it is written and as it is done; the two may differ to bend evidence. */
export interface SignatureAlgorithm {
  /** DER of AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
  readonly identifier: Uint8Array;
  /** How the signature is really computed. */
  readonly method: SigningMethod;
}

/** What a certificate and a CRL have in common: who signs them and how. */
export interface Signed {
  /** Algorithm; its identifier stands inside the signed part and outside of it. */
  readonly algorithm: SignatureAlgorithm;
  /** Identifier outside of the signed part, where it shall differ. */
  readonly outerIdentifier?: Uint8Array;
  /** The issuer's key. */
  readonly signWith: LabKey;
  /** Signature value in place of a computed one. */
  readonly signature?: Uint8Array;
}

/** Hashes that a {@linkcode PssParameters} can name. */
export type PssHash = "SHA-256" | "SHA-384" | "SHA-512";

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

/** ECDSA by hash (RFC 5758 §3.2). */
const ECDSA_OIDS: Readonly<Record<PssHash, string>> = {
  "SHA-256": "1.2.840.10045.4.3.2",
  "SHA-384": "1.2.840.10045.4.3.3",
  "SHA-512": "1.2.840.10045.4.3.4",
};

/**
 * ECDSA (RFC 5758 §3.2), which AMD does not use for certificates, and Intel uses with SHA-256.
 *
 * @param hash Hash of the message.
 */
export function ecdsa(hash: PssHash = "SHA-384"): SignatureAlgorithm {
  return {
    identifier: sequence(oid(ECDSA_OIDS[hash])),
    method: { name: "ECDSA", hash },
  };
}

/**
 * Signs a part and puts the frame around it (RFC 5280 §4.1.1, §5.1.1).
 *
 * @param signedPart DER of TBSCertificate or TBSCertList.
 * @param signed Who signs and how.
 */
export async function seal(signedPart: Uint8Array, signed: Signed): Promise<Der> {
  const signature = signed.signature ?? await signatureValue(signedPart, signed);
  const identifier = signed.outerIdentifier ?? signed.algorithm.identifier;
  return sequence(signedPart, identifier, bitString(signature));
}

/** The signature as X.509 has it: of ECDSA a SEQUENCE of R and S (RFC 3279 §2.2.3). */
async function signatureValue(signedPart: Uint8Array, signed: Signed): Promise<Uint8Array> {
  const { method } = signed.algorithm;
  const raw = await signBytes(signed.signWith, method, signedPart);
  if (method.name !== "ECDSA") return raw;
  return sequence(number(raw.subarray(0, raw.length / 2)), number(raw.subarray(raw.length / 2)));
}

/** INTEGER out of unsigned big-endian bytes. */
function number(bytes: Uint8Array): Der {
  return integer(bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n));
}

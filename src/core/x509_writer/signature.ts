/**
 * ECDSA in X.509, and the frame that certificates and CRLs share: signed part, algorithm, signature.
 *
 * @module
 */

import { bitString, type Der, integer, oid, sequence } from "./der.ts";
import { type KeyPair, signBytes, type SigningMethod } from "./key_pair.ts";

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
  readonly signWith: KeyPair;
  /** Signature value in place of a computed one. */
  readonly signature?: Uint8Array;
}

/** Hashes of signatures. */
export type SignatureHash = "SHA-256" | "SHA-384" | "SHA-512";

/** ECDSA by hash (RFC 5758 §3.2). */
const ECDSA_OIDS: Readonly<Record<SignatureHash, string>> = {
  "SHA-256": "1.2.840.10045.4.3.2",
  "SHA-384": "1.2.840.10045.4.3.3",
  "SHA-512": "1.2.840.10045.4.3.4",
};

/**
 * ECDSA (RFC 5758 §3.2).
 *
 * @param hash Hash of the message.
 */
export function ecdsa(hash: SignatureHash = "SHA-384"): SignatureAlgorithm {
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

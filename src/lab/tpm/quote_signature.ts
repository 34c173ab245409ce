/**
 * Signatures of a TPM (TPM 2.0 Library Part 2 §11.3).
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { type LabKey, signBytes, type SigningMethod } from "../lab_key.ts";
import { LAB_HASHES, type LabBank, type QuoteScheme, TPM_ALGORITHMS } from "./algorithms.ts";
import { sized, words } from "./wire.ts";

/** A signature: what it says of itself, and how it is made; the two may differ to bend it. */
export interface QuoteSignatureDescription {
  /** TPM_ALG_ID of the scheme. */
  readonly scheme: number;
  /** TPM_ALG_ID of the hash. */
  readonly hash: number;
  /** How it is made. */
  readonly method: SigningMethod;
  /** Key that makes it. */
  readonly signWith: LabKey;
  /** Change to what WebCrypto gave: of ECDSA R and S, each as long as the field. */
  readonly value?: (signature: Uint8Array) => Uint8Array;
  /** What follows the signature. */
  readonly trailing: Uint8Array;
}

/**
 * What an honest signature says.
 *
 * @param key The key.
 * @param scheme How it signs.
 * @param hash Hash of the message.
 */
export function describeSignature(
  key: LabKey,
  scheme: QuoteScheme,
  hash: LabBank,
): QuoteSignatureDescription {
  return {
    scheme: TPM_ALGORITHMS[scheme],
    hash: LAB_HASHES[hash].id,
    method: signingMethod(scheme, hash),
    signWith: key,
    trailing: new Uint8Array(),
  };
}

/**
 * A scheme in the words of WebCrypto.
 *
 * @param scheme How it signs.
 * @param hash Hash of the message.
 * @param saltLength Salt of RSAPSS; default the length of the hash (Part 1 §B.7).
 */
export function signingMethod(
  scheme: QuoteScheme,
  hash: LabBank,
  saltLength: number = LAB_HASHES[hash].bytes,
): SigningMethod {
  const { name } = LAB_HASHES[hash];
  if (scheme === "ecdsa") return { name: "ECDSA", hash: name };
  if (scheme === "rsassa") return { name: "RSASSA-PKCS1-v1_5", hash: name };
  return { name: "RSA-PSS", hash: name, saltLength };
}

/**
 * Signs.
 *
 * @param description How.
 * @param message What is signed.
 * @returns TPMT_SIGNATURE.
 */
export async function writeQuoteSignature(
  description: QuoteSignatureDescription,
  message: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const { scheme, hash, method, signWith, value = (given) => given, trailing } = description;
  const raw = value(await signBytes(signWith, method, message));
  const half = raw.length / 2;
  const parts = method.name === "ECDSA" ? [raw.subarray(0, half), raw.subarray(half)] : [raw];
  return concat(words(scheme, hash), ...parts.map(sized), trailing);
}

/**
 * Signature algorithms of certificates and lists: RSASSA-PKCS1-v1_5 and
 * RSASSA-PSS (RFC 4055), ECDSA (RFC 5758), each with SHA-256, SHA-384 or SHA-512.
 *
 * @module
 */

import { type Algorithm, isNull, readAlgorithm } from "./algorithm.ts";
import { constructed, DerReader, readOnly, TAG } from "./der.ts";
import { HASHES, type HashName } from "./digest.ts";
import { readIf } from "../malformed.ts";
import { smallNumberOf } from "./values.ts";

const RSASSA_PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";
/** The only one of RFC 8017 §A.2.3, and its default. */
const TRAILER = 1;

/** RFC 4055 §2.1. */
const HASH_IDS: ReadonlyMap<string, HashName> = new Map([
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);

/** RFC 4055 §5. */
const PKCS1_IDS: ReadonlyMap<string, HashName> = new Map([
  ["1.2.840.113549.1.1.11", "sha256"],
  ["1.2.840.113549.1.1.12", "sha384"],
  ["1.2.840.113549.1.1.13", "sha512"],
]);

/** RFC 5758 §3.2. */
const ECDSA_IDS: ReadonlyMap<string, HashName> = new Map([
  ["1.2.840.10045.4.3.2", "sha256"],
  ["1.2.840.10045.4.3.3", "sha384"],
  ["1.2.840.10045.4.3.4", "sha512"],
]);

/** How a signature is made. */
export interface SignatureScheme {
  /** Algorithm; of RSASSA-PSS with as many bytes of salt as the hash has. */
  readonly scheme: "rsassa" | "rsapss" | "ecdsa";
  /** Hash. */
  readonly hash: HashName;
}

/** Parameters of RSASSA-PSS where they are ones that can be used. */
export interface PssParameters {
  /** Hash of the message and of the mask. */
  readonly hash: HashName;
  /** Bytes of salt. */
  readonly saltLength: number;
}

/**
 * Whether an algorithm is RSASSA-PSS with any parameters.
 *
 * @param algorithm The algorithm.
 */
export function isPss(algorithm: Algorithm): boolean {
  return algorithm.oid === RSASSA_PSS;
}

/**
 * Parameters of RSASSA-PSS: one known hash throughout, written out.
 *
 * @param algorithm The algorithm.
 * @returns Undefined where it is another one, or its parameters are others.
 */
export function pssParameters(algorithm: Algorithm): PssParameters | undefined {
  const { parameters } = algorithm;
  if (!isPss(algorithm) || parameters === undefined) return undefined;
  return readIf(() => readParameters(parameters.der));
}

/** RSASSA-PSS-params (RFC 4055 §3.1): all defaults are of SHA-1, so nothing but the trailer may be left out. */
function readParameters(der: Uint8Array): PssParameters | undefined {
  const fields = new DerReader(readOnly(der, TAG.sequence, "the parameters"));
  const hash = hashOf(readAlgorithm(fields.take(constructed(0), "the hash")));
  const mask = readAlgorithm(fields.take(constructed(1), "the mask generation function"));
  const saltLength = readNumber(fields.take(constructed(2), "the length of the salt"));
  // DER leaves a default out; AMD's roots write it, so both are read.
  const trailer = fields.optional(constructed(3));
  fields.finish("the parameters");
  const isUsable = mask.oid === MGF1 && mask.parameters !== undefined &&
    hashOf(readAlgorithm(mask.parameters.der)) === hash &&
    (trailer === undefined || readNumber(trailer) === TRAILER);
  return hash !== undefined && isUsable ? { hash, saltLength } : undefined;
}

function readNumber(der: Uint8Array): number {
  return smallNumberOf(readOnly(der, TAG.integer, "a parameter"), 255);
}

/** RFC 4055 §2.1: NULL and absent parameters of a hash mean the same. */
function hashOf({ oid, parameters }: Algorithm): HashName | undefined {
  return parameters === undefined || isNull(parameters) ? HASH_IDS.get(oid) : undefined;
}

/**
 * How a certificate or list says that it is signed.
 *
 * @param algorithm Its algorithm.
 * @returns Undefined where that is none of those above.
 */
export function signatureScheme(algorithm: Algorithm): SignatureScheme | undefined {
  const { oid, parameters } = algorithm;
  const pkcs1 = PKCS1_IDS.get(oid);
  // RFC 4055 §5: they must be NULL. That it lets readers take absent ones is left out: nobody writes them.
  if (pkcs1 !== undefined) {
    const isNullThere = parameters !== undefined && isNull(parameters);
    return isNullThere ? { scheme: "rsassa", hash: pkcs1 } : undefined;
  }
  const ecdsa = ECDSA_IDS.get(oid);
  if (ecdsa !== undefined) {
    return parameters === undefined ? { scheme: "ecdsa", hash: ecdsa } : undefined;
  }
  const pss = pssParameters(algorithm);
  if (pss === undefined || pss.saltLength !== HASHES[pss.hash].bytes) return undefined;
  return { scheme: "rsapss", hash: pss.hash };
}

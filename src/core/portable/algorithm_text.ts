/**
 * Names of algorithms for people.
 *
 * @module
 */

import { type Algorithm, curveOf, type PublicKeyInfo } from "./algorithm.ts";
import { readIf } from "../malformed.ts";
import { bitsOf, isRsaKey, isUsualExponent, readRsaNumbers } from "./rsa.ts";
import { isPssSha384 } from "./rsa_pss.ts";
import { isPss } from "./signature_algorithm.ts";

const ED25519 = "1.3.101.112";

const SIGNATURES: ReadonlyMap<string, string> = new Map([
  ["1.2.840.113549.1.1.11", "RSA PKCS#1 v1.5 with SHA-256"],
  ["1.2.840.113549.1.1.12", "RSA PKCS#1 v1.5 with SHA-384"],
  ["1.2.840.113549.1.1.13", "RSA PKCS#1 v1.5 with SHA-512"],
  ["1.2.840.10045.4.3.2", "ECDSA with SHA-256"],
  ["1.2.840.10045.4.3.3", "ECDSA with SHA-384"],
  ["1.2.840.10045.4.3.4", "ECDSA with SHA-512"],
  [ED25519, "Ed25519"],
]);

const CURVES: ReadonlyMap<string, string> = new Map([
  ["1.2.840.10045.3.1.7", "EC P-256"],
  ["1.3.132.0.34", "EC P-384"],
  ["1.3.132.0.35", "EC P-521"],
]);

/**
 * Name of a signature algorithm.
 *
 * @param algorithm The algorithm; undefined where a certificate names two different ones.
 */
export function signatureText(algorithm: Algorithm | undefined): string {
  if (algorithm === undefined) return "two different algorithms";
  if (isPssSha384(algorithm)) {
    return "RSASSA-PSS with SHA-384, MGF1 with SHA-384, 48 bytes of salt";
  }
  if (isPss(algorithm)) {
    return "RSASSA-PSS with other parameters than SHA-384 and 48 bytes of salt";
  }
  return SIGNATURES.get(algorithm.oid) ?? algorithm.oid;
}

/**
 * Name of a key's algorithm.
 *
 * @param info The key.
 */
export function keyText(info: PublicKeyInfo): string {
  const { algorithm } = info;
  if (isRsaKey(algorithm)) return rsaText(info);
  const curve = curveOf(info);
  if (curve !== undefined) return CURVES.get(curve) ?? curve;
  return algorithm.oid === ED25519 ? "Ed25519" : algorithm.oid;
}

function rsaText(info: PublicKeyInfo): string {
  const numbers = readIf(() => readRsaNumbers(info));
  if (numbers === undefined || bitsOf(numbers) <= 0) return "RSA, malformed";
  const exponent = isUsualExponent(numbers) ? "exponent" : "exponent not";
  return `RSA ${bitsOf(numbers)} bits, ${exponent} 65537`;
}

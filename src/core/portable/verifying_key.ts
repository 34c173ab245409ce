/**
 * Keys of authorities of any vendor: RSA of 2048 to 4096 bits, P-256, P-384.
 *
 * @module
 */

import { CURVE_P256, CURVE_P384, curveOf, pointOf, type PublicKeyInfo } from "./algorithm.ts";
import { ECDSA_P256, ECDSA_P384, EcdsaKey, type EcdsaScheme } from "./ecdsa.ts";
import { HASHES } from "./digest.ts";
import { Malformed } from "../malformed.ts";
import {
  bitsOf,
  isOdd,
  isRsaEncryption,
  isUsualExponent,
  readRsaNumbers,
  type Signed,
  verifyRsa,
} from "./rsa.ts";
import type { SignatureScheme } from "./signature_algorithm.ts";

/** Sizes of moduli that are neither weak nor expensive, bits. */
const RSA_BITS = { least: 2048, most: 4096 } as const;

/**
 * The curve of a key with the hash of its size.
 *
 * @param info The key.
 * @returns Undefined where it is of no curve that is known.
 */
export function ecdsaSchemeOf(info: PublicKeyInfo): EcdsaScheme | undefined {
  switch (curveOf(info)) {
    case CURVE_P256.oid:
      return ECDSA_P256;
    case CURVE_P384.oid:
      return ECDSA_P384;
    default:
      return undefined;
  }
}

/** A key that verifies certificates and lists. */
export class VerifyingKey {
  readonly #key: EcdsaKey | Uint8Array;

  private constructor(key: EcdsaKey | Uint8Array) {
    this.#key = key;
  }

  /**
   * Reads the key of a certificate.
   *
   * @param info The key.
   * @throws {Malformed} where it is of another kind or size.
   */
  static read(info: PublicKeyInfo): VerifyingKey {
    if (isRsaEncryption(info.algorithm)) return new VerifyingKey(readModulus(info));
    const scheme = ecdsaSchemeOf(info);
    if (scheme === undefined) throw new Malformed("the key is neither RSA nor of P-256 or P-384");
    return new VerifyingKey(EcdsaKey.read(pointOf(info, scheme.curve), scheme));
  }

  /**
   * Whether a signature is by this key.
   *
   * @param scheme How it says that it was made; nothing else is tried.
   * @param signed Signature, of ECDSA in DER, and what it is over.
   */
  async verifies({ scheme, hash }: SignatureScheme, signed: Signed): Promise<boolean> {
    const key = this.#key;
    if (key instanceof EcdsaKey) {
      return scheme === "ecdsa" && key.verifiesDer(signed.message, signed.signature, hash);
    }
    if (scheme === "ecdsa") return false;
    const padding = { scheme, hash, saltLength: HASHES[hash].bytes };
    return await verifyRsa(key, padding, signed);
  }
}

function readModulus(info: PublicKeyInfo): Uint8Array {
  const numbers = readRsaNumbers(info);
  const bits = bitsOf(numbers);
  if (bits < RSA_BITS.least || bits > RSA_BITS.most) {
    throw new Malformed(`the RSA key has ${bits} bits`);
  }
  if (!isUsualExponent(numbers)) throw new Malformed("the RSA exponent is not 65537");
  if (!isOdd(numbers)) throw new Malformed("the modulus is even");
  return numbers.modulus;
}

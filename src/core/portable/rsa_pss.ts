/**
 * RSASSA-PSS as AMD uses it: SHA-384, MGF1 with SHA-384, 48 bytes of salt (RFC
 * 4055 §3.1, RFC 8017 §8.1), keys of 4096 bits. The mathematics is WebCrypto's.
 *
 * @module
 */

import { concat } from "../bytes.ts";
import type { Algorithm, PublicKeyInfo } from "./algorithm.ts";
import { Malformed } from "../malformed.ts";
import { importRsaKey, isBelow, isOdd, isUsualExponent, readRsaNumbers } from "./rsa.ts";
import { pssParameters } from "./signature_algorithm.ts";

/** Size of a modulus and of a signature, bytes (57230 §2: RSA 4096). */
const KEY_BYTES = 512;
const SALT_BYTES = 48;

/**
 * Whether an algorithm is exactly the one AMD specifies.
 *
 * @param algorithm The algorithm.
 */
export function isPssSha384(algorithm: Algorithm): boolean {
  const parameters = pssParameters(algorithm);
  return parameters?.hash === "sha384" && parameters.saltLength === SALT_BYTES;
}

/**
 * Modulus of a key (RFC 8017 §A.1.1).
 *
 * @param info The key.
 * @returns 512 bytes, big-endian.
 * @throws {Malformed} where it is no RSA key of 4096 bits with exponent 65537.
 */
export function readModulus(info: PublicKeyInfo): Uint8Array {
  const numbers = readRsaNumbers(info);
  const { modulus } = numbers;
  if (modulus.length !== KEY_BYTES || (modulus[0] ?? 0) < 0x80) {
    throw new Malformed("the RSA key does not have 4096 bits");
  }
  if (!isUsualExponent(numbers)) throw new Malformed("the RSA exponent is not 65537");
  if (!isOdd(numbers)) throw new Malformed("the modulus is even");
  return modulus;
}

/** An RSA key that verifies. */
export class RsaKey {
  readonly #key: CryptoKey;
  readonly #modulus: Uint8Array;

  private constructor(key: CryptoKey, modulus: Uint8Array) {
    this.#key = key;
    this.#modulus = modulus;
  }

  /**
   * Reads the key of a certificate.
   *
   * @param info The key.
   * @throws {Malformed} where it is no RSA key of 4096 bits with exponent 65537.
   */
  static async read(info: PublicKeyInfo): Promise<RsaKey> {
    const modulus = readModulus(info);
    const key = await importRsaKey(modulus, { scheme: "rsapss", hash: "sha384" });
    return new RsaKey(key, modulus);
  }

  /**
   * Whether a signature over a message is by this key.
   *
   * @param message The message.
   * @param signature The signature.
   */
  async verifies(message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    // RFC 8017 §8.1.2, step 1.
    if (signature.length !== KEY_BYTES) return false;
    // §5.2.2, step 1, which WebCrypto of Deno leaves out: it would make two signatures out of one.
    if (!isBelow(signature, this.#modulus)) return false;
    const algorithm = { name: "RSA-PSS", saltLength: SALT_BYTES };
    // Copies, since WebCrypto takes no bytes of shared memory.
    return await crypto.subtle.verify(algorithm, this.#key, concat(signature), concat(message));
  }
}

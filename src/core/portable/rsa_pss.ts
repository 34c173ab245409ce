/**
 * RSASSA-PSS as AMD uses it: SHA-384, MGF1 with SHA-384, 48 bytes of salt (RFC
 * 4055 §3.1, RFC 8017 §8.1), keys of 4096 bits. The mathematics is WebCrypto's.
 *
 * @module
 */

import { concat, toBase64 } from "../bytes.ts";
import { type Algorithm, isNull, type PublicKeyInfo, readAlgorithm } from "./algorithm.ts";
import { constructed, DerReader, readOnly, TAG } from "./der.ts";
import { Malformed, readIf } from "./malformed.ts";
import { smallNumberOf, unsignedOf } from "./values.ts";

const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
const MGF1 = "1.2.840.113549.1.1.8";
const RSASSA_PSS = "1.2.840.113549.1.1.10";
const SHA384 = "2.16.840.1.101.3.4.2.2";

/** Size of a modulus and of a signature, bytes (57230 §2: RSA 4096). */
const KEY_BYTES = 512;
/** 65537, big-endian. */
const EXPONENT = "1,0,1";
const SALT_BYTES = 48;
/** The only one of RFC 8017 §A.2.3, and its default. */
const TRAILER = 1;

/**
 * Whether an algorithm is RSASSA-PSS with any parameters.
 *
 * @param algorithm The algorithm.
 */
export function isPss(algorithm: Algorithm): boolean {
  return algorithm.oid === RSASSA_PSS;
}

/**
 * Whether an algorithm is a plain RSA key (RFC 4055 §1.2: its parameters are NULL).
 *
 * @param algorithm The algorithm.
 */
export function isRsaKey({ oid, parameters }: Algorithm): boolean {
  return oid === RSA_ENCRYPTION && parameters !== undefined && isNull(parameters);
}

/**
 * Whether an algorithm is exactly the one AMD specifies.
 *
 * @param algorithm The algorithm.
 */
export function isPssSha384(algorithm: Algorithm): boolean {
  const { parameters } = algorithm;
  if (!isPss(algorithm) || parameters === undefined) return false;
  return readIf(() => hasRightParameters(parameters.der)) ?? false;
}

/** RSASSA-PSS-params (RFC 4055 §3.1): all defaults are of SHA-1, so nothing but the trailer may be left out. */
function hasRightParameters(der: Uint8Array): boolean {
  const fields = new DerReader(readOnly(der, TAG.sequence, "the parameters"));
  const hash = readAlgorithm(fields.take(constructed(0), "the hash"));
  const mask = readAlgorithm(fields.take(constructed(1), "the mask generation function"));
  const salt = readNumber(fields.take(constructed(2), "the length of the salt"));
  // DER leaves a default out; AMD's roots write it, so both are read.
  const trailer = fields.optional(constructed(3));
  fields.finish("the parameters");
  return isSha384(hash) && mask.oid === MGF1 && mask.parameters !== undefined &&
    isSha384(readAlgorithm(mask.parameters.der)) && salt === SALT_BYTES &&
    (trailer === undefined || readNumber(trailer) === TRAILER);
}

function readNumber(der: Uint8Array): number {
  return smallNumberOf(readOnly(der, TAG.integer, "a parameter"), 255);
}

/** RFC 4055 §2.1: NULL and absent parameters of a hash mean the same. */
function isSha384({ oid, parameters }: Algorithm): boolean {
  return oid === SHA384 && (parameters === undefined || isNull(parameters));
}

/**
 * Modulus of a key (RFC 8017 §A.1.1).
 *
 * @param info The key.
 * @returns 512 bytes, big-endian.
 * @throws {Malformed} where it is no RSA key of 4096 bits with exponent 65537.
 */
export function readModulus(info: PublicKeyInfo): Uint8Array {
  if (!isRsaKey(info.algorithm)) throw new Malformed("the key is not an RSA key");
  const numbers = new DerReader(readOnly(info.key, TAG.sequence, "the RSA key"));
  const modulus = unsignedOf(numbers.take(TAG.integer, "the modulus"));
  const exponent = unsignedOf(numbers.take(TAG.integer, "the exponent"));
  numbers.finish("the RSA key");
  if (modulus.length !== KEY_BYTES || (modulus[0] ?? 0) < 0x80) {
    throw new Malformed("the RSA key does not have 4096 bits");
  }
  if (exponent.join() !== EXPONENT) throw new Malformed("the RSA exponent is not 65537");
  // A product of two odd primes is odd; arithmetic of some libraries relies on it.
  if ((modulus.at(-1) ?? 0) % 2 === 0) throw new Malformed("the modulus is even");
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
    // As numbers and not as SPKI, so that what was checked is what is used.
    const key = await crypto.subtle.importKey(
      "jwk",
      { kty: "RSA", alg: "PS384", n: toBase64Url(modulus), e: "AQAB" },
      { name: "RSA-PSS", hash: "SHA-384" },
      false,
      ["verify"],
    );
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

/** Whether a number is smaller than another, both big-endian and equally long. */
function isBelow(number: Uint8Array, limit: Uint8Array): boolean {
  const at = number.findIndex((byte, i) => byte !== limit[i]);
  return at >= 0 && (number[at] ?? 0) < (limit[at] ?? 0);
}

function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

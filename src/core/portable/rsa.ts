/**
 * RSA keys and signatures (RFC 8017) of exponent 65537. The mathematics is
 * WebCrypto's.
 *
 * @module
 */

import { concat, toBase64 } from "../bytes.ts";
import { type Algorithm, isNull, type PublicKeyInfo } from "./algorithm.ts";
import { DerReader, readOnly, TAG } from "./der.ts";
import { HASHES, type HashName } from "./digest.ts";
import { Malformed } from "../malformed.ts";
import { unsignedOf } from "./values.ts";

const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
/** 65537, big-endian. */
const EXPONENT = "1,0,1";

/** Numbers of a key as they stand there. */
export interface RsaNumbers {
  /** Modulus, big-endian, without leading zeros. */
  readonly modulus: Uint8Array;
  /** Public exponent, in the same form. */
  readonly exponent: Uint8Array;
}

/** How a signature is encoded before the mathematics. */
export type RsaPadding =
  /** RSASSA-PKCS1-v1_5 (§8.2). */
  | { readonly scheme: "rsassa"; readonly hash: HashName }
  /** RSASSA-PSS (§8.1), MGF1 with the same hash. */
  | { readonly scheme: "rsapss"; readonly hash: HashName; readonly saltLength: number };

/**
 * Whether an algorithm is that of RSA keys, whatever its parameters.
 *
 * @param algorithm The algorithm.
 */
export function isRsaEncryption({ oid }: Algorithm): boolean {
  return oid === RSA_ENCRYPTION;
}

/**
 * Whether an algorithm is a plain RSA key (RFC 4055 §1.2: its parameters are NULL).
 *
 * @param algorithm The algorithm.
 */
export function isRsaKey(algorithm: Algorithm): boolean {
  const { parameters } = algorithm;
  return isRsaEncryption(algorithm) && parameters !== undefined && isNull(parameters);
}

/**
 * Numbers of a key (§A.1.1); whether they are good ones is left to the caller.
 *
 * @param info The key.
 * @throws {Malformed} where it is no RSA key.
 */
export function readRsaNumbers(info: PublicKeyInfo): RsaNumbers {
  if (!isRsaKey(info.algorithm)) throw new Malformed("the key is not an RSA key");
  const numbers = new DerReader(readOnly(info.key, TAG.sequence, "the RSA key"));
  const modulus = unsignedOf(numbers.take(TAG.integer, "the modulus"));
  const exponent = unsignedOf(numbers.take(TAG.integer, "the exponent"));
  numbers.finish("the RSA key");
  return { modulus, exponent };
}

/**
 * Bits of a modulus.
 *
 * @param numbers The key.
 */
export function bitsOf({ modulus }: RsaNumbers): number {
  return 8 * modulus.length - Math.clz32(modulus[0] ?? 0) + 24;
}

/**
 * Whether the public exponent is 65537, the only one that is taken.
 *
 * @param numbers The key.
 */
export function isUsualExponent({ exponent }: RsaNumbers): boolean {
  return exponent.join() === EXPONENT;
}

/**
 * Whether a modulus is odd, as each product of two odd primes is; arithmetic of
 * some libraries relies on it.
 *
 * @param numbers The key.
 */
export function isOdd({ modulus }: RsaNumbers): boolean {
  return (modulus.at(-1) ?? 0) % 2 === 1;
}

/**
 * A key with exponent 65537 for WebCrypto: as numbers and not as SPKI, so that
 * what was checked is what is used.
 *
 * @param modulus Its modulus.
 * @param padding What it is to verify.
 */
export async function importRsaKey(
  modulus: Uint8Array,
  { scheme, hash }: Pick<RsaPadding, "scheme" | "hash">,
): Promise<CryptoKey> {
  const { webCrypto } = HASHES[hash];
  const isPss = scheme === "rsapss";
  return await crypto.subtle.importKey(
    "jwk",
    {
      kty: "RSA",
      alg: `${isPss ? "PS" : "RS"}${webCrypto.slice("SHA-".length)}`,
      n: toBase64Url(modulus),
      e: "AQAB",
    },
    { name: isPss ? "RSA-PSS" : "RSASSA-PKCS1-v1_5", hash: webCrypto },
    false,
    ["verify"],
  );
}

/** A signature and what it is over. */
export interface Signed {
  /** What is signed. */
  readonly message: Uint8Array;
  /** The signature. */
  readonly signature: Uint8Array;
}

/**
 * Whether a signature is by a key with exponent 65537.
 *
 * @param modulus The key's modulus.
 * @param padding How it was made; nothing else is tried.
 * @param signed Signature and message.
 */
export async function verifyRsa(
  modulus: Uint8Array,
  padding: RsaPadding,
  { message, signature }: Signed,
): Promise<boolean> {
  // §8.1.2 and §8.2.2, step 1, and §5.2.2, step 1, which WebCrypto of Deno leaves out.
  if (signature.length !== modulus.length || !isBelow(signature, modulus)) return false;
  const key = await importRsaKey(modulus, padding);
  const algorithm = padding.scheme === "rsapss"
    ? { name: "RSA-PSS", saltLength: padding.saltLength }
    : { name: "RSASSA-PKCS1-v1_5" };
  // Copies, since WebCrypto takes no bytes of shared memory.
  return await crypto.subtle.verify(algorithm, key, concat(signature), concat(message));
}

/**
 * Whether a number is smaller than another, both big-endian and equally long.
 *
 * @param number The one.
 * @param limit The other.
 */
export function isBelow(number: Uint8Array, limit: Uint8Array): boolean {
  const at = number.findIndex((byte, i) => byte !== limit[i]);
  return at >= 0 && (number[at] ?? 0) < (limit[at] ?? 0);
}

function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

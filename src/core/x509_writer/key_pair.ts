/**
 * Key pairs that sign certificates. The private half is held as bytes, since it is handed to servers of TLS
 * and to members of a cluster.
 *
 * @module
 */

import { concat } from "../bytes.ts";

/** Kinds of key. */
export type KeyPairKind = "RSA-4096" | "RSA-2048" | "P-384" | "P-256";

/** All kinds of key. */
export const KEY_PAIR_KINDS: readonly KeyPairKind[] = [
  "RSA-4096",
  "RSA-2048",
  "P-384",
  "P-256",
];

/** How a signature is computed, in the words of WebCrypto. */
export type SigningMethod =
  | { readonly name: "RSA-PSS"; readonly hash: string; readonly saltLength: number }
  | { readonly name: "RSASSA-PKCS1-v1_5"; readonly hash: string }
  | { readonly name: "ECDSA"; readonly hash: string };

/** A key pair. */
export interface KeyPair {
  /** Algorithm and size. */
  readonly kind: KeyPairKind;
  /** Private key, DER of PrivateKeyInfo (RFC 5208). */
  readonly pkcs8: Uint8Array<ArrayBuffer>;
  /** Public key, DER of SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
  readonly spki: Uint8Array<ArrayBuffer>;
}

/** Algorithm with which WebCrypto makes or reads keys of a kind; the hash of RSA keys is given at each use. */
function keyAlgorithm(
  kind: KeyPairKind,
  hash: string,
  name: string,
): RsaHashedKeyGenParams | EcKeyGenParams {
  if (kind === "P-384" || kind === "P-256") return { name: "ECDSA", namedCurve: kind };
  const modulusLength = Number(kind.slice("RSA-".length));
  return { name, modulusLength, publicExponent: Uint8Array.of(1, 0, 1), hash };
}

/**
 * Makes a key pair. RSA-4096 takes about a second.
 *
 * @param kind Algorithm and size.
 */
export async function generateKeyPair(kind: KeyPairKind): Promise<KeyPair> {
  const algorithm = keyAlgorithm(kind, "SHA-384", "RSA-PSS");
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  return {
    kind,
    pkcs8: new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)),
    spki: new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)),
  };
}

/**
 * Reads a key pair back from its private half.
 *
 * @param kind Algorithm and size.
 * @param pkcs8 DER of PrivateKeyInfo.
 * @throws {DOMException} if the bytes are no private key of that algorithm.
 * @throws {RangeError} if an RSA key has another size.
 */
export async function readKeyPair(kind: KeyPairKind, pkcs8: Uint8Array): Promise<KeyPair> {
  const copy = concat(pkcs8);
  const algorithm = keyAlgorithm(kind, "SHA-384", "RSA-PSS");
  const secret = await crypto.subtle.importKey("pkcs8", copy, algorithm, true, ["sign"]);
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey("jwk", secret);
  if (n !== undefined && kind !== `RSA-${bitsOf(n)}`) {
    throw new RangeError(`Cannot read key: ${bitsOf(n)} bits, expected ${kind}`);
  }
  const jwk = kty === "RSA" ? { kty, n, e } : { kty, crv, x, y };
  const open = await crypto.subtle.importKey("jwk", defined(jwk), algorithm, true, ["verify"]);
  return { kind, pkcs8: copy, spki: new Uint8Array(await crypto.subtle.exportKey("spki", open)) };
}

/** Bits of a number in base64url, whole octets. */
function bitsOf(number: string): number {
  return 8 * Math.floor(number.length * 6 / 8);
}

/** A JWK without members that have no value. */
function defined(jwk: Record<string, string | undefined>): JsonWebKey {
  return Object.fromEntries(Object.entries(jwk).filter(([, value]) => value !== undefined));
}

/**
 * Signs bytes.
 *
 * @param key The key pair.
 * @param method Scheme, hash and salt.
 * @param message What is signed.
 * @returns As WebCrypto gives it: big-endian; of ECDSA R and S, each as long as the field.
 * @throws {DOMException} if key and method do not fit.
 */
export async function signBytes(
  key: KeyPair,
  method: SigningMethod,
  message: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = keyAlgorithm(key.kind, method.hash, method.name);
  const secret = await crypto.subtle.importKey("pkcs8", key.pkcs8, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign(method, secret, concat(message)));
}

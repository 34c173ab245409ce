/**
 * Hashes and fingerprints.
 *
 * @module
 */

import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { toHex } from "../bytes.ts";

/** Hashes that signatures are made with. */
export type HashName = "sha256" | "sha384" | "sha512";

/** A hash. */
interface Hash {
  /** Bytes of a digest. */
  readonly bytes: number;
  /** Name in WebCrypto. */
  readonly webCrypto: string;
  /** Gives the digest. */
  readonly digest: (bytes: Uint8Array) => Uint8Array;
}

/** The hashes. */
export const HASHES: Readonly<Record<HashName, Hash>> = {
  sha256: { bytes: 32, webCrypto: "SHA-256", digest: sha256 },
  sha384: { bytes: 48, webCrypto: "SHA-384", digest: sha384 },
  sha512: { bytes: 64, webCrypto: "SHA-512", digest: sha512 },
};

/**
 * A digest.
 *
 * @param hash Which hash.
 * @param bytes Any bytes.
 */
export function digestOf(hash: HashName, bytes: Uint8Array): Uint8Array {
  return HASHES[hash].digest(bytes);
}

/**
 * SHA-256 as hex.
 *
 * @param bytes Any bytes.
 */
export function fingerprintOf(bytes: Uint8Array): string {
  return toHex(sha256(bytes));
}

/**
 * SHA-1, which old registers are of. It proves nothing: different bytes with
 * the same digest can be made.
 *
 * @param bytes Any bytes.
 */
export function sha1Of(bytes: Uint8Array): Uint8Array {
  return sha1(bytes);
}

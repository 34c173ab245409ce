/**
 * Algorithms by their numbers (Part 2 §6.3, TPM_ALG_ID).
 *
 * @module
 */

import type { PcrBank, SignatureScheme, StrongHash } from "../report.ts";

/** Numbers of algorithms that are no hashes. */
export const ALGORITHM = {
  rsa: 0x0001,
  aes: 0x0006,
  null: 0x0010,
  rsassa: 0x0014,
  rsaes: 0x0015,
  rsapss: 0x0016,
  oaep: 0x0017,
  ecdsa: 0x0018,
  ecdh: 0x0019,
  ecc: 0x0023,
} as const;

const BANKS: ReadonlyMap<number, PcrBank> = new Map([
  [0x0004, "sha1"],
  [0x000b, "sha256"],
  [0x000c, "sha384"],
  [0x000d, "sha512"],
]);

/** Bytes of a register, by bank. */
export const BANK_BYTES: Readonly<Record<PcrBank, number>> = {
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

const SCHEMES: ReadonlyMap<number, SignatureScheme["scheme"]> = new Map([
  [ALGORITHM.rsassa, "rsassa"],
  [ALGORITHM.rsapss, "rsapss"],
  [ALGORITHM.ecdsa, "ecdsa"],
]);

/**
 * The bank of a hash; undefined where it is not known.
 *
 * @param algorithm Its number.
 */
export function bankOf(algorithm: number): PcrBank | undefined {
  return BANKS.get(algorithm);
}

/**
 * A hash that signatures and names may be made with: not SHA-1, of which
 * collisions are made, nor one that is not known.
 *
 * @param algorithm Its number.
 */
export function strongHashOf(algorithm: number): StrongHash | undefined {
  const bank = bankOf(algorithm);
  return bank === "sha1" ? undefined : bank;
}

/**
 * The scheme of a signature; undefined where it is not known.
 *
 * @param algorithm Its number.
 */
export function schemeOf(algorithm: number): SignatureScheme["scheme"] | undefined {
  return SCHEMES.get(algorithm);
}

/**
 * A number of an algorithm for people.
 *
 * @param algorithm The number.
 */
export function algorithmText(algorithm: number): string {
  return `0x${algorithm.toString(16).padStart(4, "0")}`;
}

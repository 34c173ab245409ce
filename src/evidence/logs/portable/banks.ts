/**
 * Hash algorithms of registers (TPM 2.0 Part 2 §6.3, TPM_ALG_ID).
 *
 * @module
 */

import { HASHES, sha1Of } from "../../../core/portable/digest.ts";
import type { Bank } from "../event_log.ts";

/** Most banks that a log may have; no TPM has more than four at a time. */
export const MAX_BANKS = 8;

/** Longest digest of an algorithm that is not known here, bytes. */
const MAX_DIGEST_BYTES = 64;

/** An algorithm that is computed here. */
export interface Algorithm {
  /** Its name. */
  readonly name: Bank;
  /** TPM_ALG_ID. */
  readonly id: number;
  /** Length of a digest, bytes. */
  readonly size: number;
  /** Hashes bytes. */
  readonly hash: (bytes: Uint8Array) => Uint8Array;
}

/** All of them. */
export const ALGORITHMS: readonly Algorithm[] = [
  { name: "sha1", id: 0x0004, size: 20, hash: sha1Of },
  { name: "sha256", id: 0x000b, size: 32, hash: HASHES.sha256.digest },
  { name: "sha384", id: 0x000c, size: 48, hash: HASHES.sha384.digest },
  { name: "sha512", id: 0x000d, size: 64, hash: HASHES.sha512.digest },
];

/**
 * The algorithm of a name; undefined where it is not computed here.
 *
 * @param name The name.
 */
export function algorithmOf(name: string): Algorithm | undefined {
  return ALGORITHMS.find((algorithm) => algorithm.name === name);
}

/**
 * Name of an algorithm: its number where it has no other here.
 *
 * @param id TPM_ALG_ID.
 */
export function algorithmName(id: number): string {
  return ALGORITHMS.find((algorithm) => algorithm.id === id)?.name ??
    `0x${id.toString(16).padStart(4, "0")}`;
}

/**
 * Whether a digest of an algorithm can have a length.
 *
 * @param name Name of the algorithm.
 * @param length The length, bytes.
 */
export function isDigestLength(name: string, length: number): boolean {
  const size = algorithmOf(name)?.size;
  return size === undefined ? length > 0 && length <= MAX_DIGEST_BYTES : length === size;
}

/**
 * Whether banks are those of a TD, whose registers have SHA-384 alone.
 *
 * @param names Names of their algorithms.
 */
export function areBanksOfTd(names: readonly string[]): boolean {
  return names.length === 1 && names[0] === "sha384";
}

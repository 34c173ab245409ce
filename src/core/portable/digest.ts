/**
 * Fingerprints.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../bytes.ts";

/**
 * SHA-256 as hex.
 *
 * @param bytes Any bytes.
 */
export function fingerprintOf(bytes: Uint8Array): string {
  return toHex(sha256(bytes));
}

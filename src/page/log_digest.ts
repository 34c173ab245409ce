/**
 * Fingerprints of what events hold, without WebCrypto: stands in for `evidence/logs/digest.ts`.
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import { sha256 as digest } from "./sha2.ts";

/**
 * SHA-256 as hex.
 *
 * @param bytes Any bytes.
 */
export function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Promise.resolve(toHex(digest(bytes)));
}

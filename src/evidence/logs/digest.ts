/**
 * Fingerprints of what events hold.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";

/**
 * SHA-256 as hex.
 *
 * @param bytes Any bytes.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

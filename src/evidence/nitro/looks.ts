/**
 * By what attestation documents are known.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";

/** COSE_Sign1: tag 18 or none, an array of four, the protected header {1: some negative integer of two bytes}. */
const BEGINNINGS: readonly Uint8Array[] = ["8444a10138", "d28444a10138"].map(fromHex);

/**
 * Whether a file is meant as an attestation document.
 *
 * @param bytes The file.
 */
export function looksLikeDocument(bytes: Uint8Array): boolean {
  return BEGINNINGS.some((start) => start.every((byte, i) => bytes[i] === byte));
}

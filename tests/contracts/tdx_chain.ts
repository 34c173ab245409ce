/**
 * The PCK chain in a quote, taken out and put back.
 *
 * @module
 */

import { concat, fromBase64 } from "../../src/core/bytes.ts";
import { pem } from "../../src/lab/pem.ts";

/**
 * The certificates in a quote, DER.
 *
 * @param quote The quote.
 * @param at Where its chain begins.
 */
export function chainOf(quote: Uint8Array, at: number): readonly Uint8Array[] {
  const text = new TextDecoder().decode(quote.subarray(at));
  const parts = text.split("-----END CERTIFICATE-----").slice(0, -1);
  return parts.map((part) => fromBase64(part.replace(/-----BEGIN CERTIFICATE-----|\s/g, "")));
}

/**
 * A quote with other certificates of the same lengths.
 *
 * @param quote The quote.
 * @param at Where its chain begins.
 * @param chain The certificates, DER.
 */
export function withChain(
  quote: Uint8Array,
  at: number,
  chain: readonly Uint8Array[],
): Uint8Array {
  const text = chain.map((der) => pem("CERTIFICATE", der)).join("");
  const changed = concat(quote.subarray(0, at), new TextEncoder().encode(`${text}\0`));
  if (changed.length !== quote.length) throw new Error("The chain has another length");
  return changed;
}

/**
 * Puts another PCK chain into minted quotes.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import { type MintedTdx, pem, type TdxBends } from "../../src/lab/mod.ts";
import { placesOf } from "./bytes_of.ts";

/** Quotes whose certification data are other bytes, with sizes that fit them. */
export function withCertification(bytes: Uint8Array): TdxBends {
  return {
    quote: (whole) => ({ ...whole, certification: { ...whole.certification, bytes } }),
  };
}

/** A chain as quotes have it: PEM, and the byte that ends a text of C. */
export function chainOf(...certificates: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const text = certificates.map((der) => pem("CERTIFICATE", der)).join("");
  return new TextEncoder().encode(`${text}\0`);
}

/**
 * A minted quote with another chain; nothing signs the chain's place, so all signatures hold.
 *
 * @param minted The quote.
 * @param chain What stands in the place of its chain.
 */
export function withChain(minted: MintedTdx, chain: Uint8Array): Uint8Array<ArrayBuffer> {
  const { quote } = minted;
  const places = placesOf(quote);
  const resized = (size: number): Uint8Array => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, size, true);
    return bytes;
  };
  const part = (from: number, to: number): Uint8Array => quote.subarray(from, to);
  const grown = chain.length - (places.end - places.chain);
  const sizeAt = (at: number): number =>
    new DataView(quote.buffer, quote.byteOffset).getUint32(at, true);
  const outer = places.outer;
  const head = outer === null ? part(places.signature, places.certification + 2) : concat(
    part(places.signature, outer + 2),
    resized(sizeAt(outer + 2) + grown),
    part(outer + 6, places.certification + 2),
  );
  return concat(
    part(0, places.signedEnd),
    resized(sizeAt(places.signedEnd) + grown),
    head,
    resized(chain.length),
    chain,
  );
}

/**
 * Packs what lies in the page.
 *
 * @module
 */

import { createModel } from "../../src/page/packing/model.ts";
import { CONTEXTS, PACKINGS } from "../../src/page/packing/unpack.ts";

/** How something is packed. */
export type Packing = keyof typeof PACKINGS;

/**
 * Packs bytes.
 *
 * @param bytes The content.
 * @param packing How: as text, as a module, or not at all.
 */
export function pack(bytes: Uint8Array, packing: Packing): Uint8Array<ArrayBuffer> {
  const number = PACKINGS[packing];
  const header = [number, ...[24, 16, 8, 0].map((shift) => bytes.length >>> shift & 255)];
  const createContexts = CONTEXTS[number];
  if (createContexts === undefined) return joined(header, bytes);
  const model = createModel(bytes, createContexts());
  const out = new Encoder();
  for (const [at, byte] of bytes.entries()) {
    let left = 8;
    model.next(at, (odds) => out.bit(byte >> --left & 1, odds));
  }
  return joined(header, out.end());
}

function joined(header: readonly number[], rest: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(header.length + rest.length);
  whole.set(header);
  whole.set(rest, header.length);
  return whole;
}

/** The arithmetic coder that the page's decoder is the other half of. */
class Encoder {
  readonly #out: number[] = [];
  #low = 0;
  #high = 0xffffffff;

  /** Writes a bit by the odds of 65536 that it is 1. */
  bit(bit: number, odds: number): number {
    const middle = this.#low + Math.floor((this.#high - this.#low) * odds / 65536);
    if (bit === 1) this.#high = middle;
    else this.#low = middle + 1;
    while (((this.#low ^ this.#high) & 0xff000000) === 0) {
      this.#out.push(this.#high >>> 24);
      this.#low = this.#low << 8 >>> 0;
      this.#high = (this.#high << 8 | 255) >>> 0;
    }
    return bit;
  }

  /** All that was written. Any number between both ends it. */
  end(): readonly number[] {
    return [...this.#out, ...[24, 16, 8, 0].map((shift) => this.#high >>> shift & 255)];
  }
}

/**
 * Numbers that look random and are the same in every run.
 *
 * @module
 */

/** Multiplier and increment of Numerical Recipes' generator modulo 2^32. */
const MULTIPLIER = 1664525;
const INCREMENT = 1013904223;

/** A source of numbers. */
export class Random {
  #state: number;

  /**
   * @param seed Where it starts: the same seed, the same numbers.
   */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /**
   * A number from zero to below the bound.
   *
   * @param bound At most 65536, since the low bits of such a generator repeat soon.
   */
  below(bound: number): number {
    this.#state = (Math.imul(this.#state, MULTIPLIER) + INCREMENT) >>> 0;
    return Math.floor((this.#state >>> 8) / 2 ** 24 * bound);
  }

  /**
   * Bytes.
   *
   * @param size How many.
   */
  bytes(size: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length: size }, () => this.below(256));
  }
}

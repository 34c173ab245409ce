/**
 * Numbers that look random and are the same for the same seed.
 *
 * @module
 */

/** Throws of dice that a seed decides. */
export class Dice {
  #state: number;

  /** Starts where the seed says. */
  constructor(seed: number) {
    // Neighbouring seeds must not give neighbouring throws.
    this.#state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) | 0;
    for (let i = 0; i < 4; i++) this.#next();
  }

  /** A whole number from 0 on, below a limit. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  /** Whether something that happens once in so many times happens. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of some. */
  pick<T>(all: readonly T[]): T {
    const picked = all[this.below(all.length)];
    if (picked === undefined) throw new RangeError("There is nothing to pick from");
    return picked;
  }

  /** Bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** Mulberry32: 32 bits of state, every seed another sequence. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#state ^ this.#state >>> 15, this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  }
}

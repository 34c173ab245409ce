/**
 * Random choices that are the same at every run: what a seed and a name lead to.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** A source of choices. */
export class Seeded {
  readonly #seed: string;
  #count = 0;

  /**
   * Starts a source.
   *
   * @param seed Text that all of it follows from.
   */
  constructor(seed: string) {
    this.#seed = seed;
  }

  /**
   * The next bytes.
   *
   * @param length How many.
   */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    const hash = createHash("shake256", { outputLength: Math.max(length, 1) });
    const bytes = hash.update(`${this.#seed}/${this.#count++}`).digest();
    return new Uint8Array(bytes).subarray(0, length);
  }

  /**
   * A whole number.
   *
   * @param below The first that it is not.
   */
  number(below: number): number {
    return new DataView(this.bytes(4).buffer).getUint32(0) % below;
  }

  /** One of some things. */
  pick<T>(things: readonly [T, ...T[]] | readonly T[]): T {
    const [thing] = things.slice(this.number(things.length));
    if (thing === undefined) throw new RangeError("nothing to pick from");
    return thing;
  }
}

/**
 * Answers that clients did not take yet. Who asks for much and reads nothing is cut off
 * before the memory is full.
 *
 * @module
 */

/** Answers on their way. */
export class Untaken {
  readonly #limit: number;
  /** Bytes by who can cut them off, the oldest first. */
  readonly #all: Map<() => void, number> = new Map();
  #bytes = 0;

  /** @param limit Most bytes of all of them. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * An answer is on its way; if need be those that wait longest are cut off.
   *
   * @param bytes Its length.
   * @param cut Cuts it off.
   * @returns To be called when it was taken, or its client is gone.
   */
  add(bytes: number, cut: () => void): () => void {
    this.#all.set(cut, bytes);
    this.#bytes += bytes;
    for (const [oldest] of this.#all) {
      if (this.#bytes <= this.#limit || oldest === cut) break;
      this.#remove(oldest);
      oldest();
    }
    return () => this.#remove(cut);
  }

  #remove(cut: () => void): void {
    this.#bytes -= this.#all.get(cut) ?? 0;
    this.#all.delete(cut);
  }
}

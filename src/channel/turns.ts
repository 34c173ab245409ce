/**
 * Work of which only so much is done at once.
 *
 * @module
 */

import { BusyError } from "./busy.ts";

/** Seconds that a full row is given to get shorter. */
const RETRY_AFTER = 2;

/** Turns at a work. */
export class Turns {
  readonly #atOnce: number;
  readonly #row: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  /**
   * @param atOnce How much is done at once.
   * @param row How many may wait.
   */
  constructor(atOnce: number, row: number) {
    this.#atOnce = atOnce;
    this.#row = row;
  }

  /**
   * Does work when it is its turn.
   *
   * @param work The work.
   * @throws {BusyError} where too many wait; else what the work throws.
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken -= 1;
      else next();
    }
  }

  #turn(): Promise<void> | void {
    if (this.#taken < this.#atOnce) {
      this.#taken += 1;
      return;
    }
    if (this.#waiting.length >= this.#row) {
      throw new BusyError(`${this.#waiting.length} others wait`, RETRY_AFTER, false);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

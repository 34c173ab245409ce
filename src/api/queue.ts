/**
 * How much is done at once, how much waits, and what is turned away.
 *
 * @module
 */

import { InputError, UnavailableError } from "../core/errors.ts";

/** Work in the order in which it came. */
export class Queue {
  readonly #most: { readonly underWay: number; readonly waiting: number };
  readonly #waiting = new Set<() => void>();
  #underWay = 0;

  /**
   * @param most How much is done at once, and how much waits.
   */
  constructor(most: { readonly underWay: number; readonly waiting: number }) {
    this.#most = most;
  }

  /** How much is being done. */
  get underWay(): number {
    return this.#underWay;
  }

  /** How much waits. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether the next piece of work would be turned away. */
  get isFull(): boolean {
    return this.#underWay >= this.#most.underWay && this.waiting >= this.#most.waiting;
  }

  /**
   * Does some work when it is its turn.
   *
   * @param work The work.
   * @param signal Says that nobody waits for it any more; work that began is not ended by it.
   * @throws {UnavailableError} `api.busy`
   * @throws {InputError} `api.gone`
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.isFull) throw busy();
    if (this.#underWay >= this.#most.underWay) await this.#turn(signal);
    else this.#underWay++;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  /** Who ends hands its place on, so that nobody comes in between. */
  #next(): void {
    const [first] = this.#waiting;
    if (first === undefined) this.#underWay--;
    else first();
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(enter);
        reject(gone());
      };
      const enter = (): void => {
        this.#waiting.delete(enter);
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      if (signal?.aborted === true) return reject(gone());
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.add(enter);
    });
  }
}

function busy(): UnavailableError {
  const message = "Cannot take the request: as many wait as may";
  return new UnavailableError(message, { code: "api.busy", retryable: true });
}

function gone(): InputError {
  return new InputError("Cannot answer: the client went away", { code: "api.gone" });
}

/**
 * What was spent, for as long as it could be spent again.
 *
 * @module
 */

import { UnavailableError } from "../core/errors.ts";
import type { ChannelCode } from "./codes.ts";

/** What is forgotten at once has ended within the same stretch of time, ms. */
const STRETCH = 1000;

/**
 * A set of names that each end at a time. It has a bound and forgets none that
 * still lives: where it is full, nothing further can be spent.
 */
export class ReplaySet {
  readonly #capacity: number;
  /** Names by the stretch in which they end, so that forgetting looks at stretches alone. */
  readonly #stretches = new Map<number, Set<string>>();
  #size = 0;

  /**
   * Makes an empty set.
   *
   * @param capacity Most names at once.
   */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** How many names are kept. */
  get size(): number {
    return this.#size;
  }

  /**
   * Spends a name, at once and not by promise: of many who try, one succeeds.
   *
   * @param name The name.
   * @param end When it ends, ms; whoever asks has made sure that it is after `now`. One name has one end.
   * @param now The time, ms, on the same clock.
   * @returns False where it was spent already.
   * @throws {UnavailableError} `channel.busy` where as many names live as are kept.
   */
  spend(name: string, end: number, now: number): boolean {
    this.#forget(now);
    const stretch = Math.floor(end / STRETCH);
    const names = this.#stretches.get(stretch) ?? new Set<string>();
    if (names.has(name)) return false;
    if (this.#size >= this.#capacity) throw full(this.#capacity);
    this.#stretches.set(stretch, names.add(name));
    this.#size++;
    return true;
  }

  /** Forgets stretches whose last moment is over. */
  #forget(now: number): void {
    for (const [stretch, names] of this.#stretches) {
      if ((stretch + 1) * STRETCH > now) continue;
      this.#stretches.delete(stretch);
      this.#size -= names.size;
    }
  }
}

function full(capacity: number): UnavailableError {
  const code: ChannelCode = "channel.busy";
  return new UnavailableError(`Cannot take the request: ${capacity} were taken within a minute`, {
    code,
    fields: { limit: String(capacity) },
    retryable: true,
  });
}

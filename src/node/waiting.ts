/**
 * Waiting that can be ended: by what was waited for, or with the agent.
 *
 * @module
 */

/** Waits for a while. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** The waiting of one agent. */
export class Waiting {
  readonly #sleep: Sleep;
  readonly #ended = new AbortController();
  #woken = new AbortController();

  /**
   * Begins.
   *
   * @param sleep Waits for a while.
   */
  constructor(sleep: Sleep) {
    this.#sleep = sleep;
  }

  /** Whether the agent ends. */
  get isOver(): boolean {
    return this.#ended.signal.aborted;
  }

  /**
   * Waits, until woken or at the end of the agent at the latest.
   *
   * @param milliseconds How long, at most.
   */
  async wait(milliseconds: number): Promise<void> {
    if (this.isOver) return;
    this.#woken = new AbortController();
    const either = AbortSignal.any([this.#ended.signal, this.#woken.signal]);
    await this.#sleep(milliseconds, either);
  }

  /** Ends a waiting. */
  wake(): void {
    this.#woken.abort();
  }

  /** Ends all waiting, for good. */
  end(): void {
    this.#ended.abort();
  }
}

/** First and longest wait between attempts, ms. */
const BACKOFF = { first: 500, longest: 30_000 } as const;

/** Longest wait where it is too early, ms: asking again costs a connection and no evidence, and somebody may be looking on. */
export const LONGEST_EARLY = 5_000;

/**
 * How long to wait after attempts that failed: twice as long each time, and by chance up to half less, so that
 * nodes that began together do not go on together.
 *
 * @param failed How many failed.
 * @param chance From 0 to 1.
 * @param longest The longest wait, ms; absent for half a minute.
 */
export function backoff(
  failed: number,
  chance: number,
  longest: number = BACKOFF.longest,
): number {
  const whole = Math.min(longest, BACKOFF.first * 2 ** Math.min(failed, 10));
  return whole * (1 - chance / 2);
}

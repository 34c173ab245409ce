/**
 * One change after the other: control planes are ahead of each other often
 * enough without a crowd in each.
 *
 * @module
 */

import { refuseNow } from "./refuse.ts";

/** Most that wait: a whole cluster that starts at once, at a few milliseconds each. */
const MAX_WAITING = 512;

/** Work in turns. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /**
   * Does some work when all before it is done.
   *
   * @param work The work.
   * @throws {UnavailableError} `join.busy` where too much waits.
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) {
      throw refuseNow("join.busy", `${MAX_WAITING} others wait`);
    }
    this.#waiting++;
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }
}

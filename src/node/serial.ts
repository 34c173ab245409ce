/**
 * One piece of work after the other.
 *
 * @module
 */

/** Runs pieces of work in the order in which they came, never two at a time. */
export class Serial {
  #before: Promise<unknown> = Promise.resolve();

  /**
   * Runs a piece of work when all before it have ended, however they ended.
   *
   * @param work The work.
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#before.then(work);
    this.#before = result.then(() => {}, () => {});
    return result;
  }
}

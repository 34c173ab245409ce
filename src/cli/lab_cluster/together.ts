/**
 * Doing several things at a time without leaving one behind.
 *
 * @module
 */

/**
 * Waits until all are done, whatever comes of them: who lets go of a lab must not
 * be starting something in it.
 *
 * @param works What is done; each has begun.
 * @throws what the first of them threw.
 */
export async function together(works: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

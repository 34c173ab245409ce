/**
 * Moments as the protocol writes them.
 *
 * @module
 */

/**
 * A moment in UTC, to the second.
 *
 * @param moment The moment.
 */
export function momentText(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

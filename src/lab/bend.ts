/**
 * Changing a description before it is written.
 *
 * @module
 */

/** A change: fields to put in place, or a function of the description. */
export type Bend<T> = Partial<T> | ((description: T) => T);

/**
 * A description after a change.
 *
 * @param description What would be written.
 * @param change The change; undefined changes nothing.
 */
export function bend<T extends object>(description: T, change: Bend<T> | undefined): T {
  return typeof change === "function" ? change(description) : { ...description, ...change };
}

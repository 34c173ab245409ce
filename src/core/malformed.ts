/**
 * What strict readers throw, and how it becomes a refusal.
 *
 * @module
 */

/** Bytes that are not what their specification demands. Who knows their place turns it into a refusal. */
export class Malformed extends Error {
  /** Name of the class, which survives minification. */
  override readonly name = "Malformed";
}

/**
 * Reads something, and refuses what is malformed in the words of its place.
 *
 * @param read Reads it.
 * @param refuse Gives the refusal for a reason.
 */
export function readOr<T>(read: () => T, refuse: (reason: string) => Error): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) throw refuse(error.message);
    throw error;
  }
}

/**
 * Reads something; undefined where it is malformed.
 *
 * @param read Reads it.
 */
export function readIf<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

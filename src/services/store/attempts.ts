/**
 * Changes that others may have been ahead of: looked at again, and made again,
 * a bounded number of times.
 *
 * @module
 */

import { UnavailableError } from "../../core/errors.ts";

/**
 * Most attempts. Whenever one fails, somebody else's change was made; control planes are
 * few and each makes one change at a time, so that half of this is never seen.
 */
export const MAX_ATTEMPTS = 64;

/**
 * Makes a change that others may be ahead of.
 *
 * One whose outcome is unknown is looked at again: an attempt reads what it
 * rests on, so it finds its own change where that was made.
 *
 * @param attempt Reads, and changes what it read; null where others were ahead.
 * @throws {UnavailableError} `store.busy` after too many attempts; `store.unreachable` where it is so twice in a row.
 */
export async function repeatedly<T>(attempt: () => Promise<T | null>): Promise<T> {
  let unknown = false;
  for (let left = MAX_ATTEMPTS; left > 0; left--) {
    try {
      const made = await attempt();
      if (made !== null) return made;
      unknown = false;
    } catch (cause) {
      if (unknown || !isUnknown(cause)) throw cause;
      unknown = true;
    }
  }
  throw new UnavailableError(
    `Cannot change the cluster's state: others were ahead ${MAX_ATTEMPTS} times`,
    { code: "store.busy", retryable: true },
  );
}

function isUnknown(cause: unknown): boolean {
  return cause instanceof UnavailableError && cause.code === "store.unreachable";
}

/**
 * Data as JSON has it.
 *
 * @module
 */

import type { CanonicalValue } from "../core/canonical_json.ts";

/**
 * A copy of data that consists of what JSON consists of: members that are
 * undefined are left out, and halves of surrogate pairs, which text of evidence
 * may have and JSON may not, become U+FFFD.
 *
 * @param data Plain data.
 */
export function plainOf(data: unknown): CanonicalValue {
  if (data === null || typeof data === "boolean" || typeof data === "number") return data;
  if (typeof data === "string") return data.toWellFormed();
  if (Array.isArray(data)) return data.map((item: unknown) => plainOf(item ?? null));
  if (typeof data !== "object") throw new RangeError(`Cannot write ${typeof data} as JSON`);
  const members = Object.entries(data).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => [name.toWellFormed(), plainOf(member)]),
  );
}

/**
 * What vendors hand out, found again by its name alone: for bundles and mirrors,
 * which keep answers and not the evidence that they were asked for.
 *
 * @module
 */

import type { CollateralItem } from "./collateral.ts";
import type { AnyTechnology } from "./evidence.ts";
import { technologies } from "./registry.ts";

/**
 * The item of a key.
 *
 * A key may be anybody's: one that is not exactly as this program writes it is
 * not known, so that there is one address for each thing and none beside.
 *
 * @param key Service, path and parameters, as {@linkcode CollateralItem.key}.
 * @returns Null where no technology knows it.
 */
export function itemOfKey(key: string): CollateralItem | null {
  const all: readonly AnyTechnology[] = technologies;
  for (const { itemOfKey: find } of all) {
    const found = find?.(key) ?? null;
    if (found !== null) return found;
  }
  return null;
}

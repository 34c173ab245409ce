/**
 * The order in which things can be read: what others need goes first, as the
 * chain before the list that was signed below it.
 *
 * @module
 */

import type { CollateralItem } from "../evidence/collateral.ts";

/**
 * Sorts by need; what is equal stays in its order.
 *
 * @param all Anything that is about an item, or about none that is known.
 * @param itemOf Its item.
 */
export function inOrderOfNeed<T>(
  all: readonly T[],
  itemOf: (one: T) => CollateralItem | null,
): readonly T[] {
  return [...all].sort((a, b) => depthOf(itemOf(a)) - depthOf(itemOf(b)));
}

function depthOf(item: CollateralItem | null): number {
  return item === null ? 0 : 1 + Math.max(0, ...(item.needs ?? []).map(depthOf));
}

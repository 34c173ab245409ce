/**
 * In which order a node asks control planes.
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import type { Random } from "../core/ports.ts";

/** Bytes of chance for each: two that are alike are rare, and do no harm. */
const CHANCE_BYTES = 4;

/**
 * An order by chance: nodes that are told the same addresses do not all ask the first one.
 *
 * @param items Any number.
 * @param random Randomness.
 */
export function byChance<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, chance: toHex(random.bytes(CHANCE_BYTES)) }))
    .sort((a, b) => a.chance < b.chance ? -1 : 1)
    .map(({ item }) => item);
}

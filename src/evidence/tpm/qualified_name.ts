/**
 * Where a key stands in its TPM, by its Qualified Name (TPM 2.0 Library Part 1 §16.3).
 *
 * @module
 */

import { concat, fromHex, toHex } from "../../core/bytes.ts";
import { hash } from "./hash.ts";
import type { Hierarchy, PublicArea } from "./report.ts";

/** Handles of the hierarchies (Part 2 §7.4, TPM_RH). */
const HANDLES: readonly (readonly [Hierarchy, string])[] = [
  ["owner", "40000001"],
  ["null", "40000007"],
  ["endorsement", "4000000b"],
  ["platform", "4000000c"],
];

/** Digits of the algorithm before the hash. */
const ALGORITHM_DIGITS = 4;

/**
 * Finds the hierarchy whose primary key has a Qualified Name: that of a primary
 * key is the hash over the hierarchy's handle and the key's Name.
 *
 * @param area Public area of the key.
 * @param qualifiedName Its Qualified Name, hex.
 * @returns Null where the key is no primary one: then its parent's name is in the hash, too.
 */
export async function hierarchyOf(
  area: Pick<PublicArea, "name" | "nameAlgorithm">,
  qualifiedName: string,
): Promise<Hierarchy | null> {
  const algorithm = area.name.slice(0, ALGORITHM_DIGITS);
  for (const [hierarchy, handle] of HANDLES) {
    const hashed = concat(fromHex(handle), fromHex(area.name));
    const digest = await hash(area.nameAlgorithm, hashed);
    if (algorithm + toHex(digest) === qualifiedName) return hierarchy;
  }
  return null;
}

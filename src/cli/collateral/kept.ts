/**
 * What is kept, by the keys that a command line names.
 *
 * @module
 */

import { createStore } from "../../collateral/create_store.ts";
import type { StoredCollateral } from "../../collateral/store.ts";
import type { Host } from "../../core/ports.ts";
import { flagError, type Given } from "../input/given.ts";
import { CACHE_FLAG } from "./flags.ts";

/**
 * Lists what is kept.
 *
 * @param host The machine.
 * @param given The flags.
 * @param keys Keys that are asked for; none asks for all.
 * @throws {InputError} `input.unknown` for a key of which nothing is kept.
 */
export async function keptOf(
  host: Host,
  given: Given,
  keys: readonly string[],
): Promise<readonly StoredCollateral[]> {
  const kept = await createStore(host.caches.open(given.text(CACHE_FLAG))).list();
  const missing = keys.find((key) => !kept.some((entry) => entry.key === key));
  if (missing !== undefined) {
    const message = `Cannot find ${JSON.stringify(missing)}: nothing of that key is kept`;
    throw flagError("input.unknown", message, "KEY");
  }
  return keys.length === 0 ? kept : kept.filter(({ key }) => keys.includes(key));
}

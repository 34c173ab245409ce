/**
 * `casemate collateral import`: what a bundle holds goes into the cache.
 *
 * @module
 */

import { bringBundle } from "../../collateral/bring.ts";
import { itemOfKey } from "../../evidence/collateral_items.ts";
import { UNSIGNED_FLAG } from "../collateral/flags.ts";
import { readOwnerKeys } from "../collateral/key_files.ts";
import { readBundle } from "../collateral/read_bundle.ts";
import { contextOf, openCollateral } from "../collateral/open.ts";
import { tellOutcomes } from "../collateral/outcome.ts";
import type { Context } from "../context.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { OWNER_KEY_FLAG } from "../verify_flags.ts";

/** The argument, as errors name it. */
const ARGUMENT = "FILE";

/**
 * Imports.
 *
 * @param context The machine.
 * @param path Path of the bundle; `-` is standard input.
 * @param given The flags.
 * @throws {InputError | RejectedError} where the bundle is none, or not of who must have signed it.
 */
export async function importCollateral(
  context: Context,
  path: string,
  given: Given,
): Promise<void> {
  const { host } = context;
  const reader = new FileReader(host.files);
  const unsigned = given.has(UNSIGNED_FLAG);
  const keys = await readOwnerKeys(given, reader);
  if (unsigned && keys.length > 0) {
    const message = `Cannot both hold the bundle to --${OWNER_KEY_FLAG} and take it unsigned`;
    throw flagError("input.conflict", message, `--${OWNER_KEY_FLAG}, --${UNSIGNED_FLAG}`);
  }
  const bundle = await readBundle(reader, ARGUMENT, path, { keys, unsigned });
  const { collateral } = openCollateral(host, given, { offline: true });
  const outcomes = await bringBundle(bundle, {
    collateral,
    itemOfKey,
    context: await contextOf(host, given, reader),
  });
  tellOutcomes(context, given, outcomes, "are kept");
}

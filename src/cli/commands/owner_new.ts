/**
 * `casemate owner new`: makes the owner's key.
 *
 * @module
 */

import type { Context } from "../context.ts";
import type { Given } from "../input/given.ts";
import { makeKey, type Purpose } from "../keys/make.ts";

const OWNER: Purpose = {
  whose: "an owner's",
  names: { secret: "owner.key", open: "owner.pub" },
  keep: "keep it offline: whoever has it says what may run",
  give: "for whoever verifies",
};

/**
 * Makes a key and writes both halves.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} `input.missing`, `input.unwritable`, naming the flag.
 */
export async function makeOwner(context: Context, given: Given): Promise<void> {
  // Owners have P-384 (protocol §2).
  await makeKey(context, given, "P-384", OWNER);
}

/**
 * `casemate result keys new`: makes the key with which a verifier signs tokens.
 *
 * @module
 */

import { SIGNING_KEY_KINDS } from "../../core/signing_key.ts";
import type { Context } from "../context.ts";
import type { Given } from "../input/given.ts";
import { makeKey, type Purpose } from "../keys/make.ts";

const VERIFIER: Purpose = {
  whose: "a verifier's",
  names: { secret: "verifier.key", open: "verifier.pub" },
  keep: "for the verifier alone: whoever has it can call any machine trusted",
  give: "for whoever relies on tokens",
};

/**
 * Makes a key and writes both halves.
 *
 * @param context The machine.
 * @param given The flags; without `--kind` it is P-256, which signs as ES256.
 * @throws {InputError} `input.missing`, `input.unwritable`, naming the flag.
 */
export async function makeVerifierKey(context: Context, given: Given): Promise<void> {
  const kind = SIGNING_KEY_KINDS.find((one) => one === given.text("kind")) ?? "P-256";
  await makeKey(context, given, kind, VERIFIER);
}

/**
 * Flags of a verification that writes its result as a token.
 *
 * @module
 */

import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { EAR_PROFILES } from "../../results/profile.ts";
import { valueFlag, wordFlag } from "../input/flags.ts";
import { flagError, type Given } from "../input/given.ts";
import { AT_FLAG, PROFILE_FLAG } from "../verify_flags.ts";

/** Where the token is written. */
export const TOKEN_FLAG = "token";

/** The verifier's key. */
export const TOKEN_KEY_FLAG = "token-key";

/** For whom the token is. */
export const TOKEN_AUDIENCE_FLAG = "token-audience";

/** Who runs the verifier. */
export const TOKEN_ISSUER_FLAG = "token-issuer";

/** Profile of the token. */
export const TOKEN_PROFILE_FLAG = "token-profile";

const BESIDE = [TOKEN_KEY_FLAG, TOKEN_AUDIENCE_FLAG, TOKEN_ISSUER_FLAG, TOKEN_PROFILE_FLAG];

/**
 * Adds the flags.
 *
 * @param command The command.
 */
export function addTokenFlags(command: CommandUnknownOpts): void {
  const flags: readonly (readonly [flag: string, value: string, says: string])[] = [
    [TOKEN_FLAG, "FILE", "write the result as a signed token (EAR) that holds for five minutes"],
    [
      TOKEN_KEY_FLAG,
      "FILE",
      "your key as verifier: P-256, P-384 or Ed25519, PKCS #8 in PEM or DER",
    ],
    [TOKEN_AUDIENCE_FLAG, "NAME", "for whom the token is; other profiles may do without"],
    [TOKEN_ISSUER_FLAG, "NAME", "who issues it; absent where the key says enough"],
  ];
  command.optionsGroup("Token:");
  for (const [flag, value, says] of flags) command.addOption(valueFlag({ flag, value, says }));
  command.addOption(
    wordFlag(
      `--${TOKEN_PROFILE_FLAG} <PROFILE>`,
      "how its claims are named, and for whose consumers; default casemate",
      EAR_PROFILES,
    ),
  );
}

/**
 * Refuses flags that do not go together, before anything is waited for.
 *
 * @param given The flags.
 * @throws {InputError} `input.missing`, `input.conflict`
 */
export function checkTokenFlags(given: Given): void {
  const named = (flag: string): boolean => given.maybe(flag) !== undefined;
  if (!named(TOKEN_FLAG)) {
    const stray = BESIDE.find(named);
    if (stray === undefined) return;
    throw flagError(
      "input.missing",
      `Cannot use --${stray} without --${TOKEN_FLAG}, which says where the token goes`,
      `--${TOKEN_FLAG}`,
    );
  }
  // Consumers of other profiles may refuse an audience.
  const own = (given.maybe(TOKEN_PROFILE_FLAG) ?? "casemate") === "casemate";
  for (const flag of [TOKEN_KEY_FLAG, ...(own ? [TOKEN_AUDIENCE_FLAG] : [])]) {
    if (!named(flag)) {
      throw flagError("input.missing", `Cannot write a token without --${flag}`, `--${flag}`);
    }
  }
  if (given.maybe(PROFILE_FLAG) === "crypto-only") {
    throw flagError(
      "input.conflict",
      "Cannot write a token about signatures alone: it is about a whole examination",
      `--${TOKEN_FLAG}, --${PROFILE_FLAG}`,
    );
  }
  if (!named(AT_FLAG)) return;
  throw flagError(
    "input.conflict",
    "Cannot write a token about another moment: it is dated by the moment that was judged for, which must be now",
    `--${TOKEN_FLAG}, --${AT_FLAG}`,
  );
}

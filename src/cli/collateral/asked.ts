/**
 * Whether a verification may have collateral from elsewhere than files; what it
 * then does is loaded only where it may.
 *
 * @module
 */

import type { AnyTechnology } from "../../evidence/evidence.ts";
import { isEndorsement } from "../input/endorsements.ts";
import { flagError, type Given } from "../input/given.ts";
import {
  BUNDLE_FLAG,
  CACHE_FLAG,
  COLLATERAL_FLAG,
  HERE_FLAG,
  MAX_AGE_FLAG,
  RECOVERY_FLAG,
  TIMEOUT_FLAG,
  URL_FLAG,
} from "./flags.ts";

/** Flags that a bundle makes use of as well. */
const OF_ANY_SOURCE: readonly string[] = [MAX_AGE_FLAG, RECOVERY_FLAG, HERE_FLAG];

/**
 * Whether the command line says so.
 *
 * @param given The flags.
 * @throws {InputError} `input.conflict` for a flag that does nothing: it would be believed to do something.
 */
export function isCompleted(given: Given): boolean {
  if (!given.knows(COLLATERAL_FLAG)) return false;
  const where = whereFrom(given);
  const idle = where !== "given"
    ? []
    : [CACHE_FLAG, URL_FLAG, TIMEOUT_FLAG, ...given.has(BUNDLE_FLAG) ? [] : OF_ANY_SOURCE];
  const found = idle.find((flag) => given.has(flag));
  if (found === undefined) return where !== "given" || given.has(BUNDLE_FLAG);
  const message =
    `Cannot use --${found} alone: nothing is looked up without --${COLLATERAL_FLAG} cache or fetch`;
  throw flagError("input.conflict", message, `--${found}`);
}

/**
 * Where collateral is had from: `given`, `cache` or `fetch`.
 *
 * @param given The flags.
 */
export function whereFrom(given: Given): string {
  return given.text(COLLATERAL_FLAG) ?? "given";
}

/**
 * Whether a file that is missing can be had elsewhere.
 *
 * @param technology The technology.
 * @param role Role of the file.
 */
export function canBeFetched(technology: AnyTechnology, role: string): boolean {
  const input = technology.files.find((file) => file.role === role);
  return technology.collateral !== undefined && input !== undefined && isEndorsement(input);
}

/** The way out, at the end of a sentence about a file that is missing. */
export const FETCH_HINT = `; or let it be fetched with --${COLLATERAL_FLAG} fetch`;

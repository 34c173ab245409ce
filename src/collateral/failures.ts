/**
 * The errors of asking, in one place: what failed, and whether trying again can help.
 *
 * @module
 */

import { UnavailableError } from "../core/errors.ts";
import type { CollateralItem } from "../evidence/collateral.ts";
import type { CollateralCode } from "./codes.ts";

/** Codes after which the same request can succeed a little later. */
const RETRYABLE: readonly CollateralCode[] = [
  "collateral.unreachable",
  "collateral.timeout",
  "collateral.cut_short",
  "collateral.server_error",
  "collateral.throttled",
  "collateral.wrong_content",
  "collateral.outdated",
  "collateral.expired",
  "collateral.stale",
  "collateral.busy",
];

/** An item was not to be had. */
export interface Failure {
  /** Code. */
  readonly code: CollateralCode;
  /** Why, as the end of a sentence. */
  readonly reason: string;
  /** What caused it. */
  readonly cause?: unknown;
}

/**
 * The error of a failure.
 *
 * @param item What was asked for.
 * @param failure Why there is none.
 */
export function failureOf(
  { title, key, service }: CollateralItem,
  { code, reason, cause }: Failure,
): UnavailableError {
  return new UnavailableError(`Cannot get ${title}: ${reason}`, {
    code,
    fields: { key, service, reason },
    retryable: RETRYABLE.includes(code),
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Whether an error is the one of a code.
 *
 * @param error Anything that was thrown.
 * @param code The code.
 */
export function isFailure(error: unknown, code: CollateralCode): error is UnavailableError {
  return error instanceof UnavailableError && error.code === code;
}

/**
 * Why it failed, in the words of the error.
 *
 * @param error What was thrown.
 */
export function reasonOf(error: UnavailableError): string {
  return error.fields["reason"] ?? error.message;
}

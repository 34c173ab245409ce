/**
 * Refusals of the join service.
 *
 * @module
 */

import { type ErrorFields, RejectedError, UnavailableError } from "../../core/errors.ts";
import type { JoinCode } from "./codes.ts";

/** Codes with which one may ask again. */
type LaterCode = "join.behind" | "join.name_held" | "join.busy";

/**
 * Refuses a node for good.
 *
 * @param code Code.
 * @param reason What is wrong, after a colon.
 * @param fields What explains it.
 */
export function refuseNode(
  code: Exclude<JoinCode, LaterCode>,
  reason: string,
  fields: ErrorFields = {},
): RejectedError {
  return new RejectedError(`Cannot admit the node: ${reason}`, { code, fields });
}

/**
 * Refuses a node for now.
 *
 * @param code Code.
 * @param reason What is missing, after a colon.
 * @param fields What explains it.
 */
export function refuseNow(
  code: LaterCode,
  reason: string,
  fields: ErrorFields = {},
): UnavailableError {
  return new UnavailableError(`Cannot admit the node now: ${reason}`, {
    code,
    fields,
    retryable: true,
  });
}

/**
 * Errors of a node, in the class that their code has.
 *
 * @module
 */

import {
  type CasemateError,
  type ErrorFields,
  OperationError,
  RejectedError,
  UnavailableError,
} from "../core/errors.ts";
import { NODE_CODES, type NodeCode } from "./codes.ts";

/**
 * The error of a code.
 *
 * @param code The code.
 * @param reason What is so, behind what the code says.
 * @param details Fields and cause.
 */
export function nodeError(
  code: NodeCode,
  reason: string,
  { fields = {}, cause }: { readonly fields?: ErrorFields; readonly cause?: unknown } = {},
): CasemateError {
  const { says, class: kind } = NODE_CODES[code];
  const message = `${says}: ${reason}`;
  if (kind === "operation") return new OperationError(message, { code, fields, cause });
  if (kind === "unavailable") {
    return new UnavailableError(message, { code, fields, cause, retryable: true });
  }
  return new RejectedError(message, { code, fields, cause });
}

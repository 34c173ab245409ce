/**
 * Errors of clusters, in the class that their code has.
 *
 * @module
 */

import { type CasemateError, OperationError, RejectedError } from "../core/errors.ts";
import { CLUSTER_CODES, type ClusterCode } from "./codes.ts";

/**
 * The error of a code.
 *
 * @param code The code.
 * @param reason What is so, behind what the code says.
 * @param cause What caused it.
 */
export function clusterError(code: ClusterCode, reason: string, cause?: unknown): CasemateError {
  const { says, class: kind } = CLUSTER_CODES[code];
  const message = `${says}: ${reason}`;
  if (kind === "operation") return new OperationError(message, { code, cause });
  return new RejectedError(message, { code, cause });
}

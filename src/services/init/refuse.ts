/**
 * Refusals of an initialisation.
 *
 * @module
 */

import { OperationError, RejectedError } from "../../core/errors.ts";
import type { InitCode } from "./codes.ts";

/**
 * Refuses an initialisation.
 *
 * @param code Code.
 * @param reason What is wrong, after a colon.
 */
export function refuseInit(code: Exclude<InitCode, "init.lost">, reason: string): RejectedError {
  return new RejectedError(`Cannot initialise the cluster: ${reason}`, { code });
}

/** Says that the keys of an initialised cluster are gone. */
export function keysLost(): OperationError {
  const reason = "it was initialised, and this node has no more its keys";
  const code: InitCode = "init.lost";
  return new OperationError(`Cannot initialise the cluster: ${reason}`, { code });
}

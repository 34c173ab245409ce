/**
 * Refusals with codes of event logs.
 *
 * @module
 */

import type { CasemateError } from "../../../core/errors.ts";
import { refusal } from "../../../core/refusal.ts";
import type { LogsCode } from "../codes.ts";

/**
 * A refusal of a log as a whole, or before its first event.
 *
 * @param code Its code.
 * @param reason What is wrong.
 */
export function refuseLog(code: LogsCode, reason: string): CasemateError {
  return refusal(code, { reason });
}

/**
 * A refusal of an event.
 *
 * @param code Its code.
 * @param event Number of the event.
 * @param reason What is wrong.
 */
export function refuseEvent(code: LogsCode, event: number, reason: string): CasemateError {
  return refusal(code, { event: `${event}`, reason });
}

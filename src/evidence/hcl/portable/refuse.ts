/**
 * Refusals with codes of HCL reports.
 *
 * @module
 */

import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import { refusal } from "../../../core/refusal.ts";
import type { HclCode } from "../codes.ts";

/**
 * A refusal.
 *
 * @param code Its code.
 * @param reason Why, for a person.
 * @param more What else explains it.
 */
export function refuseHcl(code: HclCode, reason: string, more: ErrorFields = {}): CasemateError {
  return refusal(code, { ...more, reason });
}

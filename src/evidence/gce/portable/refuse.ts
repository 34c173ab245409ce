/**
 * Refusals with codes of Google Compute Engine.
 *
 * @module
 */

import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import { refusal } from "../../../core/refusal.ts";
import type { GceCode } from "../codes.ts";

/**
 * A refusal.
 *
 * @param code Its code.
 * @param fields What explains it.
 */
export function refuseGce(code: GceCode, fields: ErrorFields = {}): CasemateError {
  return refusal(code, fields);
}

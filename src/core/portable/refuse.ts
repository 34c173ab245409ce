/**
 * Refusals with codes of `src/core`; those of a technology are its own.
 *
 * @module
 */

import type { CoreCode } from "../codes.ts";
import type { CasemateError, ErrorFields } from "../errors.ts";
import { refusal } from "../refusal.ts";

/**
 * A refusal.
 *
 * @param code Its code.
 * @param fields What explains it.
 */
export function refuseCore(code: CoreCode, fields: ErrorFields): CasemateError {
  return refusal(code, fields);
}

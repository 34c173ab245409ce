/**
 * Refusals with codes of SEV-SNP.
 *
 * @module
 */

import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import { refusal } from "../../../core/refusal.ts";
import type { SnpCode } from "../codes.ts";

/**
 * A refusal.
 *
 * @param code Its code.
 * @param fields What explains it.
 */
export function refuseSnp(code: SnpCode, fields: ErrorFields = {}): CasemateError {
  return refusal(code, fields);
}

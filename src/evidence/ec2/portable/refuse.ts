/**
 * Refusals with codes of EC2.
 *
 * @module
 */

import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import { refusal } from "../../../core/refusal.ts";
import type { Ec2Code } from "../codes.ts";

/**
 * A refusal.
 *
 * @param code Its code.
 * @param fields What explains it.
 */
export function refuseEc2(code: Ec2Code, fields: ErrorFields): CasemateError {
  return refusal(code, fields);
}

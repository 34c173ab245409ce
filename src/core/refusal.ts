/**
 * Refusals of the engines as errors that a caller can act on.
 *
 * @module
 */

import { CORE_CODES } from "./codes.ts";
import { type CasemateError, type ErrorFields, InputError, RejectedError } from "./errors.ts";

/**
 * What an engine refused, as an error of the class that its code belongs to.
 *
 * @param code Stable code, as `snp.signature_mismatch`.
 * @param fields What explains it, as text by name.
 */
export function refusal(code: string, fields: ErrorFields): CasemateError {
  const core = Object.entries(CORE_CODES).find(([known]) => known === code)?.[1];
  const message = `${core?.says ?? "Cannot accept the evidence"}${explain(fields)}`;
  if (code.startsWith("input.")) return new InputError(message, { code, fields });
  return new RejectedError(message, { code, fields });
}

/** Fields as the tail of a sentence: `: expected 1184 bytes, actual 1183 bytes`. */
function explain(fields: ErrorFields): string {
  const parts = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

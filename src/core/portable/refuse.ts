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

/**
 * Refuses a part of an operation for its size alone.
 *
 * @param part The part.
 * @param input Its name for a person.
 * @param limit Largest size, bytes.
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export function checkSize(part: Uint8Array, input: string, limit: number): void {
  if (part.length === 0) throw refuseCore("input.empty", { input });
  if (part.length <= limit) return;
  const sizes = { limit: `${limit} bytes`, actual: `${part.length} bytes` };
  throw refuseCore("input.too_large", { input, ...sizes });
}

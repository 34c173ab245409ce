/**
 * Refusals with codes of TPMs.
 *
 * @module
 */

import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import type { RootFault } from "../../../core/portable/anchors.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";
import { refusal } from "../../../core/refusal.ts";
import type { TpmCode } from "../codes.ts";

/**
 * A refusal.
 *
 * @param code Its code.
 * @param fields What explains it.
 */
export function refuseTpm(code: TpmCode, fields: ErrorFields = {}): CasemateError {
  return refusal(code, fields);
}

/** A certificate that has a pinned root's key and is another is no root either. */
const ROOT_CODES = {
  "unknown": "tpm.root_unknown",
  "mismatch": "tpm.root_unknown",
  "lab-on-vendor-path": "tpm.lab_root",
  "lab-extension-missing": "tpm.lab_extension_missing",
} as const satisfies Record<RootFault, TpmCode>;

/**
 * A refusal of a root, or of a certificate that is not marked like its root.
 *
 * @param fault What is wrong.
 * @param fields What explains it.
 */
export function refuseRoot(fault: RootFault, fields: ErrorFields): CasemateError {
  return refuseTpm(ROOT_CODES[fault], fields);
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

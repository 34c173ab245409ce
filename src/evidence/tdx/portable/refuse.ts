/**
 * Refusals with codes of TDX.
 *
 * @module
 */

import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import type { RootFault } from "../../../core/portable/anchors.ts";
import { refusal } from "../../../core/refusal.ts";
import type { TdxCode } from "../codes.ts";

/**
 * A refusal.
 *
 * @param code Its code.
 * @param fields What explains it.
 */
export function refuseTdx(code: TdxCode, fields: ErrorFields = {}): CasemateError {
  return refusal(code, fields);
}

const ROOT_CODES = {
  "unknown": "tdx.root_unknown",
  "mismatch": "tdx.root_mismatch",
  "lab-on-vendor-path": "tdx.lab_on_vendor_path",
  "lab-extension-missing": "tdx.lab_extension_missing",
} as const satisfies Record<RootFault, TdxCode>;

/**
 * A refusal of a root, or of a certificate that is not marked like its root.
 *
 * @param fault What is wrong.
 * @param fields What explains it.
 */
export function refuseRoot(fault: RootFault, fields: ErrorFields): CasemateError {
  return refuseTdx(ROOT_CODES[fault], fields);
}

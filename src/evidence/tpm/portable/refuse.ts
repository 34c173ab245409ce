/**
 * Refusals with codes of TPMs.
 *
 * @module
 */

import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import type { RootFault } from "../../../core/portable/anchors.ts";
import type { TimeFault } from "../../../core/portable/validity.ts";
import { refusal } from "../../../core/refusal.ts";
import type { TpmCode } from "../codes.ts";

export { checkSize } from "../../../core/portable/refuse.ts";

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

const TIME_CODES = {
  "certificate-early": "tpm.certificate_not_yet_valid",
  "certificate-late": "tpm.certificate_expired",
  "list-early": "tpm.crl_not_yet_valid",
  "list-late": "tpm.crl_expired",
} as const satisfies Record<TimeFault, TpmCode>;

/**
 * A refusal of a certificate or list that is not in force.
 *
 * @param fault What is wrong.
 * @param fields What explains it.
 */
export function refuseTime(fault: TimeFault, fields: ErrorFields): CasemateError {
  return refuseTpm(TIME_CODES[fault], fields);
}

/**
 * Refusals with codes of Nitro.
 *
 * @module
 */

import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import type { RootFault } from "../../../core/portable/anchors.ts";
import type { ListFault } from "../../../core/portable/revocation.ts";
import type { TimeFault } from "../../../core/portable/validity.ts";
import { refusal } from "../../../core/refusal.ts";
import type { NitroCode } from "../codes.ts";

/**
 * A refusal.
 *
 * @param code Its code.
 * @param fields What explains it.
 */
export function refuseNitro(code: NitroCode, fields: ErrorFields = {}): CasemateError {
  return refusal(code, fields);
}

/** A certificate that has a pinned root's key and is another is no root either. */
const ROOT_CODES = {
  "unknown": "nitro.root_unknown",
  "mismatch": "nitro.root_unknown",
  "lab-on-vendor-path": "nitro.lab_root",
  "lab-extension-missing": "nitro.lab_extension_missing",
} as const satisfies Record<RootFault, NitroCode>;

/**
 * A refusal of a root, or of a certificate that is not marked like its root.
 *
 * @param fault What is wrong.
 * @param fields What explains it.
 */
export function refuseRoot(fault: RootFault, fields: ErrorFields): CasemateError {
  return refuseNitro(ROOT_CODES[fault], fields);
}

const LIST_CODES = {
  issuer: "nitro.crl_issuer",
  signature: "nitro.crl_signature",
  shape: "nitro.crl_shape",
  revoked: "nitro.revoked",
} as const satisfies Record<ListFault, NitroCode>;

/**
 * A refusal of a revocation list, or of what it revokes.
 *
 * @param fault What is wrong.
 * @param fields What explains it.
 */
export function refuseList(fault: ListFault, fields: ErrorFields): CasemateError {
  return refuseNitro(LIST_CODES[fault], fields);
}

const TIME_CODES = {
  "certificate-early": "nitro.certificate_not_yet_valid",
  "certificate-late": "nitro.certificate_expired",
  "list-early": "nitro.crl_not_yet_valid",
  "list-late": "nitro.crl_expired",
} as const satisfies Record<TimeFault, NitroCode>;

/**
 * A refusal of a certificate or list that is not in force.
 *
 * @param fault What is wrong.
 * @param fields What explains it.
 */
export function refuseTime(fault: TimeFault, fields: ErrorFields): CasemateError {
  return refuseNitro(TIME_CODES[fault], fields);
}

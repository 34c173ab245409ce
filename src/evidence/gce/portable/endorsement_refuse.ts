/**
 * Refusals of launch endorsements.
 *
 * @module
 */

import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import type { RootFault } from "../../../core/portable/anchors.ts";
import type { TimeFault } from "../../../core/portable/validity.ts";
import type { GceCode } from "../codes.ts";
import { refuseGce } from "./refuse.ts";

/** A certificate that has a pinned root's key and is another is no root either. */
const ROOT_CODES = {
  "unknown": "gce.endorsement_root",
  "mismatch": "gce.endorsement_root",
  "lab-on-vendor-path": "gce.lab_root",
  "lab-extension-missing": "gce.lab_extension_missing",
} as const satisfies Record<RootFault, GceCode>;

/**
 * A refusal of a root, or of a certificate that is not marked like its root.
 *
 * @param fault What is wrong.
 * @param fields What explains it.
 */
export function refuseRoot(fault: RootFault, fields: ErrorFields): CasemateError {
  return refuseGce(ROOT_CODES[fault], fields);
}

/** No lists are taken, so none are refused. */
const TIME_CODES = {
  "certificate-early": "gce.endorsement_not_yet_valid",
  "certificate-late": "gce.endorsement_expired",
  "list-early": "gce.endorsement_not_yet_valid",
  "list-late": "gce.endorsement_expired",
} as const satisfies Record<TimeFault, GceCode>;

/**
 * A refusal of a certificate that is not in force.
 *
 * @param fault What is wrong.
 * @param fields What explains it.
 */
export function refuseTime(fault: TimeFault, fields: ErrorFields): CasemateError {
  return refuseGce(TIME_CODES[fault], fields);
}

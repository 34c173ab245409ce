/**
 * Endorsements of firmware as files.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { FileInput } from "../evidence.ts";
import type { FileTaker } from "../files.ts";

/** What verification of an endorsement takes. */
export interface EndorsementFiles {
  /** Endorsement of the firmware, VMLaunchEndorsement. */
  readonly firmwareEndorsement?: Uint8Array;
  /** Roots of endorsements that the operator believes, PEM or DER. */
  readonly firmwareEndorsementRoots?: readonly Uint8Array[];
}

/** Most files with roots. */
const MAX_ROOTS = 4;

/** What the flags say. */
export const ENDORSEMENT_FILES: readonly FileInput[] = [
  {
    role: "firmwareEndorsement",
    flag: "firmware-endorsement",
    required: false,
    multiple: false,
    says: "endorsement of the firmware by Google, VMLaunchEndorsement",
  },
  {
    role: "firmwareEndorsementRoots",
    flag: "firmware-endorsement-root",
    required: false,
    multiple: true,
    says: "root of endorsements that you believe, PEM or DER; none is built in",
    believed: true,
  },
];

/**
 * Reads the files by role.
 *
 * @param taker The files.
 * @throws {InputError} `input.missing` for a root beside no endorsement, which nothing would look at; `input.value`
 */
export function endorsementFiles(taker: FileTaker): EndorsementFiles {
  const firmwareEndorsement = taker.maybe("firmwareEndorsement");
  const firmwareEndorsementRoots = taker.several("firmwareEndorsementRoots", MAX_ROOTS);
  if (firmwareEndorsement !== undefined) return { firmwareEndorsement, firmwareEndorsementRoots };
  if (firmwareEndorsementRoots.length === 0) return {};
  const missing = "firmwareEndorsement";
  throw new InputError(
    "Cannot use firmware-endorsement-root without firmware-endorsement: there is nothing to judge by it",
    { code: "input.missing", fields: { role: missing, missing } },
  );
}

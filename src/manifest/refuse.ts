/**
 * How chains of manifests are refused.
 *
 * @module
 */

import { type ErrorFields, RejectedError } from "../core/errors.ts";
import { MANIFEST_CODES, type ManifestCode } from "./codes.ts";

/**
 * The refusal of a chain.
 *
 * @param code Code of class `rejected`.
 * @param reason What was found, to stand behind what the code says.
 * @param fields What explains it.
 * @param cause What caused it.
 */
export function refuseManifest(
  code: ManifestCode,
  reason: string,
  fields?: ErrorFields,
  cause?: unknown,
): RejectedError {
  return new RejectedError(`${MANIFEST_CODES[code].says}: ${reason}`, {
    code,
    ...(fields === undefined ? {} : { fields }),
    cause,
  });
}

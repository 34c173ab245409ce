/**
 * Two manifests of one number.
 *
 * @module
 */

import { RejectedError } from "../../core/errors.ts";
import type { ManifestCode } from "../../manifest/codes.ts";

const FORK: ManifestCode = "manifest.fork";

/**
 * Refuses a manifest whose number the store has given to another.
 *
 * @param sequence The number.
 * @param expected SHA-256 of the store's, hex.
 * @param actual SHA-256 of the other, hex.
 */
export function refuseFork(sequence: number, expected: string, actual: string): RejectedError {
  const fields = { sequence: `${sequence}`, expected, actual };
  const reason = `manifest ${sequence} of the store is ${expected}, and this one is ${actual}`;
  return new RejectedError(`Cannot store the manifest: ${reason}`, { code: FORK, fields });
}

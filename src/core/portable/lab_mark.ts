/**
 * The mark of evidence that a lab made under its own root: a critical extension
 * with the value NULL, under the arc for examples (X.660). Vendor paths refuse
 * it, the lab path demands it, and no other verifier accepts it.
 *
 * @module
 */

import { toHex } from "../bytes.ts";
import type { Certificate } from "./certificate.ts";
import { findExtension } from "./extensions.ts";

/** Its identifier. */
export const LAB_MARK = "2.999.67.1";
const NULL = "0500";

/**
 * Whether a certificate carries the mark in any form, even a wrong one.
 *
 * @param certificate The certificate.
 */
export function isMarked({ extensions }: Certificate): boolean {
  return findExtension(extensions, LAB_MARK) !== undefined;
}

/**
 * Whether a certificate carries the mark as it must be.
 *
 * @param certificate The certificate.
 */
export function isRightlyMarked({ extensions }: Certificate): boolean {
  const mark = findExtension(extensions, LAB_MARK);
  return mark !== undefined && mark.critical && toHex(mark.value) === NULL;
}

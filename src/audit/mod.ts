/**
 * Audit bundles: all of a verification in one file, and verifying it again.
 *
 * @module
 */

export { type AuditBundle, type BundleOptions, writeBundle } from "./bundle.ts";
export { confirmBundle, type Confirmed, type Known } from "./confirm.ts";
export type { Difference } from "./first_difference.ts";
export { looksLikeBundle, readBundle } from "./read.ts";
export { wordOf } from "./word.ts";
export type { SignedValues, WrittenRequest } from "./written.ts";

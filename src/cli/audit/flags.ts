/**
 * Flags of `casemate audit`, by name without dashes.
 *
 * @module
 */

/** Digest of the policy that must have been applied. */
export const POLICY_DIGEST_FLAG = "policy-digest";

/** Where a report is written. */
export const OUT_FLAG = "out";

/**
 * Flags of `casemate audit`, by name without dashes.
 *
 * @module
 */

/** Digest of the policy that must have been applied. */
export const POLICY_DIGEST_FLAG = "policy-digest";

/** Key of the owner, who signs reference values. */
export const OWNER_KEY_FLAG = "owner-key";

/** Where a report is written. */
export const OUT_FLAG = "out";

/**
 * Flags that every technology's `verify` has, by name without dashes.
 *
 * @module
 */

/** Moment for which to judge. */
export const AT_FLAG = "at";

/** How much is examined. */
export const PROFILE_FLAG = "profile";

/** Which engine verifies. */
export const ENGINE_FLAG = "engine";

/** Form of the answer. */
export const OUTPUT_FLAG = "output";

/** Policy file. */
export const POLICY_FLAG = "policy";

/** Root of a lab, which implies `allowLab`. */
export const LAB_ROOT_FLAG = "lab-root";

/** Nonce that the evidence must answer. */
export const NONCE_FLAG = "nonce";

/** Report data that the evidence must hold. */
export const REPORT_DATA_FLAG = "report-data";

/** No question is asked. */
export const NO_FRESHNESS_FLAG = "no-freshness";

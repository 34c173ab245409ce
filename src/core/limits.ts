/**
 * Sizes beyond which input is refused before anything looks at it.
 *
 * @module
 */

/** Largest file read from disk or standard input, bytes. A TDX quote with collateral is below 100 KiB, an event log below 1 MiB. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Largest policy file, bytes. A policy that pins 500 chips takes 80 KiB. */
export const MAX_POLICY_BYTES = 256 * 1024;

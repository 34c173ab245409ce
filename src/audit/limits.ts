/**
 * How large a bundle may be.
 *
 * @module
 */

/** Largest bundle, bytes: an event log of 4 MiB, as large as any file may be, in base64 and what it claims; real ones have below 1 MiB. */
export const MAX_BUNDLE_BYTES = 32 * 1024 * 1024;

/**
 * Limits of the channel (protocol §5).
 *
 * @module
 */

/** Most bytes of a body, in either direction. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Most bytes of a manifest in its signed form: a few dozen groups and images. */
export const MAX_MANIFEST_BYTES = 128 * 1024;

/** Most manifests of a chain that one message carries: a change a day for a year. */
export const MAX_MANIFESTS = 400;

/**
 * Most bytes of all signed manifests of a chain: in base64url two thirds of a body, so that reference values and
 * members have room beside it. A chain that grew beyond could be told to no node, and none could join.
 */
export const MAX_CHAIN_BYTES = 512 * 1024;

/** Most documents of reference values beside a manifest: one for each variant, and as many of the release before. */
export const MAX_REFERENCES = 32;

/** Most bytes of a certificate. */
export const MAX_CERTIFICATE_BYTES = 16 * 1024;

/** Longest life of a connection and of the evidence behind it, seconds (§5.2). */
export const MAX_CONNECTION_SECONDS = 3600;

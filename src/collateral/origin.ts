/**
 * Where collateral comes from.
 *
 * @module
 */

/** Where something came from: the cache, the vendor, a bundle, or the address of a mirror. */
export type Origin = "cache" | "vendor" | "bundle" | `http${string}`;

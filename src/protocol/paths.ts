/**
 * Where an agent answers.
 *
 * @module
 */

/** Evidence for whoever asks; purpose `serve`. */
export const ATTEST_PATH = "/v1/attest";

/** The manifest chain and its reference values; each receiver verifies them. */
export const MANIFEST_PATH = "/v1/manifest";

/** What a node says of its state, for people; proves nothing. */
export const STATUS_PATH = "/v1/status";

/** Evidence for the owner who initialises the cluster; purpose `init`. */
export const INIT_ATTEST_PATH = "/v1/init/attest";

/** The owner's sealed initialisation. */
export const INIT_PATH = "/v1/init";

/** A node's sealed request to be admitted. */
export const JOIN_PATH = "/v1/join";

/** A member's sealed renewal of its lease. */
export const RENEW_PATH = "/v1/renew";

/** The owner's newer manifest, by its signature. */
export const MANIFEST_UPDATE_PATH = "/v1/manifest/update";

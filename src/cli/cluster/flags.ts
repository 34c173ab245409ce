/**
 * Flags of `casemate cluster`, by name without dashes.
 *
 * @module
 */

/** Addresses of agents. */
export const URL_FLAG = "url";

/** Id of the cluster. */
export const CLUSTER_ID_FLAG = "cluster-id";

/** Signed manifests. */
export const MANIFEST_FLAG = "manifest";

/** Signed reference values. */
export const REFERENCE_FLAG = "reference";

/** The owner's key. */
export const OWNER_FLAG = "owner";

/** The master secret. */
export const MASTER_FLAG = "master";

/** The epoch. */
export const EPOCH_FLAG = "epoch";

/** Access to the store. */
export const STORE_FLAG = "store";

/** What this machine remembers. */
export const STATE_FLAG = "state";

/** Roots of a lab. */
export const LAB_ROOT_FLAG = "lab-root";

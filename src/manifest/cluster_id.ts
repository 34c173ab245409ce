/**
 * The id of a cluster, which commits to its owner (protocol §2).
 *
 * @module
 */

import { fromHex, toHex } from "../core/bytes.ts";
import { labelledHash } from "../core/labelled_hash.ts";
import type { Manifest } from "../protocol/manifest.ts";

/** What a cluster is: real, or of a lab, which can never be promoted since its id has another label. */
export type ClusterKind = "cluster" | "lab-cluster";

/** The kinds. */
export const CLUSTER_KINDS: readonly ClusterKind[] = ["cluster", "lab-cluster"];

/** Random bytes of a cluster. */
export const RANDOM_BYTES = 32;

/**
 * SHA-256 H("casemate/cluster/v1" or "casemate/lab-cluster/v1", owner's key, random bytes).
 *
 * @param kind Kind of cluster.
 * @param owner The owner's key of manifest 1, SubjectPublicKeyInfo, DER.
 * @param random 32 bytes.
 * @returns 32 bytes, lowercase hex.
 */
export function clusterIdOf(kind: ClusterKind, owner: Uint8Array, random: Uint8Array): string {
  if (random.length !== RANDOM_BYTES) {
    throw new RangeError(`Cannot make a cluster's id of ${random.length} random bytes`);
  }
  return toHex(labelledHash("sha256", `casemate/${kind}/v1`, owner, random));
}

/**
 * What kind of cluster a manifest is for: one that names a lab's roots is a lab's.
 *
 * @param manifest The manifest.
 */
export function kindOf({ labRoots }: Pick<Manifest, "labRoots">): ClusterKind {
  return labRoots === null ? "cluster" : "lab-cluster";
}

/**
 * The id that a first manifest makes.
 *
 * @param manifest The manifest.
 */
export function clusterIdFrom(manifest: Pick<Manifest, "labRoots" | "owner" | "random">): string {
  return clusterIdOf(kindOf(manifest), fromHex(manifest.owner), fromHex(manifest.random));
}

/**
 * The manifest: what the owner wants the cluster to be, signed and numbered
 * (protocol §6). What follows from one is in `src/manifest/`.
 *
 * @module
 */

import type { Role } from "./join.ts";

/** DSSE payload type of a manifest. */
export const MANIFEST_TYPE = "application/vnd.casemate.manifest+json";

/** DSSE payload type of a ticket. */
export const TICKET_TYPE = "application/vnd.casemate.ticket+json";

/** Nodes of one kind. */
export interface NodeGroup {
  /** Id. */
  readonly name: string;
  /** What its nodes are. */
  readonly role: Role;
  /** Variant of their evidence. */
  readonly variant: string;
  /** Fewest nodes. */
  readonly min: number;
  /** Most nodes. */
  readonly max: number;
  /** Account at the provider that key certificate or identity document must name; empty where the variant has none. */
  readonly account: string;
}

/** An image that nodes of a variant run. */
export interface ManifestImage {
  /** Variant. */
  readonly variant: string;
  /** Version, as the release calls it. */
  readonly version: string;
  /** SHA-256 of the exact bytes of the document of reference values (DSSE payload), hex. */
  readonly reference: string;
}

/** A log witness (protocol §9). */
export interface Witness {
  /** Name, as in a checkpoint's signature. */
  readonly name: string;
  /** Ed25519 key, 32 bytes, hex. */
  readonly key: string;
}

/** Who may replace a lost owner key (protocol §6). */
export interface Custodians {
  /** How many must sign. */
  readonly threshold: number;
  /** P-384 keys, SubjectPublicKeyInfo, DER, hex. */
  readonly keys: readonly string[];
}

/** A class of encrypted storage. */
export interface StorageClass {
  /** Id. */
  readonly name: string;
  /** Provider's kind of disk, as it calls it. */
  readonly disk: string;
  /** File system. */
  readonly fileSystem: "ext4" | "xfs";
  /** Whether each sector is authenticated. */
  readonly integrity: boolean;
}

/** A manifest. Byte values are lowercase hex. */
export interface Manifest {
  /** Version of the form. */
  readonly v: 1;
  /** Id of the cluster (protocol §2). */
  readonly clusterId: string;
  /** Number in the chain, from 1. */
  readonly sequence: number;
  /** When it was signed. */
  readonly issued: string;
  /** Until when it counts. */
  readonly notAfter: string;
  /** SHA-256 of the exact bytes of the manifest before; empty in the first. */
  readonly previous: string;
  /** The owner's key, SubjectPublicKeyInfo, DER. */
  readonly owner: string;
  /** 32 random bytes; each manifest repeats those of the first. */
  readonly random: string;
  /** SHA-256 of the lab's roots (DER), of lab clusters alone; null of real ones. */
  readonly labRoots: readonly string[] | null;
  /** Images by variant; several of one variant while an upgrade is under way. */
  readonly images: readonly ManifestImage[];
  /** Verification policy of members: admitVariants, acceptRoots, minimum TCBs, in the form of a policy file. */
  readonly policy: Readonly<Record<string, unknown>>;
  /** Version of Kubernetes, as 1.34.2. */
  readonly kubernetes: string;
  /** Node groups. */
  readonly groups: readonly NodeGroup[];
  /** How nodes' traffic is encrypted. */
  readonly network: "wireguard-strict";
  /** Classes of storage. */
  readonly storageClasses: readonly StorageClass[];
  /** SHA-256 of the workload policy; empty without. */
  readonly workloadPolicy: string;
  /** Log witnesses. */
  readonly witnesses: readonly Witness[];
  /** Ed25519 key with which the owner cosigns log heads; empty without. */
  readonly cosigningKey: string;
  /** Who may replace the owner's key; null for nobody. */
  readonly custodians: Custodians | null;
}

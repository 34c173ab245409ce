/**
 * The cluster's keys (protocol §7): the owner's master secret gives one root for
 * each epoch, and that alone goes into the cluster, where each key follows from
 * it. The owner can compute every one of them again; a node nothing above its root.
 *
 * @module
 */

import { frame, fromHex, uint64 } from "../core/bytes.ts";
import { hkdfSha256 } from "../core/hkdf.ts";

/** Bytes of every secret above the keys themselves. */
export const ROOT_BYTES = 32;

/** What a key inside the cluster is for, and how many bytes it has: two keys of AES-XTS with its HMAC, or one. */
export const KEY_BYTES = { "disk": 64, "volume": 64, "s3": 32, "etcd": 32, "ssh-ca": 32 } as const;

/** What a key inside the cluster is for. */
export type KeyPurpose = keyof typeof KEY_BYTES;

/** What the owner keeps, and nobody else. */
export interface MasterSecret {
  /** Id of the cluster that it is of, hex. */
  readonly clusterId: string;
  /** M, 32 bytes. */
  readonly secret: Uint8Array;
  /** 32 bytes. */
  readonly salt: Uint8Array;
}

/** Which key. */
export interface KeyName {
  /** What for. */
  readonly purpose: KeyPurpose;
  /** Of what: a disk's or volume's UUID, a bucket's name; an id (protocol §1). */
  readonly id: string;
  /** Which one of those that followed each other, from 0. */
  readonly generation: number;
}

/** An id (protocol §1). */
const ID = /^[a-z0-9][a-z0-9.-]{0,62}$/;

/**
 * K_e: the root of an epoch's keys, the one secret that init sends.
 *
 * @param master The owner's master secret.
 * @param epoch Epoch, from 1; rotation is the next one.
 * @returns 32 bytes.
 * @throws {RangeError} where the epoch is none or something has not 32 bytes.
 */
export async function epochRoot(
  { clusterId, secret, salt }: MasterSecret,
  epoch: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Epoch 0 is what a field says that was left out.
  if (epoch === 0) throw new RangeError("Cannot derive the root of epoch 0: they begin with 1");
  requireSize("secret", secret);
  requireSize("salt", salt);
  const info = frame([text("casemate/cluster-root/v1"), idBytes(clusterId), uint64(epoch)]);
  return await hkdfSha256(secret, salt, info, ROOT_BYTES);
}

/**
 * A key inside the cluster.
 *
 * @param root K_e, 32 bytes.
 * @param name Which key.
 * @returns 64 bytes for `disk` and `volume`, 32 for the others.
 * @throws {RangeError} where the root has not 32 bytes, the id is none or the generation no whole number from 0.
 */
export async function clusterKey(
  root: Uint8Array,
  { purpose, id, generation }: KeyName,
): Promise<Uint8Array<ArrayBuffer>> {
  requireSize("root", root);
  if (!ID.test(id)) throw new RangeError(`Cannot derive a key of ${purpose}: its id is none`);
  const info = frame([text("casemate/key/v1"), text(purpose), text(id), uint64(generation)]);
  return await hkdfSha256(root, new Uint8Array(), info, KEY_BYTES[purpose]);
}

/** What a master secret is made of where an external key service holds one half. */
export interface KmsShares {
  /** Id of the cluster, hex. */
  readonly clusterId: string;
  /** What the key service gives, at least 32 bytes. */
  readonly kms: Uint8Array;
  /** What the owner keeps, at least 32 bytes: without it the service's operator could compute all keys. */
  readonly owner: Uint8Array;
  /** 32 bytes. */
  readonly salt: Uint8Array;
}

/**
 * The master secret that an external key service and the owner have together.
 *
 * @param shares The halves.
 * @throws {RangeError} where a half is too short, or the salt has not 32 bytes.
 */
export async function masterOfShares(shares: KmsShares): Promise<MasterSecret> {
  const { clusterId, kms, owner, salt } = shares;
  requireSize("salt", salt);
  if (kms.length < ROOT_BYTES || owner.length < ROOT_BYTES) {
    throw new RangeError("Cannot derive a master secret: a share has fewer than 32 bytes");
  }
  const info = frame([text("casemate/kms-root/v1"), idBytes(clusterId)]);
  return { clusterId, salt, secret: await hkdfSha256(frame([kms, owner]), salt, info, ROOT_BYTES) };
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Ids of clusters are raw bytes inside hashes (protocol §1). */
function idBytes(clusterId: string): Uint8Array {
  const bytes = fromHex(clusterId);
  requireSize("cluster id", bytes);
  return bytes;
}

/** Says the size alone: what has it may be a secret. */
function requireSize(name: string, bytes: Uint8Array): void {
  if (bytes.length === ROOT_BYTES) return;
  throw new RangeError(`Cannot derive a key: the ${name} has ${bytes.length} bytes, expected 32`);
}

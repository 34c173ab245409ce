/**
 * Writing manifests: the first of a cluster, the next of a chain, signatures.
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import { readDsse, signDsse, writeDsse } from "../core/dsse.ts";
import { InputError } from "../core/errors.ts";
import type { Random } from "../core/ports.ts";
import type { PublicKey, SigningKey } from "../core/signing_key.ts";
import { type Manifest, MANIFEST_TYPE } from "../protocol/manifest.ts";
import type { ManifestChain } from "./chain.ts";
import { clusterIdFrom, RANDOM_BYTES } from "./cluster_id.ts";
import { canonicalManifest, manifestIn, readManifest } from "./read.ts";

/** What the owner wants, apart from the place in a chain. */
export type ManifestIntent = Omit<
  Manifest,
  "v" | "clusterId" | "sequence" | "issued" | "notAfter" | "previous" | "owner" | "random"
>;

/** From when until when a manifest counts. */
export interface ManifestTimes {
  /** When it is signed. */
  readonly issued: Date;
  /** Its last moment. */
  readonly notAfter: Date;
}

/**
 * The first manifest of a new cluster.
 *
 * @param intent What the owner wants.
 * @param terms The owner's key, times, and randomness that makes the cluster's id.
 * @throws {InputError} `manifest.malformed` where the intent contradicts itself; `key.wrong_kind` for a key that is not of P-384.
 */
export function firstManifest(
  intent: ManifestIntent,
  { owner, random, issued, notAfter }: ManifestTimes & {
    readonly owner: PublicKey;
    readonly random: Random;
  },
): Manifest {
  requireOwnerKey(owner);
  const own = { owner: toHex(owner.spki), random: toHex(random.bytes(RANDOM_BYTES)) };
  const { labRoots } = intent;
  return checked({
    ...intent,
    ...own,
    v: 1,
    clusterId: clusterIdFrom({ ...own, labRoots }),
    sequence: 1,
    previous: "",
    issued: momentOf(issued),
    notAfter: momentOf(notAfter),
  });
}

/**
 * The manifest after the newest of a chain.
 *
 * @param intent What the owner wants now.
 * @param chain The chain.
 * @param terms Times; the new owner's key where that changes.
 * @throws {InputError} as {@linkcode firstManifest}
 */
export function nextManifest(
  intent: ManifestIntent,
  chain: ManifestChain,
  { issued, notAfter, owner = chain.owner }: ManifestTimes & { readonly owner?: PublicKey },
): Manifest {
  requireOwnerKey(owner);
  const { clusterId, random, sequence } = chain.newest;
  return checked({
    ...intent,
    v: 1,
    clusterId,
    random,
    owner: toHex(owner.spki),
    sequence: sequence + 1,
    previous: chain.newestDigest,
    issued: momentOf(issued),
    notAfter: momentOf(notAfter),
  });
}

/**
 * What the owner wants in a manifest, to be changed and put into the next one.
 *
 * @param manifest The manifest.
 */
export function intentOf(manifest: Manifest): ManifestIntent {
  const { v: _v, clusterId: _c, sequence: _s, previous: _p, ...rest } = manifest;
  const { issued: _i, notAfter: _n, owner: _o, random: _r, ...intent } = rest;
  return intent;
}

/**
 * Signs a manifest. Whether the keys are those that may, the chain says.
 *
 * @param manifest The manifest.
 * @param keys Keys of P-384, at least one: the owner's before, or custodians'.
 * @returns The signed file, DSSE.
 * @throws {InputError} `key.wrong_kind`, `manifest.malformed`
 */
export async function signManifest(
  manifest: Manifest,
  keys: readonly SigningKey[],
): Promise<Uint8Array<ArrayBuffer>> {
  for (const { publicKey } of keys) requireOwnerKey(publicKey);
  return await signDsse(MANIFEST_TYPE, canonicalManifest(checked(manifest)), keys);
}

/**
 * Adds signatures to a signed manifest, as each custodian does at a place of their own.
 *
 * @param file The signed manifest.
 * @param keys Keys that sign as well.
 * @param name What to call the file in errors.
 * @returns The file with the former signatures and these.
 * @throws {InputError} `manifest.*`, `dsse.malformed`, `key.wrong_kind`
 */
export async function cosignManifest(
  file: Uint8Array,
  keys: readonly SigningKey[],
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { manifest, envelope } = await readManifest(file, name);
  const added = readDsse(await signManifest(manifest, keys), name);
  const ids = added.signatures.map(({ keyid }) => keyid);
  const signatures = [
    ...envelope.signatures.filter(({ keyid }) => !ids.includes(keyid)),
    ...added.signatures,
  ];
  return writeDsse({ ...envelope, signatures });
}

/** Nobody should sign what no reader takes. */
function checked(manifest: Manifest): Manifest {
  return manifestIn(canonicalManifest(manifest), "to be signed");
}

function requireOwnerKey({ kind, id }: PublicKey): void {
  if (kind === "P-384") return;
  const message = `Cannot use key ${id} for a manifest: it is of ${kind}, expected P-384`;
  const fields = { expected: "P-384", actual: kind };
  throw new InputError(message, { code: "key.wrong_kind", fields });
}

/** To the second, as manifests write time. */
function momentOf(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/**
 * Owners, intents and chains for tests; keys are made once.
 *
 * @module
 */

import { toHex } from "../../src/core/bytes.ts";
import {
  generateSigningKey,
  type PublicKey,
  readSigningKey,
  type SigningKey,
} from "../../src/core/signing_key.ts";
import {
  firstManifest,
  type ManifestIntent,
  nextManifest,
  signManifest,
} from "../../src/manifest/create.ts";
import { ManifestChain } from "../../src/manifest/chain.ts";
import type { Manifest } from "../../src/protocol/manifest.ts";

/** The moment of these tests. */
export const NOW: Date = new Date("2026-11-21T12:00:00Z");

/** An hour, ms. */
export const HOUR = 3_600_000;

/** A day, ms. */
export const DAY: number = 24 * HOUR;

/** When manifests of these tests count. */
export const TIMES = { issued: NOW, notAfter: new Date(NOW.getTime() + 90 * DAY) } as const;

/** A key of P-384. */
export async function makeKey(): Promise<SigningKey> {
  return await readSigningKey((await generateSigningKey("P-384")).pkcs8);
}

/** The owner. */
export const OWNER: SigningKey = await makeKey();

/** Somebody else. */
export const OTHER: SigningKey = await makeKey();

/** Three custodians. */
export const CUSTODIANS: readonly [SigningKey, SigningKey, SigningKey] = [
  await makeKey(),
  await makeKey(),
  await makeKey(),
];

/** A key as manifests write it. */
export function hexOf({ spki }: PublicKey): string {
  return toHex(spki);
}

/** Any digest. */
export const DIGEST = "5e".repeat(32);

/** What an owner wants: one control plane, some workers, on Google's SEV-SNP. */
export const INTENT: ManifestIntent = {
  labRoots: null,
  images: [{ variant: "gcp-sev-snp", version: "1.4.0", reference: DIGEST }],
  policy: {
    version: 1,
    acceptRoots: ["amd", "provider"],
    admitVariants: ["gcp-sev-snp"],
  },
  kubernetes: "1.34.2",
  groups: [
    {
      name: "control-plane",
      role: "control-plane",
      variant: "gcp-sev-snp",
      min: 1,
      max: 3,
      account: "my-project",
    },
    {
      name: "worker",
      role: "worker",
      variant: "gcp-sev-snp",
      min: 0,
      max: 5,
      account: "my-project",
    },
  ],
  network: "wireguard-strict",
  storageClasses: [],
  workloadPolicy: "",
  witnesses: [],
  cosigningKey: "",
  custodians: null,
};

/** The same with custodians, two of three. */
export const WITH_CUSTODIANS: ManifestIntent = {
  ...INTENT,
  custodians: { threshold: 2, keys: CUSTODIANS.map(({ publicKey }) => hexOf(publicKey)) },
};

/** Randomness that is none. */
export const RANDOM = {
  bytes: (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(0x7a),
};

/** The first manifest, not signed. */
export function first(intent: ManifestIntent = INTENT, owner: SigningKey = OWNER): Manifest {
  return firstManifest(intent, { owner: owner.publicKey, random: RANDOM, ...TIMES });
}

/** A chain of some manifests, the owner's all. */
export interface Made {
  /** Id of the cluster. */
  readonly clusterId: string;
  /** Signed files, oldest first. */
  readonly files: readonly Uint8Array[];
  /** The chain. */
  readonly chain: ManifestChain;
}

/**
 * Makes a chain whose manifests differ in nothing but their times.
 *
 * @param length How many.
 * @param intent What the owner wants.
 */
export async function made(length: number, intent: ManifestIntent = INTENT): Promise<Made> {
  const one = first(intent);
  const { clusterId } = one;
  const files = [await signManifest(one, [OWNER])];
  let chain = await ManifestChain.verify(files, clusterId, { now: NOW });
  while (chain.sequence < length) {
    const next = await signManifest(nextManifest(intent, chain, TIMES), [OWNER]);
    files.push(next);
    chain = await chain.extend([next], { now: NOW });
  }
  return { clusterId, files, chain };
}

/**
 * The manifest after the newest, changed and signed.
 *
 * @param chain The chain.
 * @param change What differs from what the chain says.
 * @param keys Who signs; default the owner.
 */
export async function nextOf(
  chain: ManifestChain,
  change: Partial<Manifest> = {},
  keys: readonly SigningKey[] = [OWNER],
): Promise<Uint8Array> {
  const { v: _, ...intent } = chain.newest;
  return await signManifest({ ...nextManifest(intent, chain, TIMES), ...change }, keys);
}

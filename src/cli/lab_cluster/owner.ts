/**
 * The owner of a lab's cluster: key, reference values, first manifest, master secret.
 *
 * @module
 */

import {
  generateSigningKey,
  keyPem,
  readSigningKey,
  type SigningKey,
} from "../../core/signing_key.ts";
import type { MasterSecret } from "../../keys/derive.ts";
import { newMasterSecret, readMasterSecret, writeMasterSecret } from "../../keys/master_secret.ts";
import { addDays } from "../../lab/dates.ts";
import { labImageRegisters } from "../../lab/machine/mod.ts";
import { labReference } from "../../lab/variants/reference.ts";
import {
  clusterIdOf,
  firstManifest,
  type ManifestIntent,
  readManifest,
  referenceDigest,
  signManifest,
} from "../../manifest/mod.ts";
import { signReference } from "../../policy/reference/authority.ts";
import { plainCopy } from "../../policy/reference/plain_copy.ts";
import { LAB_PROJECT } from "./machine.ts";
import { bytesOf, ensureFile } from "./files.ts";
import type { LabWork } from "./work.ts";

/** Variant of all machines of a lab. */
export const LAB_VARIANT = "gcp-sev-snp";

/** Days that the manifest counts. */
const DAYS = 30;

/** Random bytes of a cluster (protocol §2). */
const RANDOM_BYTES = 32;

/** Most nodes of a group. */
const MAX_NODES = 250;

/** Version of Kubernetes that the manifest names; a lab cluster of today runs none. */
const KUBERNETES = "1.34.2";

/** What the owner has. */
export interface LabOwner {
  /** The key. */
  readonly key: SigningKey;
  /** The manifest, signed. */
  readonly manifest: Uint8Array;
  /** The reference values that it names, signed. */
  readonly reference: Uint8Array;
  /** Id of the cluster, hex. */
  readonly clusterId: string;
  /** What the cluster's keys are derived from. */
  readonly master: MasterSecret;
}

/**
 * What the owner has, made where it is not there.
 *
 * @param work The lab.
 * @param labRoots SHA-256 of the lab's roots, hex.
 */
export async function ensureOwner(work: LabWork, labRoots: readonly string[]): Promise<LabOwner> {
  const { host: { clock, random }, paths, record } = work;
  const key = await ensureKey(work);
  const now = clock.now();
  const reference = await ensureFile(work.lab, paths.reference, async () => {
    const section = { vtpm: { registers: await labImageRegisters() } };
    return await signReference(plainCopy(labReference(LAB_VARIANT, section, now)), [key]);
  });
  const manifest = await ensureFile(work.lab, paths.manifest, async () => {
    const own = random.bytes(RANDOM_BYTES);
    const intent = intentFor({
      labRoots,
      reference: referenceDigest(reference, paths.reference),
      clusterId: clusterIdOf("lab-cluster", key.publicKey.spki, own),
    });
    const times = { issued: now, notAfter: addDays(now, DAYS) };
    const made = { ...times, owner: key.publicKey, random: { bytes: () => own } };
    return await signManifest(firstManifest(intent, made), [key]);
  });
  const { clusterId } = (await readManifest(manifest, paths.manifest)).manifest;
  const kept = await ensureFile(
    work.lab,
    paths.masterSecret,
    () => Promise.resolve(writeMasterSecret(newMasterSecret(clusterId, random))),
  );
  await record.change((state) => ({ ...state, clusterId }));
  return { key, manifest, reference, clusterId, master: readMasterSecret(kept, clusterId) };
}

async function ensureKey(work: LabWork): Promise<SigningKey> {
  await work.lab.folders.make(work.paths.ownerState);
  const file = await ensureFile(work.lab, work.paths.ownerKey, async () => {
    const { pkcs8 } = await generateSigningKey("P-384");
    return bytesOf(keyPem("PRIVATE KEY", pkcs8));
  });
  return await readSigningKey(file);
}

/** Google launches its guests itself; the lab's are launched for their cluster, and have to show it. */
function intentFor(
  { labRoots, reference, clusterId }: {
    readonly labRoots: readonly string[];
    readonly reference: string;
    readonly clusterId: string;
  },
): ManifestIntent {
  const group = (name: "control-plane" | "worker", min: number) => ({
    name,
    role: name,
    variant: LAB_VARIANT,
    min,
    max: MAX_NODES,
    account: LAB_PROJECT,
  });
  return {
    labRoots,
    images: [{ variant: LAB_VARIANT, version: "lab", reference }],
    policy: {
      version: 1,
      admitVariants: [LAB_VARIANT],
      [LAB_VARIANT]: { tee: { hostData: [clusterId] } },
    },
    kubernetes: KUBERNETES,
    groups: [group("control-plane", 1), group("worker", 0)],
    network: "wireguard-strict",
    storageClasses: [],
    workloadPolicy: "",
    witnesses: [],
    cosigningKey: "",
    custodians: null,
  };
}

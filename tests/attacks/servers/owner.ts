/**
 * Owners of clusters, and what they signed: the one whose cluster is attacked,
 * and others who would like to have it.
 *
 * @module
 */

import { toHex } from "../../../src/core/bytes.ts";
import { plainHash } from "../../../src/core/labelled_hash.ts";
import {
  generateSigningKey,
  keyPem,
  readSigningKey,
  type SigningKey,
} from "../../../src/core/signing_key.ts";
import { newMasterSecret, writeMasterSecret } from "../../../src/keys/master_secret.ts";
import { addDays } from "../../../src/lab/dates.ts";
import { labImageRegisters } from "../../../src/lab/machine/mod.ts";
import { LAB_INSTANCE } from "../../../src/lab/mod.ts";
import { labReference } from "../../../src/lab/variants/reference.ts";
import {
  clusterIdOf,
  firstManifest,
  intentOf,
  ManifestChain,
  type ManifestIntent,
  nextManifest,
  referenceDigest,
  signManifest,
} from "../../../src/manifest/mod.ts";
import { signReference } from "../../../src/policy/reference/authority.ts";
import { plainCopy } from "../../../src/policy/reference/plain_copy.ts";
import type { Maker } from "../../second_client/machine.ts";

/** Chance. */
export const RANDOM = {
  bytes: (length: number): Uint8Array<ArrayBuffer> =>
    crypto.getRandomValues(new Uint8Array(length)),
};

/** What all machines are. */
export const VARIANT = "gcp-sev-snp";

/** An owner. */
export interface Owner {
  /** The key. */
  readonly key: SigningKey;
  /** The same, PEM. */
  readonly pem: string;
  /** Id of the cluster, hex. */
  readonly clusterId: string;
  /** The chain, signed. */
  readonly chain: ManifestChain;
  /** Signed reference values. */
  readonly references: readonly Uint8Array[];
  /** File of the master secret. */
  readonly master: Uint8Array;
}

/** How long manifests count, days: less long than reference values and papers do. */
const DAYS = 10;

/**
 * An owner with a first manifest, who admits machines of a maker.
 *
 * @param maker Who makes the machines.
 */
export async function makeOwner(maker: Maker): Promise<Owner> {
  const { pkcs8 } = await generateSigningKey("P-384");
  const key = await readSigningKey(pkcs8);
  const own = RANDOM.bytes(32);
  const clusterId = clusterIdOf("lab-cluster", key.publicKey.spki, own);
  const section = { vtpm: { registers: await labImageRegisters() } };
  const reference = await signReference(
    plainCopy(labReference(VARIANT, section, maker.now)),
    [key],
  );
  const intent = intentFor(maker, clusterId, referenceDigest(reference, "reference"));
  const issued = new Date();
  const times = { issued, notAfter: addDays(issued, DAYS) };
  const made = { ...times, owner: key.publicKey, random: { bytes: () => own } };
  const manifest = await signManifest(firstManifest(intent, made), [key]);
  const chain = await ManifestChain.verify([manifest], clusterId, { now: issued });
  return {
    ...{ key, pem: keyPem("PRIVATE KEY", pkcs8), clusterId, chain, references: [reference] },
    master: writeMasterSecret(newMasterSecret(clusterId, RANDOM)),
  };
}

function intentFor(
  { amd, google }: Maker,
  clusterId: string,
  reference: string,
): ManifestIntent {
  const group = (name: "control-plane" | "worker") => ({
    ...{ name, role: name, variant: VARIANT, min: name === "worker" ? 0 : 1, max: 200 },
    account: LAB_INSTANCE.projectId,
  });
  return {
    labRoots: [amd.ARK.certificate, google.root.certificate]
      .map((root) => toHex(plainHash("sha256", root))),
    images: [{ variant: VARIANT, version: "lab", reference }],
    policy: {
      version: 1,
      admitVariants: [VARIANT],
      [VARIANT]: { tee: { hostData: [clusterId] } },
    },
    kubernetes: "1.34.2",
    groups: [group("control-plane"), group("worker")],
    ...{ network: "wireguard-strict", storageClasses: [], workloadPolicy: "" },
    ...{ witnesses: [], cosigningKey: "", custodians: null },
  };
}

/**
 * The chain with a further manifest.
 *
 * @param owner Whose chain it is.
 * @param kubernetes What changes.
 * @param by Who signs it.
 */
export async function goneOn(
  owner: Owner,
  kubernetes: string,
  by: SigningKey = owner.key,
): Promise<readonly Uint8Array[]> {
  const { newest } = owner.chain;
  const issued = new Date(newest.issued);
  const times = { issued, notAfter: new Date(newest.notAfter) };
  const intent = { ...intentOf(newest), kubernetes };
  const next = await signManifest(nextManifest(intent, owner.chain, times), [by]);
  return [...owner.chain.bytes, next];
}

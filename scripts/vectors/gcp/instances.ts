/**
 * Evidence of another instance than the owner's, of no instance, and of a key in
 * software: each is signed and bound as if it were right.
 *
 * @module
 */

import {
  createTpmAuthority,
  GCE_INSTANCE_OID,
  type GceVtpmOptions,
  generateLabKey,
  LAB_INSTANCE,
  type LabInstance,
  type MintedVtpm,
  mintGcpSevEs,
  replaceExtension,
  type TpmAuthority,
} from "../../../src/lab/mod.ts";
import { joining } from "../azure/question.ts";
import type { MintedCase } from "../source.ts";

/** What the policies of all cases pin of the instance. */
export const PINNED = {
  project: LAB_INSTANCE.projectId,
  zones: [LAB_INSTANCE.zone],
  instances: [LAB_INSTANCE.instanceName],
} as const;

/** Evidence with one thing wrong. */
export interface BentVtpm extends Pick<MintedCase, "name" | "says" | "code" | "absent"> {
  /** The evidence. */
  readonly evidence: MintedVtpm;
  /** Roles of the files that the bend is in, and `statement`. */
  readonly files: readonly string[];
}

/** Another instance. */
interface Foreign {
  readonly name: string;
  readonly says: string;
  readonly code: string;
  readonly instance: LabInstance | null;
}

/** Instances of others; all but the certificate can stay as it is, since the provider certified the key. */
export const FOREIGN: readonly Foreign[] = [
  {
    name: "bent-foreign-project",
    says: "The instance is of somebody else's project",
    code: "gce.project_mismatch",
    instance: { ...LAB_INSTANCE, projectId: "somebody-else", projectNumber: 666n },
  },
  {
    name: "bent-foreign-zone",
    says: "The instance is in another zone",
    code: "gce.zone_mismatch",
    instance: { ...LAB_INSTANCE, zone: "us-central1-a" },
  },
  {
    name: "bent-other-instance",
    says: "It is another instance of the same project",
    code: "gce.instance_mismatch",
    instance: { ...LAB_INSTANCE, instanceName: "worker-7", instanceId: 7n },
  },
  {
    name: "bent-test-environment",
    says: "The instance is of a test environment of the provider",
    code: "gce.not_production",
    instance: { ...LAB_INSTANCE, production: false },
  },
  {
    name: "bent-no-instance",
    says: "The key's certificate names no instance",
    code: "gce.instance_missing",
    instance: null,
  },
];

/** What another boot or question changes. */
const QUOTE = ["tpmQuoteMsg", "tpmQuoteSig"] as const;

/**
 * What is bent.
 *
 * @param authority Who certifies keys.
 * @param minted The evidence that is right.
 * @param options What that was minted by.
 */
export async function bentInstances(
  authority: TpmAuthority,
  minted: MintedVtpm,
  options: GceVtpmOptions,
): Promise<readonly BentVtpm[]> {
  const again = (other: Partial<GceVtpmOptions>): Promise<MintedVtpm> =>
    mintGcpSevEs(authority, {
      ...options,
      ...other,
      tpm: { keys: minted.quotes[0].keys, ...options.tpm, ...other.tpm },
    });
  const foreign = FOREIGN.map(async ({ instance, ...one }): Promise<BentVtpm> => ({
    ...one,
    evidence: await again({ instance }),
    files: ["akCert"],
  }));
  return [
    ...await Promise.all(foreign),
    await malformed(again),
    ...await ofQuestion(again),
    ...await ofKey(authority, minted, options),
  ];
}

type Again = (other: Partial<GceVtpmOptions>) => Promise<MintedVtpm>;

async function malformed(again: Again): Promise<BentVtpm> {
  const value = new TextEncoder().encode("no instance");
  const extension = { oid: GCE_INSTANCE_OID, critical: false, value };
  return {
    name: "bent-instance-malformed",
    says: "What the certificate says of the instance cannot be read",
    code: "gce.instance_malformed",
    evidence: await again({
      bends: {
        ak: (ak) => ({ ...ak, extensions: replaceExtension(ak.extensions, extension) }),
      },
    }),
    files: ["akCert"],
  };
}

async function ofQuestion(again: Again): Promise<readonly BentVtpm[]> {
  return [
    {
      name: "bent-variant",
      says: "The statement speaks of a confidential VM, the evidence does not",
      code: "statement.variant_mismatch",
      evidence: await again({ statement: joining("gcp-sev-snp") }),
      files: [...QUOTE, "statement"],
    },
    {
      name: "bent-beside",
      says: "The quote was made beside a report, which was taken away",
      code: "tpm.qualifying_data_mismatch",
      evidence: await again({ beside: new Uint8Array(1184) }),
      files: QUOTE,
    },
    {
      name: "bent-phase",
      says: "PCR 15 has not come as far as the statement says",
      code: "statement.phase_mismatch",
      evidence: await again({ phase: { phase: "zero", clusterId: "" } }),
      files: [...QUOTE, "pcrs"],
    },
  ];
}

/** A program that quotes what it likes, with a key of its own. */
async function ofKey(
  authority: TpmAuthority,
  minted: MintedVtpm,
  options: GceVtpmOptions,
): Promise<readonly BentVtpm[]> {
  const ak = await generateLabKey("P-256");
  const tpm = { ...options.tpm, keys: { ...minted.quotes[0].keys, ak } };
  const software = await mintGcpSevEs(authority, { ...options, tpm });
  const other = await createTpmAuthority({ now: options.now });
  const own = await mintGcpSevEs(other, { ...options, tpm });
  const certificate = ["akCert", "akCertIssuers", "akCertCrls"] as const;
  return [
    {
      name: "bent-software-uncertified",
      says: "A key in software quotes, and has no certificate",
      code: "gce.instance_missing",
      evidence: software,
      files: [...QUOTE, "akPub"],
      absent: certificate,
    },
    {
      name: "bent-software-other-certificate",
      says: "A key in software quotes, beside the certificate of the instance's own",
      code: "tpm.ak_key_mismatch",
      evidence: software,
      files: [...QUOTE, "akPub"],
    },
    {
      name: "bent-software-own-authority",
      says: "A key in software quotes, certified by an authority of its maker's",
      code: "tpm.chain_signature",
      evidence: own,
      files: [...QUOTE, "akPub", ...certificate],
    },
  ];
}

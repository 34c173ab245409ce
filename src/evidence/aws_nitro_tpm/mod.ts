/**
 * AWS instances with NitroTPM and no CPU that protects them: measured, by AWS's word.
 *
 * @module
 */

import { EC2_CODES } from "../ec2/codes.ts";
import { identityCertOf } from "../ec2/files.ts";
import { IDENTITY_KEY } from "../ec2/policy.ts";
import { INSTANCE_CLAIMS, INSTANCE_FLAGS } from "../ec2/proves.ts";
import { showIdentity, tellInstance } from "../ec2/show.ts";
import { EC2_CHECKS, undoneOf } from "../ec2/verify.ts";
import type { Technology } from "../evidence.ts";
import { nitroTpm } from "../nitro/mod.ts";
import { runtimeRegistersOf } from "../nitro/phase.ts";
import { tell } from "../nitro/tell.ts";
import {
  checksOf,
  codesOf,
  flagsOf,
  type Part,
  portableOf,
  provesOf,
  referencesOf,
} from "../pairing/parts.ts";
import { VARIANTS } from "../variants/table.ts";
import { appraise, type AwsNitroTpmEvidence, rootOf } from "./appraise.ts";
import { AWS_NITRO_TPM_FILES, type AwsNitroTpmFiles, readFiles } from "./files.ts";
import { type AwsNitroTpmPolicy, awsNitroTpmPolicy } from "./policy.ts";
import { verify } from "./verify.ts";

export type { Ec2Code } from "../ec2/codes.ts";
export type { IdentityFiles } from "../ec2/files.ts";
export type { InstancePolicy } from "../ec2/policy.ts";
export type { Ec2Identity, VerifiedInstance } from "../ec2/report.ts";
export type { AwsNitroTpmEvidence } from "./appraise.ts";
export type { AwsNitroTpmFiles } from "./files.ts";
export type { AwsNitroTpmPolicy } from "./policy.ts";

const FACTS = VARIANTS["aws-nitro-tpm"];
const PARTS: readonly Part[] = [{ member: "vtpm", technology: nitroTpm }];

/** No report stands beside the document, so that no key of AMD's is judged. */
const { "ec2.csp_mismatch": _, ...CODES } = EC2_CODES;

/** The variant `aws-nitro-tpm`. */
export const awsNitroTpm: Technology<
  "aws-nitro-tpm",
  AwsNitroTpmFiles,
  AwsNitroTpmEvidence,
  AwsNitroTpmPolicy
> = {
  id: "aws-nitro-tpm",
  command: "aws-nitro-tpm",
  title: FACTS.title,
  trustedMeans: "Measured",
  reportDataBytes: nitroTpm.reportDataBytes,
  padsNonce: false,
  facts: FACTS,
  references: referencesOf(PARTS),
  productLines: [],
  files: AWS_NITRO_TPM_FILES,
  flags: [...flagsOf(PARTS), ...INSTANCE_FLAGS],
  checks: checksOf(PARTS, EC2_CHECKS),
  codes: codesOf(PARTS, CODES),
  policy: awsNitroTpmPolicy,
  proves: provesOf(PARTS, { yes: INSTANCE_CLAIMS, no: FACTS.provesNot }, []),
  readFiles,
  verify,
  undone: (files) => [...nitroTpm.undone(files), ...undoneOf(files)],
  root: rootOf,
  appraise,
  runtimeRegisters: ({ vtpm }) => runtimeRegistersOf(vtpm.document),
  machine: ({ vtpm }) => vtpm.document.moduleId,
  filesOfPolicy: identityCertOf,
  accountKey: "account",
  accountProof: IDENTITY_KEY,
  tell: ({ vtpm, instance }) => [...tell(vtpm), ...tellInstance(instance)],
  show: (_engine, bytes) => Promise.resolve(showIdentity(bytes)),
  portable: portableOf(PARTS, async () => (await import("../ec2/portable/mod.ts")).operations),
};

/**
 * AWS instances whose memory an AMD processor protects, with NitroTPM beside it.
 *
 * @module
 */

import { snpCollateral } from "../snp/collateral.ts";
import { EC2_CODES } from "../ec2/codes.ts";
import { identityCertOf } from "../ec2/files.ts";
import { IDENTITY_KEY } from "../ec2/policy.ts";
import { INSTANCE_CLAIMS, INSTANCE_FLAGS } from "../ec2/proves.ts";
import { tellInstance } from "../ec2/show.ts";
import { undoneOf } from "../ec2/verify.ts";
import type { Claim, Technology } from "../evidence.ts";
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
import { sevSnp } from "../snp/mod.ts";
import { VARIANTS } from "../variants/table.ts";
import { appraise, type AwsSevSnpEvidence, rootOf } from "./appraise.ts";
import { AWS_SEV_SNP_FILES, type AwsSevSnpFiles, readFiles } from "./files.ts";
import { type AwsSevSnpPolicy, awsSevSnpPolicy } from "./policy.ts";
import { AWS_SEV_SNP_CHECKS, verify } from "./verify.ts";

export type { Ec2Code } from "../ec2/codes.ts";
export type { IdentityFiles } from "../ec2/files.ts";
export type { InstancePolicy } from "../ec2/policy.ts";
export type { Ec2Identity, VerifiedInstance } from "../ec2/report.ts";
export type { AwsSevSnpEvidence } from "./appraise.ts";
export type { AwsSevSnpFiles } from "./files.ts";
export type { AwsSevSnpPolicy } from "./policy.ts";

const FACTS = VARIANTS["aws-sev-snp"];
const PARTS: readonly Part[] = [
  { member: "tee", technology: sevSnp },
  { member: "vtpm", technology: nitroTpm },
];

const CLAIMS: readonly Claim[] = [
  {
    says: "report and registers are of one instance, by AWS's word",
    needs: ["nitro.user-data", "ec2.csp"],
    otherwise: "that report and registers are of one instance",
  },
  ...INSTANCE_CLAIMS,
];

/** The variant `aws-sev-snp`. */
export const awsSevSnp: Technology<
  "aws-sev-snp",
  AwsSevSnpFiles,
  AwsSevSnpEvidence,
  AwsSevSnpPolicy
> = {
  id: "aws-sev-snp",
  command: "aws-sev-snp",
  title: FACTS.title,
  trustedMeans: "Confidential",
  reportDataBytes: nitroTpm.reportDataBytes,
  padsNonce: false,
  reportDataBeside: sevSnp.reportDataBytes,
  facts: FACTS,
  references: referencesOf(PARTS),
  productLines: sevSnp.productLines,
  files: AWS_SEV_SNP_FILES,
  flags: [...flagsOf(PARTS), ...INSTANCE_FLAGS],
  checks: checksOf(PARTS, AWS_SEV_SNP_CHECKS),
  codes: codesOf(PARTS, EC2_CODES),
  policy: awsSevSnpPolicy,
  proves: provesOf(PARTS, { yes: CLAIMS, no: FACTS.provesNot }, ["snp.measurement"]),
  readFiles,
  verify,
  undone: (files) => [...sevSnp.undone(files), ...nitroTpm.undone(files), ...undoneOf(files)],
  root: rootOf,
  appraise,
  collateral: snpCollateral,
  runtimeRegisters: ({ vtpm }) => runtimeRegistersOf(vtpm.document),
  machine: ({ vtpm }) => vtpm.document.moduleId,
  filesOfPolicy: identityCertOf,
  accountKey: "account",
  accountProof: IDENTITY_KEY,
  tell: ({ vtpm, instance }) => [...tell(vtpm), ...tellInstance(instance)],
  show: () => Promise.resolve(null),
  portable: portableOf(PARTS, async () => (await import("../ec2/portable/mod.ts")).operations),
};

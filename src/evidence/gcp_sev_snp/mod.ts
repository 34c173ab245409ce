/**
 * Google Cloud instances whose memory an AMD processor protects, with a vTPM
 * outside of it whose key Google certifies.
 *
 * @module
 */

import { snpCollateral } from "../snp/collateral.ts";
import type { Claim, Technology, Verified } from "../evidence.ts";
import { gceCodesOf, OF_FIRMWARE, OF_INSTANCE } from "../gce/checks.ts";
import { FIRMWARE_CLAIMS, INSTANCE_CLAIMS, INSTANCE_FLAGS } from "../gce/proves.ts";
import { showGce } from "../gce/show.ts";
import {
  codesOf,
  flagsOf,
  type Part,
  portableOf,
  provesOf,
  referencesOf,
} from "../pairing/parts.ts";
import { sevSnp } from "../snp/mod.ts";
import { tpm } from "../tpm/mod.ts";
import type { TpmEvidence } from "../tpm/report.ts";
import { runtimeRegistersOf } from "../tpm/variant.ts";
import { VARIANTS } from "../variants/table.ts";
import { appraise, rootOf } from "./appraise.ts";
import { GCP_SEV_SNP_FILES, type GcpSevSnpFiles, readFiles } from "./files.ts";
import { type GcpSevSnpPolicy, gcpSevSnpPolicy } from "./policy.ts";
import { GCP_SEV_SNP_CHECKS, type GcpSevSnpEvidence, undone, verify } from "./verify.ts";

export type { EndorsementFiles } from "../gce/files.ts";
export type { GceEndorsement, GceInstance, SnpEndorsement } from "../gce/mod.ts";
export type { InstancePolicy } from "../gce/policy.ts";
export type { GceTpmEvidence, GceTpmFiles } from "../tpm/gce.ts";
export type { GcpSevSnpFiles } from "./files.ts";
export type { GcpSevSnpPolicy } from "./policy.ts";
export type { GcpSevSnpEvidence } from "./verify.ts";

const FACTS = VARIANTS["gcp-sev-snp"];
const PARTS: readonly Part[] = [
  { member: "tee", technology: sevSnp },
  { member: "vtpm", technology: tpm },
];

const CLAIMS: readonly Claim[] = [
  {
    says: "report and registers are of one machine, by Google's word",
    needs: ["pairing.binding", "snp.report-data", "tpm.qualifying-data"],
    otherwise: "that report and registers are of one machine",
  },
  ...INSTANCE_CLAIMS,
  ...FIRMWARE_CLAIMS,
];

/** The variant `gcp-sev-snp`. */
export const gcpSevSnp: Technology<
  "gcp-sev-snp",
  GcpSevSnpFiles,
  GcpSevSnpEvidence,
  GcpSevSnpPolicy
> = {
  id: "gcp-sev-snp",
  command: "gcp-sev-snp",
  title: FACTS.title,
  trustedMeans: "Confidential",
  reportDataBytes: tpm.reportDataBytes,
  padsNonce: false,
  reportDataBeside: sevSnp.reportDataBytes,
  facts: FACTS,
  references: referencesOf(PARTS),
  productLines: sevSnp.productLines,
  files: GCP_SEV_SNP_FILES,
  flags: [...flagsOf(PARTS), ...INSTANCE_FLAGS],
  checks: GCP_SEV_SNP_CHECKS,
  codes: codesOf(PARTS, gceCodesOf(...OF_INSTANCE, ...OF_FIRMWARE)),
  policy: gcpSevSnpPolicy,
  proves: provesOf(PARTS, { yes: CLAIMS, no: FACTS.provesNot }, ["snp.measurement"]),
  readFiles,
  verify,
  undone,
  root: rootOf,
  appraise,
  collateral: snpCollateral,
  runtimeRegisters: ({ vtpm }) => runtimeRegistersOf(vtpm),
  machine: ({ vtpm }) => vtpm.key.spkiSha256,
  accountKey: "project",
  tell: ({ vtpm }) => tpm.tell?.(vtpm as Verified<TpmEvidence>) ?? [],
  show: showGce,
  portable: portableOf(PARTS, async () => (await import("../gce/portable/mod.ts")).operations),
};

/**
 * Google Cloud instances with Intel TDX: a quote over registers of the CPU, the
 * event log that led to them, and Google's word for the firmware.
 *
 * @module
 */

import { tdxCollateral } from "../tdx/collateral.ts";
import type { Technology } from "../evidence.ts";
import { gceCodesOf, OF_FIRMWARE, OF_TD_LOG } from "../gce/checks.ts";
import { showGce } from "../gce/show.ts";
import { LOGS_CODES } from "../logs/codes.ts";
import { tellClaims } from "../logs/tell.ts";
import {
  codesOf,
  flagsOf,
  type Part,
  portableOf,
  provesOf,
  referencesOf,
} from "../pairing/parts.ts";
import { runtimeRegistersOf, tdx } from "../tdx/mod.ts";
import { VARIANTS } from "../variants/table.ts";
import { appraise, rootOf } from "./appraise.ts";
import { GCP_TDX_FILES, type GcpTdxFiles, readFiles } from "./files.ts";
import { type GcpTdxPolicy, gcpTdxPolicy } from "./policy.ts";
import { GCP_TDX_CLAIMS } from "./proves.ts";
import { GCP_TDX_CHECKS, type GcpTdxEvidence, undone, verify } from "./verify.ts";

export type { CcelTable } from "../gce/ccel_table.ts";
export type { EndorsementFiles } from "../gce/files.ts";
export type { GceEndorsement, SnpEndorsement, TdxEndorsement } from "../gce/mod.ts";
export type { LogDemands } from "../logs/judge_log.ts";
export type { ComparedEvent, ComparedLog } from "../logs/mod.ts";
export type { GcpTdxFiles } from "./files.ts";
export type { GcpTdxPolicy } from "./policy.ts";
export type { GcpTdxEvidence } from "./verify.ts";

const FACTS = VARIANTS["gcp-tdx"];
const PARTS: readonly Part[] = [{ member: "tee", technology: tdx }];

/** The variant `gcp-tdx`. */
export const gcpTdx: Technology<"gcp-tdx", GcpTdxFiles, GcpTdxEvidence, GcpTdxPolicy> = {
  id: "gcp-tdx",
  command: "gcp-tdx",
  title: FACTS.title,
  trustedMeans: "Confidential",
  reportDataBytes: tdx.reportDataBytes,
  padsNonce: true,
  facts: FACTS,
  references: referencesOf(PARTS),
  productLines: [],
  files: GCP_TDX_FILES,
  flags: flagsOf(PARTS),
  checks: GCP_TDX_CHECKS,
  codes: codesOf(PARTS, LOGS_CODES, gceCodesOf(...OF_FIRMWARE, ...OF_TD_LOG)),
  policy: gcpTdxPolicy,
  proves: provesOf(PARTS, { yes: GCP_TDX_CLAIMS, no: FACTS.provesNot }, ["tdx.mrtd"]),
  readFiles,
  verify,
  undone,
  root: rootOf,
  appraise,
  collateral: tdxCollateral,
  runtimeRegisters: ({ tee }) => runtimeRegistersOf(tee.quote.body.rtmrs[3]),
  tell: ({ log }) => log === null ? [] : tellClaims(log.claims, "rtmr"),
  show: showGce,
  portable: portableOf(
    PARTS,
    async () => (await import("../logs/portable/mod.ts")).operations,
    async () => (await import("../gce/portable/mod.ts")).operations,
  ),
};

/**
 * Intel TDX on Azure: a paravisor inside of the trust domain, whose TPM says
 * what runs.
 *
 * @module
 */

import { azureTdxCollateral } from "./collateral.ts";
import type { Claim, Technology, Verified } from "../evidence.ts";
import { HCL_CODES } from "../hcl/codes.ts";
import { showHcl } from "../hcl/show.ts";
import { runtimeSections } from "../hcl/user_data.ts";
import {
  codesOf,
  flagsOf,
  type Part,
  portableOf,
  provesOf,
  referencesOf,
} from "../pairing/parts.ts";
import { tdx } from "../tdx/mod.ts";
import { tpm } from "../tpm/mod.ts";
import { NO_CERTIFICATE } from "../tpm/paravisor.ts";
import type { TpmEvidence } from "../tpm/report.ts";
import { runtimeRegistersOf } from "../tpm/variant.ts";
import { VARIANTS } from "../variants/table.ts";
import { appraise, rootOf } from "./appraise.ts";
import { AZURE_TDX_FILES, type AzureTdxFiles, readFiles } from "./files.ts";
import { type AzureTdxPolicy, azureTdxPolicy } from "./policy.ts";
import { AZURE_TDX_CHECKS, type AzureTdxEvidence, undone, verify } from "./verify.ts";

export type { AzureTdxFiles } from "./files.ts";
export type { AzureTdxPolicy } from "./policy.ts";
export type { AzureTdxEvidence } from "./verify.ts";
export type { HclEvidence } from "../hcl/open.ts";
export type { TdxEvidence, TdxFiles, TdxPolicy } from "../tdx/mod.ts";
export type { TpmEvidence, TpmFiles, TpmPolicy } from "../tpm/mod.ts";
export type { ParavisorTpmFiles } from "../tpm/paravisor.ts";
export type { HclHash, HclKey, HclRuntime, HclSetting } from "../hcl/report.ts";

const FACTS = VARIANTS["azure-tdx"];

const PARTS: readonly Part[] = [
  { member: "tee", technology: tdx },
  { member: "vtpm", technology: tpm },
];

const CLAIMS: readonly Claim[] = [
  {
    says: "the paravisor inside of the protected memory is one that you accept",
    needs: ["tdx.mrtd", "tdx.signature"],
    otherwise: "which paravisor it is that says all the rest",
  },
  {
    says: "a key that this paravisor vouches for signed the TPM's quote",
    needs: ["hcl.td-report", "hcl.runtime-data", "hcl.ak", "tpm.signature", "tdx.mrtd"],
    otherwise: "that the TPM's quote is of one inside of the protected memory",
  },
];

/** Findings that stand for something else here, so that what they prove alone is not proven. */
const TOLD_OTHERWISE: readonly string[] = [
  ...NO_CERTIFICATE,
  "tdx.report-data",
  "tdx.mrtd",
];

/** The variant `azure-tdx`. */
export const azureTdx: Technology<"azure-tdx", AzureTdxFiles, AzureTdxEvidence, AzureTdxPolicy> = {
  id: "azure-tdx",
  command: "azure-tdx",
  title: FACTS.title,
  trustedMeans: "Confidential",
  reportDataBytes: tpm.reportDataBytes,
  padsNonce: false,
  facts: FACTS,
  references: referencesOf(PARTS),
  productLines: [],
  files: AZURE_TDX_FILES,
  flags: flagsOf(PARTS),
  checks: AZURE_TDX_CHECKS,
  codes: codesOf(PARTS, HCL_CODES),
  policy: azureTdxPolicy,
  proves: provesOf(PARTS, { yes: CLAIMS, no: FACTS.provesNot }, TOLD_OTHERWISE),
  readFiles,
  verify,
  undone,
  root: rootOf,
  appraise,
  collateral: azureTdxCollateral,
  runtimeRegisters: ({ vtpm }) => runtimeRegistersOf(vtpm),
  machine: ({ vtpm }) => vtpm.key.spkiSha256,
  tell: ({ hcl, vtpm }) => [
    ...runtimeSections(hcl.runtime),
    ...(tpm.tell?.(vtpm as Verified<TpmEvidence>) ?? []),
  ],
  show: (engine, bytes) => showHcl(engine, bytes, () => Promise.resolve([])),
  portable: portableOf(
    PARTS,
    async () => (await import("../hcl/portable/mod.ts")).operations,
  ),
};

/**
 * AMD SEV-SNP on Azure: a paravisor inside of the protected memory, whose TPM
 * says what runs.
 *
 * @module
 */

import { azureSnpCollateral } from "./collateral.ts";
import { thimItemOfKey } from "./thim.ts";
import type { Claim, PolicyFlag, Technology } from "../evidence.ts";
import { HCL_CODES } from "../hcl/codes.ts";
import { runtimeSections } from "../hcl/user_data.ts";
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
import { NO_CERTIFICATE } from "../tpm/paravisor.ts";
import type { TpmEvidence } from "../tpm/report.ts";
import type { Verified } from "../evidence.ts";
import { runtimeRegistersOf } from "../tpm/variant.ts";
import { VARIANTS } from "../variants/table.ts";
import { appraise, rootOf } from "./appraise.ts";
import { AZURE_SEV_SNP_FILES, type AzureSevSnpFiles, readFiles } from "./files.ts";
import { type AzureSevSnpPolicy, azureSevSnpPolicy } from "./policy.ts";
import { show } from "./show.ts";
import { AZURE_SEV_SNP_CHECKS, type AzureSevSnpEvidence, undone, verify } from "./verify.ts";

export type { AzureSevSnpFiles } from "./files.ts";
export type { AzureSevSnpPolicy } from "./policy.ts";
export type { AzureSevSnpEvidence } from "./verify.ts";
export type { HclFiles } from "../hcl/files.ts";
export type { HclEvidence } from "../hcl/open.ts";
export type { SnpEvidence, SnpFiles, SnpPolicy } from "../snp/mod.ts";
export type { TpmEvidence, TpmFiles, TpmPolicy } from "../tpm/mod.ts";
export type { ParavisorTpmFiles } from "../tpm/paravisor.ts";
export type { HclHash, HclKey, HclRuntime, HclSetting } from "../hcl/report.ts";

const FACTS = VARIANTS["azure-sev-snp"];

const PARTS: readonly Part[] = [
  { member: "tee", technology: sevSnp },
  { member: "vtpm", technology: tpm },
];

/** What nothing else here lets a command line say. */
const ID_KEY_FLAG: PolicyFlag = {
  flag: "id-key-digest",
  key: "tee.idKeyDigests",
  value: "HEX",
  multiple: true,
  number: false,
  says: "accepted digest of the key that signed the paravisor, 48 bytes",
};

const CLAIMS: readonly Claim[] = [
  {
    says: "the paravisor inside of the protected memory was signed by a key that you accept",
    needs: ["snp.id-key", "snp.signature"],
    otherwise: "whose paravisor it is that says all the rest",
  },
  {
    says: "a key that this paravisor vouches for signed the quote",
    needs: ["hcl.runtime-data", "hcl.ak", "tpm.signature", "snp.id-key", "snp.vmpl"],
    otherwise: "that the quote is of the TPM inside of the protected memory",
  },
];

/** Findings that stand for something else here, so that what they prove alone is not proven. */
const TOLD_OTHERWISE: readonly string[] = [
  ...NO_CERTIFICATE,
  "snp.report-data",
  "snp.measurement",
];

/** The variant `azure-sev-snp`. */
export const azureSevSnp: Technology<
  "azure-sev-snp",
  AzureSevSnpFiles,
  AzureSevSnpEvidence,
  AzureSevSnpPolicy
> = {
  id: "azure-sev-snp",
  command: "azure-sev-snp",
  title: FACTS.title,
  trustedMeans: "Confidential",
  reportDataBytes: tpm.reportDataBytes,
  padsNonce: false,
  facts: FACTS,
  references: referencesOf(PARTS),
  productLines: sevSnp.productLines,
  files: AZURE_SEV_SNP_FILES,
  flags: [...flagsOf(PARTS), ID_KEY_FLAG],
  checks: AZURE_SEV_SNP_CHECKS,
  codes: codesOf(PARTS, HCL_CODES),
  policy: azureSevSnpPolicy,
  proves: provesOf(PARTS, { yes: CLAIMS, no: FACTS.provesNot }, TOLD_OTHERWISE),
  readFiles,
  verify,
  undone,
  root: rootOf,
  appraise,
  collateral: azureSnpCollateral,
  itemOfKey: thimItemOfKey,
  runtimeRegisters: ({ vtpm }) => runtimeRegistersOf(vtpm),
  machine: ({ vtpm }) => vtpm.key.spkiSha256,
  tell: ({ hcl, vtpm }) => [
    ...runtimeSections(hcl.runtime),
    ...(tpm.tell?.(vtpm as Verified<TpmEvidence>) ?? []),
  ],
  show,
  portable: portableOf(
    PARTS,
    async () => (await import("../hcl/portable/mod.ts")).operations,
  ),
};

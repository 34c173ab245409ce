/**
 * Establishes that AMD silicon signed a report which is bound to the runtime
 * data, and that the key which these name signed the quote.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import type { Check, Verified, VerifyContext } from "../evidence.ts";
import { checkRuntimeData } from "../hcl/binding.ts";
import { HCL_REPORT, HCL_RUNTIME_DATA } from "../hcl/checks.ts";
import { type HclEvidence, openHcl } from "../hcl/open.ts";
import { sevSnp } from "../snp/mod.ts";
import type { SnpEvidence } from "../snp/report.ts";
import { PARAVISOR_TPM_CHECKS, undoneOfTpm, verifyParavisorTpm } from "../tpm/paravisor.ts";
import type { TpmEvidence } from "../tpm/report.ts";
import type { AzureSevSnpFiles } from "./files.ts";

/** What holds after verification. */
export interface AzureSevSnpEvidence {
  /** What AMD's report says of the paravisor. */
  readonly tee: SnpEvidence;
  /** What the paravisor says. */
  readonly hcl: HclEvidence;
  /** What the paravisor's TPM says. */
  readonly vtpm: TpmEvidence;
}

/** The steps, in the order in which they are done. */
export const AZURE_SEV_SNP_CHECKS: readonly Check[] = [
  HCL_REPORT,
  ...sevSnp.checks,
  HCL_RUNTIME_DATA,
  ...PARAVISOR_TPM_CHECKS,
];

/**
 * Proves the chain from AMD's root over report, runtime data and attestation key
 * to the registers.
 *
 * @param engine Verification engine.
 * @param files The files.
 * @param context Time and lab roots.
 * @throws {RejectedError} `hcl.*`, `snp.*`, `tpm.*`, `logs.*` and `x509.*` codes of class `rejected`.
 * @throws {InputError} `input.*` for files that are something else.
 */
export async function verify(
  engine: Engine,
  files: AzureSevSnpFiles,
  context: VerifyContext,
): Promise<Verified<AzureSevSnpEvidence>> {
  const { evidence: hcl, hardwareReport, ak } = await openHcl(engine, files, "snp");
  const { leaf, chainAskArk, crls = [] } = files;
  const snpFiles = { report: hardwareReport, leaf, chainAskArk, crls };
  const tee = await sevSnp.verify(engine, snpFiles, context);
  checkRuntimeData(tee.report.reportData, hcl.runtime);
  const vtpm = await verifyParavisorTpm(engine, files, ak, context);
  const evidence: AzureSevSnpEvidence = { tee, hcl, vtpm };
  return evidence as Verified<AzureSevSnpEvidence>;
}

/**
 * Ids of the steps that are passed by for want of input.
 *
 * @param files The files.
 */
export function undone(files: AzureSevSnpFiles): readonly string[] {
  const { crls = [] } = files;
  return [...(crls.length === 0 ? ["snp.revocation"] : []), ...undoneOfTpm(files)];
}

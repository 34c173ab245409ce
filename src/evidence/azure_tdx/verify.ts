/**
 * Establishes that Intel silicon quoted the TD report of the HCL report, that it
 * is bound to the runtime data, and that the key which these name signed the
 * TPM's quote.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import type { Check, Verified, VerifyContext } from "../evidence.ts";
import { checkRuntimeData } from "../hcl/binding.ts";
import { HCL_REPORT, HCL_RUNTIME_DATA, HCL_TD_REPORT } from "../hcl/checks.ts";
import { type HclEvidence, openHcl } from "../hcl/open.ts";
import { checkTdReport } from "../hcl/td_report.ts";
import { tdx } from "../tdx/mod.ts";
import type { TdxEvidence } from "../tdx/report.ts";
import { PARAVISOR_TPM_CHECKS, undoneOfTpm, verifyParavisorTpm } from "../tpm/paravisor.ts";
import type { TpmEvidence } from "../tpm/report.ts";
import type { AzureTdxFiles } from "./files.ts";
import { quotedTd } from "./quoted_td.ts";

/** What holds after verification. */
export interface AzureTdxEvidence {
  /** What Intel's quote says of the paravisor. */
  readonly tee: TdxEvidence;
  /** What the paravisor says. */
  readonly hcl: HclEvidence;
  /** What the paravisor's TPM says. */
  readonly vtpm: TpmEvidence;
}

/** The steps, in the order in which they are done. */
export const AZURE_TDX_CHECKS: readonly Check[] = [
  HCL_REPORT,
  ...tdx.checks,
  HCL_TD_REPORT,
  HCL_RUNTIME_DATA,
  ...PARAVISOR_TPM_CHECKS,
];

/**
 * Proves the chain from Intel's root over quote, TD report, runtime data and
 * attestation key to the registers.
 *
 * @param engine Verification engine.
 * @param files The files.
 * @param context Time and lab roots.
 * @throws {RejectedError} `hcl.*`, `tdx.*`, `tpm.*`, `logs.*` and `x509.*` codes of class `rejected`.
 * @throws {InputError} `input.*` for files that are something else.
 */
export async function verify(
  engine: Engine,
  files: AzureTdxFiles,
  context: VerifyContext,
): Promise<Verified<AzureTdxEvidence>> {
  const { evidence: hcl, tdReport, ak } = await openHcl(engine, files, "tdx");
  if (tdReport === null) throw new TypeError("An HCL report of TDX has a TD report");
  const tee = await tdx.verify(engine, { ...files, quote: files.tdQuote }, context);
  const { body } = tee.quote;
  checkTdReport(tdReport, quotedTd(body));
  checkRuntimeData(body.reportData, hcl.runtime);
  const vtpm = await verifyParavisorTpm(engine, files, ak, context);
  const evidence: AzureTdxEvidence = { tee, hcl, vtpm };
  return evidence as Verified<AzureTdxEvidence>;
}

/**
 * Ids of the steps that are passed by for want of input.
 *
 * @param files The files.
 */
export function undone(files: AzureTdxFiles): readonly string[] {
  return [...tdx.undone({ ...files, quote: files.tdQuote }), ...undoneOfTpm(files)];
}

/**
 * Judges evidence of Azure's confidential VMs in a corpus, by the roles that are
 * there: an HCL report whole or in parts, the endorsements of its hardware
 * report, the quote of the paravisor's TPM.
 *
 * @module
 */

import type { Engine } from "../../src/core/crypto.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { RejectedError } from "../../src/core/errors.ts";
import type { FilesByRole, VerifyContext } from "../../src/evidence/evidence.ts";
import { quotedTd } from "../../src/evidence/azure_tdx/quoted_td.ts";
import { checkRuntimeData } from "../../src/evidence/hcl/binding.ts";
import type { HclFiles } from "../../src/evidence/hcl/files.ts";
import { readHclReport } from "../../src/evidence/hcl/mod.ts";
import { type OpenedHcl, openHcl } from "../../src/evidence/hcl/open.ts";
import { checkTdReport } from "../../src/evidence/hcl/td_report.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { tdx } from "../../src/evidence/tdx/mod.ts";
import { readParavisorTpm, verifyParavisorTpm } from "../../src/evidence/tpm/paravisor.ts";
import type { Judge } from "./judge.ts";
import type { Case } from "./manifest.ts";
import { snpJudge } from "./snp.ts";
import { tdxJudge } from "./tdx.ts";
import { tpmJudge } from "./tpm.ts";

/** HCL reports, alone or with what belongs to them. */
export const azureJudge: Judge = {
  techs: ["azure-snp", "azure-tdx"],
  takes: (files) =>
    files["hcl_report"] !== undefined ||
    (files["report"] !== undefined && files["runtime_data"] !== undefined),
  judge: (input) => judgeAzure(inlineEngine, input),
  reasons: {
    ...snpJudge.reasons,
    ...tdxJudge.reasons,
    ...tpmJudge.reasons,
    "hclakpub": ["tpm.signature_mismatch", "hcl.key_mismatch"],
    "runtime_data_hash": ["hcl.runtime_data_mismatch", "hcl.runtime_syntax", "hcl.runtime_value"],
    // Of another platform is what its collateral finds first.
    "td_quote": ["hcl.td_report_mismatch", "hcl.runtime_data_mismatch", "tdx.fmspc_mismatch"],
    "hcl": ["hcl.magic", "hcl.version", "hcl.request_type", "hcl.length", "hcl.report_type"],
  },
};

/** Files of a case by the roles of verification: the corpus writes `hcl_report` for `hclReport`. */
function filesOf({ files }: Case): FilesByRole {
  return Object.fromEntries(
    Object.entries(files).map(([role, file]) => [
      role.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      file,
    ]),
  );
}

/**
 * Judges a case with an engine.
 *
 * @param engine The engine.
 * @param input The case.
 * @throws {RejectedError} when the evidence is refused.
 */
export async function judgeAzure(engine: Engine, input: Case): Promise<unknown> {
  const files = filesOf(input);
  const context = { now: input.verifyAt ?? new Date(), labRoots: [] };
  const opened = await open(engine, files);
  const tee = await judgeHardware(engine, files, opened, context);
  const vtpm = files["tpmQuoteMsg"] === undefined
    ? null
    : await judgeQuote(engine, input, opened, context);
  return { tee, hcl: opened.evidence, vtpm };
}

async function open(engine: Engine, files: FilesByRole): Promise<OpenedHcl> {
  const { hclReport, report, runtimeData } = files;
  const bytes = (file: FilesByRole[string]): { readonly file?: Uint8Array } =>
    file instanceof Uint8Array ? { file } : {};
  const whole = bytes(hclReport).file;
  if (whole !== undefined) {
    // A report alone says itself of which TEE it is; endorsements say what they are for.
    const { reportType } = await readHclReport(engine, whole);
    const wanted = files["leaf"] === undefined
      ? files["tdQuote"] === undefined ? reportType : "tdx"
      : "snp";
    return await openHcl(engine, { hclReport: whole }, wanted);
  }
  const parts = { report: bytes(report).file, runtimeData: bytes(runtimeData).file };
  return await openHcl(engine, defined(parts), "snp");
}

function defined(parts: { [role in keyof HclFiles]?: Uint8Array | undefined }): HclFiles {
  return Object.fromEntries(Object.entries(parts).filter(([, file]) => file !== undefined));
}

/** What vouches for the hardware report; nothing where no endorsement is there, and only the hash is judged. */
async function judgeHardware(
  engine: Engine,
  files: FilesByRole,
  { hardwareReport, tdReport, evidence }: OpenedHcl,
  context: VerifyContext,
): Promise<unknown> {
  if (tdReport !== null && files["tdQuote"] !== undefined) {
    const { tdQuote, ...others } = files;
    const known = tdx.files.map(({ role }) => [role, others[role]] as const);
    const quoted = tdx.readFiles({ ...Object.fromEntries(known), quote: tdQuote });
    const proven = await tdx.verify(engine, quoted, context);
    checkTdReport(tdReport, quotedTd(proven.quote.body));
    checkRuntimeData(proven.quote.body.reportData, evidence.runtime);
    return proven;
  }
  if (files["leaf"] !== undefined) {
    const { leaf, chainAskArk, crls } = files;
    const read = sevSnp.readFiles({ report: hardwareReport, leaf, chainAskArk, crls });
    const proven = await sevSnp.verify(engine, read, context);
    checkRuntimeData(proven.report.reportData, evidence.runtime);
    return proven;
  }
  const said = tdReport?.reportData ?? hardwareReport.slice(0x50, 0x90).toHex();
  checkRuntimeData(said, evidence.runtime);
  return null;
}

async function judgeQuote(
  engine: Engine,
  input: Case,
  { ak }: OpenedHcl,
  context: VerifyContext,
): Promise<unknown> {
  const files = readParavisorTpm(filesOf(input));
  const proven = await verifyParavisorTpm(engine, files, ak, context);
  const { qualifyingData } = proven.quote;
  if (input.nonceHex === null || input.nonceHex === qualifyingData) return proven;
  throw new RejectedError(`The quote answers ${qualifyingData}, expected ${input.nonceHex}`, {
    code: "tpm.qualifying_data_mismatch",
  });
}

/**
 * TDX on Azure under the contract suite.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import type { Vector } from "../vectors.ts";
import { edited, fileOf } from "./change.ts";
import type { Bend, Contract, SignedField } from "./contract.ts";
import { bendsOfHcl, HARDWARE_AT, hclDamage, hclFields } from "./hcl.ts";
import {
  bendsOfParavisorTpm,
  bendsOfVtpmPolicy,
  OTHER_NONCE,
  PARAVISOR_TPM_DAMAGE,
  paravisorTpmFields,
  paravisorTpmForms,
  sectionOf,
} from "./paravisor_tpm.ts";
import { tdxContract } from "./tdx.ts";
import { quoteFields } from "./tdx_quote.ts";

const ID = "azure-tdx";

/** Fields of a TD report that a quote repeats (Intel TDX Module ABI Specification, TDREPORT_STRUCT). */
const TD_REPORT: readonly (readonly [name: string, at: number, length: number])[] = [
  ["REPORTDATA", 128, 64],
  ["TEE_TCB_SVN", 264, 16],
  ["MRSEAM", 280, 48],
  ["MRSIGNERSEAM", 328, 48],
  ["SEAMATTRIBUTES", 376, 8],
  ["TD_ATTRIBUTES", 512, 8],
  ["XFAM", 520, 8],
  ["MRTD", 528, 48],
  ["MRCONFIGID", 576, 48],
  ["MROWNER", 624, 48],
  ["MROWNERCONFIG", 672, 48],
  ["RTMR 0", 720, 48],
  ["RTMR 1", 768, 48],
  ["RTMR 2", 816, 48],
  ["RTMR 3", 864, 48],
];

const { quote, ...COLLATERAL_DAMAGE } = tdxContract.damage;

/** TDX on Azure. */
export const azureTdxContract: Contract = {
  parts: ["tdx", "tpm"],
  signed: (vector) => [
    ...hclFields(vector),
    ...tdReportFields(),
    ...tdQuoteFields(vector),
    ...paravisorTpmFields(vector),
  ],
  damage: {
    ...COLLATERAL_DAMAGE,
    ...PARAVISOR_TPM_DAMAGE,
    // A zero behind it is padding of quoting services.
    ...(quote === undefined ? {} : { tdQuote: { ...quote, long: "lab-trusted: null" } }),
  },
  damageOf: hclDamage,
  together: tdxContract.together,
  forms: paravisorTpmForms,
  expired: tdxContract.expired,
  notYet: tdxContract.notYet,
  ...OTHER_NONCE,
  base: "join",
  bends: (base, vectors) => [
    ...bendsOfHcl(base, "snp"),
    ...bendsOfParavisorTpm(vectors, "bare"),
    ...bendsOfVtpmPolicy(base, ID),
    ...ofTdReport(base),
  ],
  shown: [{
    what: "an HCL report that is cut short",
    bytes: new TextEncoder().encode("HCLA".padEnd(1235, "\0")),
    code: "hcl.length",
  }],
};

function tdReportFields(): readonly SignedField[] {
  return TD_REPORT.map(([name, at, length]) => ({
    role: "hclReport",
    field: name,
    at: HARDWARE_AT + at,
    length,
    codes: ["hcl.td_report_mismatch"],
  }));
}

/** The same fields as of a quote that stands alone. */
function tdQuoteFields(vector: Vector): readonly SignedField[] {
  const alone = { ...vector, files: { quote: fileOf(vector, "tdQuote") } };
  return quoteFields(alone).map((field) => ({ ...field, role: "tdQuote" }));
}

function ofTdReport(base: Vector): readonly Bend[] {
  const { tee, vtpm } = sectionOf(base, ID);
  const report = fileOf(base, "hclReport");
  return [
    {
      what: "four certificates for TCB info",
      code: "x509.count",
      change: { files: { tcbChain: concat(fileOf(base, "tcbChain"), fileOf(base, "tcbChain")) } },
    },
    {
      what: "another MRTD in the TD report",
      code: "hcl.td_report_mismatch",
      change: { files: { hclReport: edited(report, HARDWARE_AT + 528, (byte) => byte ^ 1) } },
    },
    {
      what: "no report of TDX in its place",
      code: "hcl.report_type",
      change: { files: { hclReport: edited(report, HARDWARE_AT, () => 0) } },
    },
    {
      what: "a byte behind the TD report",
      code: "hcl.reserved",
      change: { files: { hclReport: edited(report, HARDWARE_AT + 1024, () => 1) } },
    },
    {
      what: "nobody named which the paravisor may be",
      code: "tdx.mrtd_not_pinned",
      verdict: "platform-only",
      change: { section: { vtpm } },
    },
    {
      what: "another RTMR 1, which the paravisor leaves alone",
      code: "tdx.rtmr1_mismatch",
      change: { section: { tee: { ...tee, rtmr1: ["ee".repeat(48)] }, vtpm } },
    },
  ];
}

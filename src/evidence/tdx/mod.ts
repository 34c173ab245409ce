/**
 * Intel TDX: quotes of trust domains, judged with Intel's collateral.
 *
 * @module
 */

import type { RuntimeRegister, Technology } from "../evidence.ts";
import { VARIANTS } from "../variants/table.ts";
import { appraise, REPORT_DATA_BYTES, rootOf } from "./appraise.ts";
import { TDX_CHECKS } from "./checks.ts";
import { TDX_CODES } from "./codes.ts";
import { tdxCollateral } from "./collateral.ts";
import { tdxItemOfKey } from "./items.ts";
import { readFiles, TDX_FILES, type TdxFiles } from "./files.ts";
import { type TdxPolicy, tdxPolicy } from "./policy.ts";
import type { TdxEvidence } from "./report.ts";
import { show } from "./show.ts";
import { undone, verify } from "./verify.ts";

export type { TdxCode } from "./codes.ts";
export type { TdxFiles } from "./files.ts";
export type { AcceptableStatus, AttributeBit, PlatformBit, TdxPolicy } from "./policy.ts";
export type {
  Collateral,
  EnclaveReport,
  Pck,
  PlatformConfiguration,
  Quote,
  QuoteEvidence,
  ReachedLevel,
  SgxEvidence,
  SgxQuote,
  SignedDocument,
  TcbEvaluation,
  TcbStatus,
  TdAttributes,
  TdReport,
  TdxEvidence,
  TdxQuote,
  TdxRevocationList,
} from "./report.ts";
export { verifySgxQuote } from "./verify.ts";

/** TDX as the rest of the program sees it. */
export const tdx: Technology<"tdx", TdxFiles, TdxEvidence, TdxPolicy> = {
  id: "tdx",
  command: "tdx",
  title: "Intel TDX",
  trustedMeans: "Confidential",
  reportDataBytes: REPORT_DATA_BYTES,
  padsNonce: true,
  facts: VARIANTS["tdx"],
  references: [
    "mrTd",
    "rtmr0",
    "rtmr1",
    "rtmr2",
    "mrSeam",
    "minimumTcbDate",
    "minimumTcbEvaluationDataNumber",
  ],
  launchData: ({ quote }) => quote.body.mrConfigId,
  runtimeRegisters: ({ quote }) => runtimeRegistersOf(quote.body.rtmrs[3]),
  productLines: [],
  files: TDX_FILES,
  flags: [
    pin("mrtd", "mrTd", "accepted initial contents of the TD, 48 bytes"),
    pin("rtmr0", "rtmr0", "accepted RTMR 0, firmware configuration, 48 bytes"),
    pin("rtmr1", "rtmr1", "accepted RTMR 1, kernel, 48 bytes"),
    pin("rtmr2", "rtmr2", "accepted RTMR 2, command line, 48 bytes"),
    pin("rtmr3", "rtmr3", "accepted RTMR 3, run time, 48 bytes"),
    {
      flag: "tcb-status",
      key: "tcbStatuses",
      value: "STATUS",
      multiple: true,
      number: false,
      says: "accepted TCB status, by default UpToDate alone",
    },
  ],
  checks: TDX_CHECKS,
  codes: TDX_CODES,
  policy: tdxPolicy,
  proves: {
    yes: [
      {
        says: "an Intel processor with TDX signed this quote",
        needs: ["tdx.signature", "tdx.attestation-key", "tdx.qe-report", "tdx.chain", "tdx.root"],
        otherwise: "that an Intel processor signed this quote",
      },
      {
        says: "Intel's own quoting enclave and TDX module made it, and Intel has not revoked them",
        needs: ["tdx.qe", "tdx.module", "tdx.tcb", "tdx.revocation"],
        otherwise: "that Intel's own enclave and module made it: the collateral was not given",
      },
      {
        says: "Intel knows of no hole in the platform's firmware that an update has closed",
        needs: ["tdx.tcb-status"],
        otherwise:
          "that the platform's firmware has no known holes: the policy accepts a TCB status that Intel warns of",
      },
      {
        says: "the processor encrypts this TD's memory and keeps the host from changing it",
        needs: [
          "tdx.debug",
          "tdx.profiling",
          "tdx.migration",
          "tdx.attributes-reserved",
          "tdx.tcb-status",
        ],
        otherwise:
          "that the host cannot read or change the TD's memory: the policy accepts debugging, profiling, migration or a platform with known holes",
      },
      {
        says: "firmware, kernel and command line are those that you expected",
        needs: ["tdx.mrtd", "tdx.rtmr1", "tdx.rtmr2"],
        otherwise: "which firmware, kernel and command line run",
      },
      {
        says: "the quote was made for your question",
        needs: ["tdx.report-data"],
        otherwise: "that the quote was made for your question",
      },
    ],
    no: [
      "that nothing broke in after the launch",
      "what runs beyond what firmware and kernel measured",
      "protection from attacks on the memory bus (interposers), side channels or denial of service",
    ],
  },
  readFiles,
  verify,
  undone,
  root: rootOf,
  appraise,
  collateral: tdxCollateral,
  itemOfKey: tdxItemOfKey,
  show,
  portable: async () => (await import("./portable/mod.ts")).operations,
};

/** RTMR 3 as the register of the phase; null where nothing extended it, as kernels before Linux 6.16 cannot. */
export function runtimeRegistersOf(rtmr3: string): readonly RuntimeRegister[] | null {
  return /^0+$/.test(rtmr3) ? null : [{ bank: "sha384", register: 3, value: rtmr3 }];
}

function pin(
  flag: string,
  key: string,
  says: string,
): Technology<"tdx", TdxFiles, TdxEvidence, TdxPolicy>["flags"][number] {
  return { flag, key, value: "HEX", multiple: true, number: false, says };
}

/**
 * Steps that HCL reports add to those of the hardware report and of the quote.
 *
 * @module
 */

import type { Check } from "../evidence.ts";

const SOURCE = "Microsoft, Guest attestation for confidential VMs";

/** The report is read. */
export const HCL_REPORT: Check = {
  id: "hcl.report",
  link: "evidence",
  title: "HCL report well formed",
  source: SOURCE,
};

/** The TD report in it is the one that was quoted. */
export const HCL_TD_REPORT: Check = {
  id: "hcl.td-report",
  link: "evidence",
  title: "TD report is the quoted one",
  source: "Intel TDX Module ABI Specification, TDREPORT_STRUCT",
};

/** The hardware report is bound to the runtime data. */
export const HCL_RUNTIME_DATA: Check = {
  id: "hcl.runtime-data",
  link: "evidence",
  title: "Runtime data are those in the hardware report",
  source: SOURCE,
};

/** The quote is by the key in the runtime data. */
export const HCL_AK: Check = {
  id: "hcl.ak",
  link: "key",
  title: "Attestation key is the paravisor's",
  source: SOURCE,
};

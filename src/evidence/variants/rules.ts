/**
 * The rules of protocol §4 in words, for people and for the docs.
 *
 * @module
 */

import type { AkProof, QualifyingDataRule, ReportDataRule, WhatRuns } from "./facts.ts";

/** What stands in the report data of the TEE. */
export const REPORT_DATA_RULES: Readonly<Record<ReportDataRule, string>> = {
  "binding": 'SHA-512 H("casemate/report/v1", "", binding)',
  "ak-and-binding": 'SHA-512 H("casemate/report/v1", AK Name, binding)',
  "paravisor":
    "made by the paravisor at boot: hash of its runtime data; their user-data are the binding for every purpose but serve",
  "none": "none",
};

/** What shows that the attestation key lives in a TPM. */
export const AK_PROOFS: Readonly<Record<AkProof, string>> = {
  "nitro-document": "none is needed: AWS's hypervisor signs the NitroTPM attestation document",
  "certificate": "certificate of the key, up to the provider's root",
  "runtime-data": "HCLAkPub in the runtime data that the hardware report is bound to",
  "enrolment": "none, unless the key was enrolled (activate credential)",
  "no-key": "there is no key",
};

/** What the quote answers. */
export const QUALIFYING_DATA_RULES: Readonly<Record<QualifyingDataRule, string>> = {
  "binding-and-report": 'SHA-256 H("casemate/quote/v1", binding, SHA-256(report))',
  "binding-and-hcl": 'SHA-256 H("casemate/quote/v1", binding, SHA-256(HCL report))',
  "binding": 'SHA-256 H("casemate/quote/v1", binding, "")',
  "document":
    "nonce of the document = binding; user_data = SHA-256(report), or absent where there is none",
  "no-quote": "there is no quote",
};

/** What says what runs. */
export const WHAT_RUNS: Readonly<Record<WhatRuns, string>> = {
  "launch-digest": "launch digest (firmware, and hashes of kernel, initrd and command line)",
  "mrtd-and-rtmrs": "MRTD, RTMR 1 and 2",
  "rtmrs": "RTMR 1 and 2; MRTD pinned, or endorsed by the provider",
  "pcrs": "PCR 4 and 11",
};

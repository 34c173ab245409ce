/**
 * Command lines about TDX and what comes of them, as data.
 *
 * @module
 */

import type { Case } from "./cases.ts";

/** Verdicts and their exit codes. */
export const TDX_VERDICTS: readonly Case[] = [
  {
    name: "lab-trusted TDX ends with 0",
    line: "evidence verify tdx @td @pins",
    exit: 0,
    out: [
      "LAB-TRUSTED\n",
      "weakest root  lab",
      "✔ Root  Intel SGX Root CA",
      "✔ TCB status",
      "✔ Kernel (RTMR 1)",
      "On real hardware this would prove",
      "an Intel processor with TDX signed this quote",
      "proves nothing about any machine",
    ],
    never: ["✘"],
  },
  {
    name: "collateral in DER and hex",
    line:
      "evidence verify tdx --quote quote.bin --tcb-info tcb.json --qe-identity qe.json --tcb-chain tcb-chain.der --pck-crl pck-crl.hex --root-crl root-crl.hex --lab-root intel-root.pem @pins",
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "a TCB chain as it stands in the header, and the chain of the list",
    line:
      "evidence verify tdx --quote quote.bin @without-chain --tcb-chain tcb-chain.header --pck-crl-chain ca-chain.pem @pins",
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "a quote of version 5 says that no service TD is bound",
    line: "evidence verify tdx --quote quote5.bin @collateral @pins",
    exit: 0,
    out: ["LAB-TRUSTED", "✔ Service TDs", "none bound"],
  },
  {
    name: "a quote with the padding of a quoting service",
    line: "evidence verify tdx --quote quote-padded.bin @collateral @pins",
    exit: 0,
    out: ["LAB-TRUSTED", "70 bytes, zeros"],
  },
  {
    name: "a policy file pins the registers",
    line: "evidence verify tdx @td @nonce --policy td.yaml",
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "an accepted status is trusted, and what it costs is said",
    line:
      "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info tcb-behind.json @pins --tcb-status UpToDate --tcb-status OutOfDate",
    exit: 0,
    out: [
      "LAB-TRUSTED",
      "○ TCB status",
      "INTEL-SA-99000",
      "that the platform's firmware has no known holes",
    ],
    never: ["+ the processor encrypts", "+ Intel knows of no hole"],
  },
  {
    name: "a status that a policy file accepts",
    line:
      "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info tcb-behind.json @pins --policy td-behind.yaml",
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "a platform that is out of date ends with 3",
    line:
      "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info tcb-behind.json @pins",
    exit: 3,
    out: ["REJECTED", "✘ TCB status", "expected  UpToDate", "OutOfDate", "tdx.tcb_status"],
  },
  {
    name: "a platform that Intel revoked ends with 3",
    line:
      "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info tcb-revoked.json @pins --tcb-status OutOfDate",
    exit: 3,
    out: ["REJECTED", "tdx.tcb_revoked"],
    never: ["This proves", "would prove"],
  },
  {
    name: "another kernel ends with 3, shown under each other",
    line: `evidence verify tdx @td @nonce @mrtd --rtmr1 ${"ab".repeat(48)}`,
    exit: 3,
    out: [
      "REJECTED",
      "✘ Kernel (RTMR 1)",
      "byte 0 is the first that differs",
      "tdx.rtmr1_mismatch",
      "○ Command line (RTMR 2)",
    ],
  },
  {
    name: "another nonce for TDX ends with 3",
    line: "evidence verify tdx @td --nonce 5f1e00a2 --policy td.yaml",
    exit: 3,
    out: ["REJECTED", "byte 3 is the first that differs", "tdx.report_data_mismatch"],
  },
  {
    name: "a bent quote ends with 3",
    line: "evidence verify tdx --quote quote-bent.bin @collateral @pins",
    exit: 3,
    out: [
      "REJECTED",
      "✘ Quote signature",
      "tdx.signature_mismatch",
      "What the files seem to be",
      "quote-bent.bin: Intel TDX quote, version 4",
    ],
  },
  {
    name: "a TD that can be debugged ends with 3",
    line: "evidence verify tdx --quote quote-debug.bin @collateral @pins",
    exit: 3,
    out: ["REJECTED", "✘ Debugging", "tdx.debug_allowed"],
  },
  {
    name: "another lab's TCB info ends with 3",
    line: "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info tcb-twin.json @pins",
    exit: 3,
    out: ["REJECTED", "tdx.tcb_info_signature", "--tcb-info"],
  },
  {
    name: "TCB info that an editor formatted ends with 3",
    line:
      "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info tcb-changed.json @pins",
    exit: 3,
    out: ["REJECTED", "tdx.tcb_info_signature", "byte for byte"],
  },
  {
    name: "collateral of SGX ends with 3",
    line: "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info sgx-tcb.json @pins",
    exit: 3,
    out: ["REJECTED", "expected  TDX", "actual    SGX", "tdx.tcb_info_id"],
  },
  {
    name: "the chain of the list as TCB chain ends with 3",
    line: "evidence verify tdx --quote quote.bin @without-chain --tcb-chain ca-chain.pem @pins",
    exit: 3,
    out: ["REJECTED", "✘ TCB signing chain", "tdx.tcb_chain_shape"],
  },
  {
    name: "two lists in each other's place end with 3",
    line:
      "evidence verify tdx --quote quote.bin @without-lists --pck-crl root-crl.pem --root-crl pck-crl.pem @pins",
    exit: 3,
    out: ["REJECTED", "✘ Not revoked", "tdx.crl_issuer"],
  },
  {
    name: "a moment after the lists ends with 3",
    line: "evidence verify tdx @td @pins --at 2027-02-01",
    exit: 3,
    out: ["REJECTED", "tdx.crl_expired", "judged for    2027-02-01T00:00:00.000Z"],
  },
  {
    name: "TDX lab evidence without --lab-root ends with 3",
    line: "evidence verify tdx --quote quote.bin @pins",
    exit: 3,
    out: ["REJECTED", "tdx.lab_on_vendor_path", "--lab-root"],
  },
  {
    name: "a quote that something follows ends with 3",
    line: "evidence verify tdx --quote quote-followed.bin @collateral @pins",
    exit: 3,
    out: ["REJECTED", "2 bytes, not all zero", "tdx.trailing_bytes"],
  },
  {
    name: "no collateral ends with 4",
    line: "evidence verify tdx --quote quote.bin --lab-root intel-root.pem @pins",
    exit: 4,
    out: ["UNAVAILABLE", "tdx.collateral_missing", "--tcb-info", "○ Not revoked"],
    never: ["This proves", "would prove"],
  },
  {
    name: "MRTD alone ends with 6",
    line: "evidence verify tdx @td @nonce @mrtd",
    exit: 6,
    out: [
      "PLATFORM ONLY",
      "✔ Initial contents (MRTD)",
      "tdx.rtmr1_not_pinned",
      "--rtmr1",
      "tdx.rtmr2_not_pinned",
    ],
    never: ["This proves"],
  },
  {
    name: "no question to a TD ends with 6",
    line: "evidence verify tdx @td --no-freshness --policy td.yaml",
    exit: 6,
    out: ["PLATFORM ONLY", "freshness.not_checked"],
  },
  {
    name: "crypto-only of a quote ends with 0 and is no verdict",
    line: "evidence verify tdx @td --profile crypto-only",
    exit: 0,
    out: ["GENUINE\n", "nothing else was examined"],
    never: ["TRUSTED", "This proves"],
  },
  {
    name: "crypto-only without collateral says what was not checked",
    line: "evidence verify tdx --quote quote.bin --lab-root intel-root.pem --profile crypto-only",
    exit: 0,
    out: ["GENUINE", "Not checked\n  ○ TCB signing chain\n  ○ Not revoked\n"],
  },
];

/** Damaged evidence is examined and refused: a verdict, with the file to look at. */
export const TDX_DAMAGED: readonly Case[] = [
  {
    name: "a quote that was cut",
    line: "evidence verify tdx --quote quote-short.bin @collateral @pins",
    exit: 3,
    out: ["REJECTED", "tdx.quote_length", "--quote", "quote-short.bin: damaged"],
  },
  {
    name: "TCB info that was cut",
    line: "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info tcb-cut.json @pins",
    exit: 3,
    out: ["REJECTED", "tdx.tcb_info_format", "--tcb-info", "tcb-cut.json: damaged"],
  },
  {
    name: "noise as quote",
    line: "evidence verify tdx --quote noise.bin @collateral @pins",
    exit: 3,
    out: ["REJECTED", "tdx.quote_version", "noise.bin: 700 bytes of no known kind"],
  },
];

/** Flags that are wrong. All end with 2 and name the flag. */
export const TDX_FLAG_ERRORS: readonly Case[] = [
  {
    name: "no quote",
    line: "evidence verify tdx @pins",
    exit: 2,
    err: ["--quote (", "input.missing"],
  },
  {
    name: "a short MRTD",
    line: "evidence verify tdx @td @nonce --mrtd 00ff",
    exit: 2,
    err: ["--mrtd", "48 bytes", "input.value"],
  },
  {
    name: "an RTMR that does not exist",
    line: "evidence verify tdx @td @pins --rtmr4 00",
    exit: 2,
    err: ["--rtmr4", "did you mean --rtmr", "input.unknown"],
  },
  {
    name: "a status that does not exist",
    line: "evidence verify tdx @td @pins --tcb-status OutofDate",
    exit: 2,
    err: ["--tcb-status", '"OutOfDate"', 'got "OutofDate"', "input.value"],
  },
  {
    name: "a status that no policy can accept",
    line: "evidence verify tdx @td @pins --tcb-status Revoked",
    exit: 2,
    err: ["--tcb-status", 'got "Revoked"', "input.value"],
  },
  {
    name: "a register and the policy file",
    line: "evidence verify tdx @td @pins --policy td.yaml",
    exit: 2,
    err: ["--mrtd", "tdx.mrTd", "--policy", "input.conflict"],
  },
  {
    name: "a status and the policy file",
    line: "evidence verify tdx @td @pins --tcb-status OutOfDate --policy td-behind.yaml",
    exit: 2,
    err: ["--tcb-status", "tdx.tcbStatuses", "--policy", "input.conflict"],
  },
  {
    name: "a policy with a status that does not exist",
    line: "evidence verify tdx @td @pins --policy td-typo.yaml",
    exit: 2,
    err: ["td-typo.yaml", "tdx.tcbStatuses[0]", 'got "OutofDate"', "--policy", "policy.value"],
  },
];

/** Files that are wrong: each in every place where it can stand. */
export const TDX_FILE_ERRORS: readonly Case[] = [
  {
    name: "no quote file",
    line: "evidence verify tdx --quote nowhere @collateral @pins",
    exit: 2,
    err: ["nowhere", "--quote", "input.unreadable"],
  },
  {
    name: "an empty quote",
    line: "evidence verify tdx --quote empty.bin @collateral @pins",
    exit: 2,
    err: ["empty.bin", "--quote", "input.empty"],
  },
  {
    name: "empty TCB info",
    line: "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info empty.bin @pins",
    exit: 2,
    err: ["empty.bin", "--tcb-info", "input.empty"],
  },
  {
    name: "a quote in hex",
    line: "evidence verify tdx --quote quote.hex @collateral @pins",
    exit: 2,
    err: ["quote.hex", "--quote", "bytes written in hex", "input.encoding"],
  },
  {
    name: "an SNP report as quote",
    line: "evidence verify tdx --quote report.bin @collateral @pins",
    exit: 2,
    err: ["--quote", "SEV-SNP attestation report", "snp --report", "input.wrong_kind"],
  },
  {
    name: "a quote as SNP report",
    line: "evidence verify snp --report quote.bin @rest @pin",
    exit: 2,
    err: ["--report", "TDX quote", "tdx --quote", "input.wrong_kind"],
  },
  {
    name: "an SGX quote as quote",
    line: "evidence verify tdx --quote sgx.bin @collateral @pins",
    exit: 2,
    err: ["--quote", "SGX quote", "input.wrong_kind"],
  },
  {
    name: "TCB info as QE identity",
    line: "evidence verify tdx --quote quote.bin @without-qe-identity --qe-identity tcb.json @pins",
    exit: 2,
    err: ["--qe-identity", "TCB info", "--tcb-info", "input.wrong_kind"],
  },
  {
    name: "a QE identity as TCB info",
    line: "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info qe.json @pins",
    exit: 2,
    err: ["--tcb-info", "QE identity", "--qe-identity", "input.wrong_kind"],
  },
  {
    name: "TCB info as TCB chain",
    line: "evidence verify tdx --quote quote.bin @without-chain --tcb-chain tcb.json @pins",
    exit: 2,
    err: ["--tcb-chain", "TCB info", "--tcb-info", "input."],
  },
  {
    name: "noise as TCB chain",
    line: "evidence verify tdx --quote quote.bin @without-chain --tcb-chain noise.bin @pins",
    exit: 2,
    err: ["--tcb-chain", "noise.bin", "input.encoding"],
  },
  {
    name: "a list as TCB chain",
    line: "evidence verify tdx --quote quote.bin @without-chain --tcb-chain pck-crl.pem @pins",
    exit: 2,
    err: ["--tcb-chain", "revocation list", "input.wrong_kind"],
  },
  {
    name: "a quote as list",
    line:
      "evidence verify tdx --quote quote.bin @without-lists --pck-crl quote.bin --root-crl root-crl.pem @pins",
    exit: 2,
    err: ["--pck-crl", "TDX quote", "--quote", "input.wrong_kind"],
  },
  {
    name: "a chain as the root's list",
    line:
      "evidence verify tdx --quote quote.bin @without-lists --pck-crl pck-crl.pem --root-crl tcb-chain.pem @pins",
    exit: 2,
    err: ["--root-crl", "certificate", "input.wrong_kind"],
  },
  {
    name: "a text as list",
    line:
      "evidence verify tdx --quote quote.bin @without-lists --pck-crl notes.txt --root-crl root-crl.pem @pins",
    exit: 2,
    err: ["--pck-crl", "notes.txt", "input.encoding"],
  },
  {
    name: "a quote as chain of the list",
    line: "evidence verify tdx @td @pins --pck-crl-chain quote.bin",
    exit: 2,
    err: ["--pck-crl-chain", "TDX quote", "--quote", "input.wrong_kind"],
  },
  {
    name: "a quote as lab root",
    line: "evidence verify tdx --quote quote.bin --lab-root quote.bin @pins",
    exit: 2,
    err: ["--lab-root", "TDX quote", "input."],
  },
  {
    name: "show of a quote that was cut",
    line: "evidence show quote-short.bin",
    exit: 3,
    err: ["quote-short.bin", "tdx.quote_length"],
  },
  {
    name: "show of a quote in hex",
    line: "evidence show quote.hex",
    exit: 2,
    err: ["bytes written in hex", "casemate evidence verify", "input.wrong_kind"],
  },
];

/** What is not an error. */
export const TDX_ANSWERS: readonly Case[] = [
  {
    name: "help of TDX verification",
    line: "evidence verify tdx --help",
    exit: 0,
    out: [
      "--quote <FILE>",
      "--pck-crl-chain <FILE>",
      "--rtmr1 <HEX>",
      "--tcb-status <STATUS>",
      "collateral is given whole or not at all",
      "Examples:",
    ],
  },
  {
    name: "a code of TDX",
    line: "codes tdx.tcb_revoked",
    exit: 0,
    out: ["Intel revoked", "The platform must update", "3 (rejected)"],
  },
  {
    name: "show of a quote",
    line: "evidence show quote.bin",
    exit: 0,
    out: [
      "Intel TDX quote, version 4 (not verified)",
      "casemate evidence verify tdx --quote FILE",
      "RTMR1",
      "SEPT_VE_DISABLE",
      "FMSPC",
      "1ab06f000000",
      "ISVSVN      6",
      "PCK Platform CA",
      "fmspc=1ab06f000000",
    ],
  },
  {
    name: "show of a quote of version 5",
    line: "evidence show quote5.bin",
    exit: 0,
    out: [
      "Intel TDX quote, version 5 (not verified)",
      "TEE_TCB_SVN_2",
      "MRSERVICETD",
      "none bound",
    ],
  },
  {
    name: "show of a padded quote",
    line: "evidence show quote-padded.bin",
    exit: 0,
    out: ["After the quote         70 bytes  all zero"],
  },
  {
    name: "show of an SGX quote",
    line: "evidence show sgx.bin",
    exit: 0,
    out: ["Intel SGX quote of an enclave, version 3 (not verified)", "MRENCLAVE", "FMSPC"],
    never: ["Goes into", "MRTD"],
  },
  {
    name: "show of TCB info",
    line: "evidence show tcb.json",
    exit: 0,
    out: [
      "Intel TCB info of TDX, version 3 (not verified)",
      "casemate evidence verify tdx --tcb-info FILE",
      "tcbEvaluationDataNumber  20",
      "2026-12-21T12:00:00Z",
      "UpToDate   SGX 3.3.2.2.4.1.0.5, PCE 13, TDX 6.0.3",
      "INTEL-SA-99000",
      "Levels of the module TDX_01",
    ],
  },
  {
    name: "show of TCB info of SGX",
    line: "evidence show sgx-tcb.json",
    exit: 0,
    out: ["Intel TCB info of SGX, version 3 (not verified)"],
    never: ["Goes into", "module"],
  },
  {
    name: "show of a QE identity",
    line: "evidence show qe.json",
    exit: 0,
    out: [
      "Intel QE identity of TD_QE, version 2 (not verified)",
      "casemate evidence verify tdx --qe-identity FILE",
      "UpToDate   SVN 6  2026-09-22",
    ],
  },
  {
    name: "show of a PCK certificate",
    line: "evidence show pck.pem",
    exit: 0,
    out: ["Intel PCK certificate", "lab mark", "FMSPC", "d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5"],
  },
  {
    name: "show of a quote in JSON",
    line: "evidence show quote.bin -o json",
    exit: 0,
    out: ['"kind": "tdx-quote"', '"usedBy": "casemate evidence verify tdx --quote"'],
  },
];

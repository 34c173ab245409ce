/**
 * Quotes that the lab mints, what is asked of them, and what the contract says to that.
 *
 * @module
 */

import type { MintTdxOptions, TdxBends } from "../../src/lab/mod.ts";
import type { Plain } from "./inputs.ts";

/** What is minted, what is asked, what comes. */
export type Case = readonly [
  says: string,
  minted: Partial<MintTdxOptions>,
  asked: Plain,
  word: string,
];

/** A value that nothing minted has. */
export const AA: string = "aa".repeat(48);
const EARLIER = new Date("2026-11-01T00:00:00Z");
/** The day before. */
const ENDED = { issueDate: "2026-11-01T00:00:00Z", nextUpdate: "2026-11-20T00:00:00Z" };
/** Options of bent evidence. */
const bends = (bends: TdxBends): Partial<MintTdxOptions> => ({ bends });
/** What an input pins. */
export const pins = (policy: Plain): Plain => ({ policy });
const SEPT_VE_DISABLE = 1n << 28n;

/** Refused before any policy is looked at. */
export const GENUINE: readonly Case[] = [
  ["a genuine quote of anything", {}, {}, "accepted"],
  ["a genuine quote of version 5", { version: 5 }, {}, "accepted"],
  ["a quote of the Processor CA", { ca: "processor" }, {}, "accepted"],
  ["a quote of version 3", { version: 3, body: "sgx" }, {}, "QUOTE_FORMAT_UNSUPPORTED"],
  ["a quote of an enclave", { version: 4, body: "sgx" }, {}, "WRONG_TEE_TYPE"],
  [
    "an unknown algorithm",
    bends({ header: { attestationKeyType: 3 } }),
    {},
    "ATTESTATION_KEY_TYPE_UNSUPPORTED",
  ],
  ["another vendor", bends({ header: { qeVendor: new Uint8Array(16) } }), {}, "QE_VENDOR_UNKNOWN"],
  [
    "a PCK list past its update",
    bends({ pckCrl: { thisUpdate: EARLIER, nextUpdate: new Date(ENDED.nextUpdate) } }),
    {},
    "PCK_CRL_EXPIRED",
  ],
  [
    "a root list past its update",
    bends({ rootCrl: { thisUpdate: EARLIER, nextUpdate: new Date(ENDED.nextUpdate) } }),
    {},
    "ROOT_CRL_EXPIRED",
  ],
  [
    "TCB info past its update",
    bends({ tcbInfo: ENDED }),
    {},
    "TCB_INFO_EXPIRED",
  ],
  [
    "a QE identity past its update",
    bends({ qeIdentity: ENDED }),
    {},
    "QE_IDENTITY_EXPIRED",
  ],
  [
    "TCB info changed after signing",
    bends({ tcbInfoText: (text) => text.replace("UpToDate", "UpToDat3") }),
    {},
    "TCB_INFO_SIGNATURE_INVALID",
  ],
  [
    "a QE identity changed after signing",
    bends({ qeIdentityText: (text) => text.replace("UpToDate", "UpToDat3") }),
    {},
    "QE_IDENTITY_SIGNATURE_INVALID",
  ],
  [
    "a QE identity of another signer",
    bends({ qeIdentity: { mrsigner: "11".repeat(32) } }),
    {},
    "QE_IDENTITY_MRSIGNER_MISMATCH",
  ],
  [
    "a QE identity of another product",
    bends({ qeIdentity: { isvprodid: 77 } }),
    {},
    "QE_IDENTITY_FIELD_MISMATCH",
  ],
  ["a QE identity for SGX", bends({ qeIdentity: { id: "QE" } }), {}, "QE_IDENTITY_ID_INVALID"],
  [
    "a QE identity for nobody",
    bends({ qeIdentity: { id: "SGX_QE" } }),
    {},
    "QE_IDENTITY_ID_INVALID",
  ],
  [
    "a QE identity of version 3",
    bends({ qeIdentity: { version: 3 } }),
    {},
    "QE_IDENTITY_VERSION_INVALID",
  ],
  [
    "a QE identity of no form",
    bends({ qeIdentityDocument: (document) => ({ ...document, text: '{"version":"2"}' }) }),
    {},
    "QV_RESULT_TERMINAL_UNSPECIFIED",
  ],
  [
    "a key that the quoting enclave did not vouch for",
    bends({ qeReport: { reportData: new Uint8Array(64).fill(0x99) } }),
    {},
    "AK_BINDING_INVALID",
  ],
  [
    "a platform of another FMSPC",
    bends({ tcbInfo: { fmspc: "00906ED50000" } }),
    {},
    "PCK_FMSPC_MISMATCH",
  ],
  ["a revoked level", { tcbStatus: "Revoked" }, {}, "TCB_REVOKED"],
  [
    "before the certificates",
    {},
    { expiration_check_date_unix: 1 },
    "PCK_CHAIN_INVALID",
  ],
];

/** Refused by what the contract or its input demands. */
export const DEMANDED: readonly Case[] = [
  [
    "a debug TD",
    { tdAttributes: SEPT_VE_DISABLE | 1n },
    {},
    "TD_ATTRIBUTES_DEBUG_SET",
  ],
  ...[7n, 8n, 29n, 32n].map((bit): Case => [
    `reserved attribute ${bit}`,
    { tdAttributes: SEPT_VE_DISABLE | (1n << bit) },
    pins({ enforce_spec_defaults: true }),
    "TD_ATTRIBUTES_RESERVED_BIT_SET",
  ]),
  ["no x87", { xfam: 0x602e6n }, {}, "XFAM_REQUIRED_BIT_CLEAR"],
  ["a feature that is reserved", { xfam: 0x602e7n | (1n << 40n) }, {}, "XFAM_FORBIDDEN_BIT_SET"],
  [
    "software hardening",
    { tcbStatus: "SWHardeningNeeded" },
    {},
    "QV_RESULT_NOT_ACCEPTED_BY_POLICY",
  ],
  [
    "software hardening that is accepted",
    { tcbStatus: "SWHardeningNeeded" },
    pins({ accepted_qv_results: ["OK", "SW_HARDENING_NEEDED"] }),
    "accepted",
  ],
  [
    "an old platform under a list of nothing",
    { tcbStatus: "OutOfDate" },
    pins({ accepted_qv_results: [] }),
    "QV_RESULT_NOT_ACCEPTED_BY_POLICY",
  ],
  [
    "nothing accepted at all",
    {},
    pins({ accepted_qv_results: [] }),
    "QV_RESULT_NOT_ACCEPTED_BY_POLICY",
  ],
  [
    "collateral of an older recovery",
    {},
    pins({ min_tcb_evaluation_data_number: 4_000_000 }),
    "TCB_EVAL_DATA_NUMBER_TOO_LOW",
  ],
  ["another FMSPC", {}, pins({ expected_fmspc_hex: "000000000000" }), "PCK_FMSPC_MISMATCH"],
  [
    "other attributes",
    {},
    pins({ expected_td_attributes_hex: "0000004000000000" }),
    "TD_ATTRIBUTES_MISMATCH",
  ],
  ["another XFAM", {}, pins({ expected_xfam_hex: "0300000000000000" }), "XFAM_MISMATCH"],
  [
    "another signer of the module",
    {},
    pins({ expected_mr_signer_seam_hex: AA }),
    "MR_SIGNER_SEAM_MISMATCH",
  ],
  [
    "other attributes of the module",
    {},
    pins({ expected_seam_attributes_hex: "0100000000000000" }),
    "SEAM_ATTRIBUTES_MISMATCH",
  ],
  ["another module", {}, pins({ expected_mrseam_allowlist: [AA] }), "MR_SEAM_NOT_ALLOWED"],
  ["no module allowed", {}, pins({ expected_mrseam_allowlist: [] }), "MR_SEAM_NOT_ALLOWED"],
  ["another MRTD", {}, pins({ expected_mrtd_hex: AA }), "MRTD_MISMATCH"],
  ["another RTMR 3", {}, pins({ expected_rtmr3_hex: AA }), "RTMR3_NONZERO"],
  [
    "other report data",
    {},
    pins({ expected_report_data_hex: "11".repeat(64) }),
    "REPORT_DATA_MISMATCH",
  ],
  ["another MRCONFIGID", {}, pins({ expected_mr_config_id_hex: AA }), "MR_CONFIG_ID_MISMATCH"],
  ["another MROWNER", {}, pins({ expected_mr_owner_hex: AA }), "MR_OWNER_MISMATCH"],
  [
    "another MROWNERCONFIG",
    {},
    pins({ expected_mr_owner_config_hex: AA }),
    "MR_OWNER_CONFIG_MISMATCH",
  ],
  [
    "one component below the least, others above",
    { teeTcbSvn: Uint8Array.of(6, 1, 3, ...new Uint8Array(13)) },
    pins({ min_tee_tcb_svn_hex: `000104${"00".repeat(13)}` }),
    "TEE_TCB_SVN_BELOW_MINIMUM",
  ],
  [
    "another vendor of the quoting enclave",
    {},
    pins({ expected_qe_vendor_id_hex: "00".repeat(16) }),
    "QE_VENDOR_ID_MISMATCH",
  ],
];

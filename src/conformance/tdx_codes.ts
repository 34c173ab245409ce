/**
 * Our codes of TDX in the words of the contract.
 *
 * @module
 */

import type { TdxCode } from "../evidence/tdx/codes.ts";
import type { Detail, SharedCode, Words } from "./translate.ts";

/** Why a quote is rejected, in the contract's words. */
export type TdxRejection =
  | "QUOTE_FORMAT_UNSUPPORTED"
  | "QUOTE_TRUNCATED"
  | "WRONG_TEE_TYPE"
  | "ATTESTATION_KEY_TYPE_UNSUPPORTED"
  | "QE_VENDOR_UNKNOWN"
  | "PCK_CHAIN_INVALID"
  | "PCK_CHAIN_INCOMPLETE"
  | "PCK_FMSPC_MISMATCH"
  | "ROOT_CA_UNTRUSTED"
  | "PCK_EXPIRED"
  | "PCK_REVOKED"
  | "INTERMEDIATE_REVOKED"
  | "QUOTE_SIGNATURE_INVALID"
  | "QE_REPORT_SIGNATURE_INVALID"
  | "AK_BINDING_INVALID"
  | "AK_MISMATCH"
  | "TCB_INFO_SIGNATURE_INVALID"
  | "TCB_INFO_EXPIRED"
  | "TCB_INFO_CHAIN_INVALID"
  | "QE_IDENTITY_SIGNATURE_INVALID"
  | "QE_IDENTITY_EXPIRED"
  | "QE_IDENTITY_MRSIGNER_MISMATCH"
  | "QE_IDENTITY_FIELD_MISMATCH"
  | "TCB_REVOKED"
  | "QV_RESULT_TERMINAL_UNSPECIFIED"
  | "QV_RESULT_NOT_ACCEPTED_BY_POLICY"
  | "TD_ATTRIBUTES_MISMATCH"
  | "XFAM_MISMATCH"
  | "MR_SIGNER_SEAM_MISMATCH"
  | "SEAM_ATTRIBUTES_MISMATCH"
  | "MR_SEAM_NOT_ALLOWED"
  | "MRTD_MISMATCH"
  | "MR_CONFIG_ID_MISMATCH"
  | "MR_OWNER_MISMATCH"
  | "MR_OWNER_CONFIG_MISMATCH"
  | "RTMR3_NONZERO"
  | "REPORT_DATA_MISMATCH"
  | "TEE_TCB_SVN_BELOW_MINIMUM"
  | "QE_VENDOR_ID_MISMATCH"
  | "TD_ATTRIBUTES_DEBUG_SET"
  | "TD_ATTRIBUTES_RESERVED_BIT_SET"
  | "XFAM_REQUIRED_BIT_CLEAR"
  | "XFAM_FORBIDDEN_BIT_SET"
  | "TCB_EVAL_DATA_NUMBER_TOO_LOW"
  | "PCK_CRL_EXPIRED"
  | "ROOT_CRL_EXPIRED"
  | "QE_IDENTITY_ID_INVALID"
  | "QE_IDENTITY_VERSION_INVALID";

/** What stands for all that the contract has no word for. */
const NO_WORD = "QV_RESULT_TERMINAL_UNSPECIFIED";

/** Which certificate: the contract tells the leaf, the rest of its chain and the signer of collateral apart. */
const byCertificate = (leaf: TdxRejection) => ({ certificate = "" }: Detail): TdxRejection => {
  if (certificate === "PCK") return leaf;
  return certificate === "TCB signing" ? "TCB_INFO_CHAIN_INVALID" : "PCK_CHAIN_INVALID";
};

const byList = (pck: TdxRejection, root: TdxRejection) => ({ input = "" }: Detail): TdxRejection =>
  input === "root-crl" ? root : pck;

const byDocument =
  (tcbInfo: TdxRejection, qeIdentity: TdxRejection) => ({ input = "" }: Detail): TdxRejection =>
    input === "qe-identity" ? qeIdentity : tcbInfo;

/** The quote holds a chain in PEM; the other files are collateral. */
const byInput = ({ input = "" }: Detail): TdxRejection =>
  input === "quote"
    ? "PCK_CHAIN_INVALID"
    : input === "tcb-chain"
    ? "TCB_INFO_CHAIN_INVALID"
    : NO_WORD;

/** Bytes are missing where there are fewer than the layout needs. */
const byLength = ({ expected = "", actual = "" }: Detail): TdxRejection =>
  Number.parseInt(actual) < Number.parseInt(expected)
    ? "QUOTE_TRUNCATED"
    : "QUOTE_FORMAT_UNSUPPORTED";

/** Bits 0 and 1, x87 and SSE, are always set. */
const byXfam = ({ actual = "0" }: Detail): TdxRejection =>
  (BigInt(actual) & 3n) === 3n ? "XFAM_FORBIDDEN_BIT_SET" : "XFAM_REQUIRED_BIT_CLEAR";

/** The table. */
export const TDX_WORDS: Words<TdxCode | SharedCode, TdxRejection> = {
  "tdx.quote_length": byLength,
  "tdx.quote_version": "QUOTE_FORMAT_UNSUPPORTED",
  "tdx.tee_type": "WRONG_TEE_TYPE",
  "tdx.body_type": "QUOTE_FORMAT_UNSUPPORTED",
  "tdx.attestation_key_type": "ATTESTATION_KEY_TYPE_UNSUPPORTED",
  "tdx.qe_vendor": "QE_VENDOR_UNKNOWN",
  "tdx.certification_data": "QUOTE_FORMAT_UNSUPPORTED",
  "tdx.reserved_not_zero": "QUOTE_FORMAT_UNSUPPORTED",
  "tdx.signature_encoding": "QUOTE_SIGNATURE_INVALID",
  "tdx.trailing_bytes": "QUOTE_FORMAT_UNSUPPORTED",
  "tdx.root_unknown": "ROOT_CA_UNTRUSTED",
  "tdx.root_mismatch": "ROOT_CA_UNTRUSTED",
  "tdx.lab_on_vendor_path": "ROOT_CA_UNTRUSTED",
  "tdx.lab_extension_missing": "ROOT_CA_UNTRUSTED",
  "tdx.chain_order": "PCK_CHAIN_INVALID",
  "tdx.chain_algorithm": byCertificate("PCK_CHAIN_INVALID"),
  "tdx.chain_shape": byCertificate("PCK_CHAIN_INVALID"),
  "tdx.chain_signature": byCertificate("PCK_CHAIN_INVALID"),
  "tdx.pck_shape": "PCK_CHAIN_INVALID",
  "tdx.pck_extension": "PCK_CHAIN_INVALID",
  "tdx.tcb_chain_root": "TCB_INFO_CHAIN_INVALID",
  "tdx.tcb_chain_shape": "TCB_INFO_CHAIN_INVALID",
  "tdx.tcb_chain_signature": "TCB_INFO_CHAIN_INVALID",
  // The contract has no word for a list that is somebody else's or forged.
  "tdx.crl_issuer": NO_WORD,
  "tdx.crl_signature": NO_WORD,
  "tdx.crl_shape": NO_WORD,
  "tdx.revoked": ({ certificate }) =>
    certificate === "PCK"
      ? "PCK_REVOKED"
      : certificate === "TCB signing"
      ? "TCB_INFO_CHAIN_INVALID"
      : "INTERMEDIATE_REVOKED",
  "tdx.tcb_info_format": NO_WORD,
  "tdx.tcb_info_signature": "TCB_INFO_SIGNATURE_INVALID",
  "tdx.tcb_info_id": NO_WORD,
  "tdx.fmspc_mismatch": "PCK_FMSPC_MISMATCH",
  "tdx.pceid_mismatch": NO_WORD,
  "tdx.qe_identity_format": NO_WORD,
  "tdx.qe_identity_signature": "QE_IDENTITY_SIGNATURE_INVALID",
  "tdx.qe_identity_id": "QE_IDENTITY_ID_INVALID",
  "tdx.evaluation_number_mismatch": NO_WORD,
  "tdx.certificate_expired": byCertificate("PCK_EXPIRED"),
  // The contract knows no word for "not yet".
  "tdx.certificate_not_yet_valid": byCertificate("PCK_CHAIN_INVALID"),
  "tdx.crl_expired": byList("PCK_CRL_EXPIRED", "ROOT_CRL_EXPIRED"),
  "tdx.crl_not_yet_valid": NO_WORD,
  "tdx.collateral_expired": byDocument("TCB_INFO_EXPIRED", "QE_IDENTITY_EXPIRED"),
  "tdx.collateral_not_yet_valid": NO_WORD,
  "tdx.qe_report_signature": "QE_REPORT_SIGNATURE_INVALID",
  "tdx.attestation_key_invalid": "AK_BINDING_INVALID",
  "tdx.attestation_key_binding": "AK_BINDING_INVALID",
  "tdx.signature_mismatch": "QUOTE_SIGNATURE_INVALID",
  "tdx.qe_mismatch": ({ field = "" }) =>
    field === "mrsigner" ? "QE_IDENTITY_MRSIGNER_MISMATCH" : "QE_IDENTITY_FIELD_MISMATCH",
  "tdx.qe_level_not_found": NO_WORD,
  "tdx.module_mismatch": ({ field = "" }) =>
    field === "mrsigner" ? "MR_SIGNER_SEAM_MISMATCH" : "SEAM_ATTRIBUTES_MISMATCH",
  "tdx.module_unknown": NO_WORD,
  "tdx.module_level_not_found": NO_WORD,
  "tdx.tcb_level_not_found": NO_WORD,
  "tdx.tcb_revoked": "TCB_REVOKED",
  // Collateral is left aside only where the input says so.
  "tdx.collateral_missing": null,
  "tdx.tcb_status": "QV_RESULT_NOT_ACCEPTED_BY_POLICY",
  "tdx.advisory_refused": "QV_RESULT_NOT_ACCEPTED_BY_POLICY",
  "tdx.tcb_date_too_old": "QV_RESULT_NOT_ACCEPTED_BY_POLICY",
  "tdx.evaluation_number_too_low": "TCB_EVAL_DATA_NUMBER_TOO_LOW",
  "tdx.debug_allowed": "TD_ATTRIBUTES_DEBUG_SET",
  // Bits that newer modules gave a meaning and that the contract calls reserved.
  "tdx.profiling_allowed": "TD_ATTRIBUTES_RESERVED_BIT_SET",
  "tdx.migration_allowed": "TD_ATTRIBUTES_RESERVED_BIT_SET",
  "tdx.attributes_reserved": "TD_ATTRIBUTES_RESERVED_BIT_SET",
  "tdx.attribute": "TD_ATTRIBUTES_MISMATCH",
  "tdx.xfam_reserved": byXfam,
  "tdx.xfam_mismatch": "XFAM_MISMATCH",
  // The contract accepts a genuine quote of anything where nothing is pinned.
  "tdx.mrtd_not_pinned": null,
  "tdx.mrtd_mismatch": "MRTD_MISMATCH",
  "tdx.rtmr1_not_pinned": null,
  "tdx.rtmr2_not_pinned": null,
  "tdx.rtmr0_mismatch": NO_WORD,
  "tdx.rtmr1_mismatch": NO_WORD,
  "tdx.rtmr2_mismatch": NO_WORD,
  "tdx.rtmr3_mismatch": "RTMR3_NONZERO",
  "tdx.mr_config_id_mismatch": "MR_CONFIG_ID_MISMATCH",
  "tdx.mr_owner_mismatch": "MR_OWNER_MISMATCH",
  "tdx.mr_owner_config_mismatch": "MR_OWNER_CONFIG_MISMATCH",
  "tdx.mr_seam_mismatch": "MR_SEAM_NOT_ALLOWED",
  "tdx.service_td_mismatch": NO_WORD,
  "tdx.report_data_mismatch": "REPORT_DATA_MISMATCH",
  "tdx.platform_configuration": NO_WORD,
  "tdx.platform_not_allowed": NO_WORD,
  "tdx.platform_denied": NO_WORD,
  "input.empty": byInput,
  "input.too_large": byInput,
  "input.encoding": byInput,
  "input.wrong_kind": byInput,
  "input.value": byInput,
  "x509.malformed": byInput,
  "x509.crl_malformed": NO_WORD,
  "x509.count": ({ input = "" }) => input === "quote" ? "PCK_CHAIN_INCOMPLETE" : byInput({ input }),
  "freshness.not_checked": null,
  "engine.disagreement": NO_WORD,
};

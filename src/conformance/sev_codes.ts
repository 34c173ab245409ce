/**
 * Our codes of SEV-SNP in the words of the contract.
 *
 * @module
 */

import type { SnpCode } from "../evidence/snp/codes.ts";
import type { Detail, SharedCode, Words } from "./translate.ts";

/** Why a report is rejected, in the contract's words. */
export type SevRejection =
  | "REPORT_FORMAT_UNSUPPORTED"
  | "REPORT_TRUNCATED"
  | "WRONG_REPORT_VERSION"
  | "VCEK_CHAIN_INVALID"
  | "VCEK_EXPIRED"
  | "VCEK_HWID_MISMATCH"
  | "VCEK_TCB_MISMATCH"
  | "ARK_UNTRUSTED"
  | "ASK_INVALID"
  | "REPORT_SIGNATURE_INVALID"
  | "TCB_OUT_OF_DATE"
  | "GUEST_POLICY_DEBUG_SET"
  | "GUEST_POLICY_MIGRATE_MA_SET"
  | "GUEST_POLICY_SINGLE_SOCKET_SET"
  | "GUEST_POLICY_RESERVED_BIT_SET"
  | "PLATFORM_INFO_INVALID"
  | "SIGNER_INFO_INVALID"
  | "MEASUREMENT_MISMATCH"
  | "HOST_DATA_MISMATCH"
  | "REPORT_DATA_MISMATCH"
  | "ID_KEY_DIGEST_MISMATCH"
  | "AUTHOR_KEY_DIGEST_MISMATCH"
  | "QV_RESULT_TERMINAL_UNSPECIFIED";

/** What stands for all that the contract has no word for. */
const NO_WORD = "QV_RESULT_TERMINAL_UNSPECIFIED";

/** Length alone tells a report that was cut short from one that is something else. */
const byLength = ({ actual = "" }: Detail): SevRejection =>
  Number.parseInt(actual) < 1184 ? "REPORT_TRUNCATED" : "REPORT_FORMAT_UNSUPPORTED";

const byCertificate = (leaf: SevRejection) => ({ certificate = "" }: Detail): SevRejection =>
  certificate === "ARK" ? "ARK_UNTRUSTED" : /^ASV?K$/.test(certificate) ? "ASK_INVALID" : leaf;

/** A file that is none is told by which one it was. */
const byInput = ({ input = "" }: Detail): SevRejection =>
  input === "report" ? "REPORT_FORMAT_UNSUPPORTED" : "VCEK_CHAIN_INVALID";

/** The table. */
export const SEV_WORDS: Words<SnpCode | SharedCode, SevRejection> = {
  "snp.report_length": byLength,
  "snp.report_version": "WRONG_REPORT_VERSION",
  "snp.reserved_not_zero": "REPORT_FORMAT_UNSUPPORTED",
  "snp.policy_malformed": "GUEST_POLICY_RESERVED_BIT_SET",
  "snp.signature_algorithm": "REPORT_FORMAT_UNSUPPORTED",
  "snp.unsigned": "SIGNER_INFO_INVALID",
  "snp.signing_key_unknown": "SIGNER_INFO_INVALID",
  "snp.signature_encoding": "REPORT_SIGNATURE_INVALID",
  "snp.certificate_table": "REPORT_FORMAT_UNSUPPORTED",
  "snp.root_unknown": "ARK_UNTRUSTED",
  "snp.root_mismatch": "ARK_UNTRUSTED",
  "snp.lab_on_vendor_path": "ARK_UNTRUSTED",
  "snp.lab_extension_missing": "ARK_UNTRUSTED",
  "snp.chain_order": "VCEK_CHAIN_INVALID",
  "snp.chain_shape": byCertificate("VCEK_CHAIN_INVALID"),
  "snp.chain_algorithm": byCertificate("VCEK_CHAIN_INVALID"),
  "snp.ark_signature": "ARK_UNTRUSTED",
  "snp.ask_signature": "ASK_INVALID",
  "snp.leaf_signature": "VCEK_CHAIN_INVALID",
  "snp.leaf_shape": "VCEK_CHAIN_INVALID",
  "snp.leaf_extension": "VCEK_CHAIN_INVALID",
  "snp.certificate_expired": byCertificate("VCEK_EXPIRED"),
  // The contract knows no word for "not yet".
  "snp.certificate_not_yet_valid": byCertificate("VCEK_CHAIN_INVALID"),
  // No list comes with an input, so its absence is nothing that the contract asks about.
  "snp.crl_missing": null,
  "snp.crl_issuer": NO_WORD,
  "snp.crl_signature": NO_WORD,
  "snp.crl_expired": NO_WORD,
  "snp.crl_not_yet_valid": NO_WORD,
  "snp.crl_shape": NO_WORD,
  "snp.crl_scope": NO_WORD,
  "snp.revoked": NO_WORD,
  "snp.signature_mismatch": "REPORT_SIGNATURE_INVALID",
  "snp.key_type_mismatch": "SIGNER_INFO_INVALID",
  "snp.product_mismatch": "VCEK_CHAIN_INVALID",
  "snp.tcb_mismatch": "VCEK_TCB_MISMATCH",
  "snp.chip_id_mismatch": "VCEK_HWID_MISMATCH",
  "snp.chip_id_masked": "VCEK_HWID_MISMATCH",
  "snp.chip_denied": NO_WORD,
  "snp.chip_not_allowed": NO_WORD,
  "snp.chip_unnamed": NO_WORD,
  "snp.product_compromised": "ARK_UNTRUSTED",
  "snp.report_data_mismatch": "REPORT_DATA_MISMATCH",
  "snp.measurement_mismatch": "MEASUREMENT_MISMATCH",
  // The contract accepts a genuine report of anything where nothing is pinned.
  "snp.measurement_not_pinned": null,
  "snp.host_data_mismatch": "HOST_DATA_MISMATCH",
  "snp.id_key_mismatch": "ID_KEY_DIGEST_MISMATCH",
  "snp.author_key_mismatch": "AUTHOR_KEY_DIGEST_MISMATCH",
  "snp.guest_svn_too_low": NO_WORD,
  "snp.debug_allowed": "GUEST_POLICY_DEBUG_SET",
  "snp.migration_allowed": "GUEST_POLICY_MIGRATE_MA_SET",
  "snp.smt_refused": NO_WORD,
  "snp.single_socket_required": NO_WORD,
  "snp.abi_too_low": NO_WORD,
  "snp.guest_policy": NO_WORD,
  "snp.vmpl": NO_WORD,
  "snp.tcb_too_low": "TCB_OUT_OF_DATE",
  "snp.tcb_floor_missing": "TCB_OUT_OF_DATE",
  "snp.tcb_order": NO_WORD,
  "snp.firmware_provisional": NO_WORD,
  "snp.platform_info": "PLATFORM_INFO_INVALID",
  "input.empty": byInput,
  "input.too_large": byInput,
  "input.encoding": byInput,
  "input.wrong_kind": byInput,
  "input.value": byInput,
  "x509.malformed": "VCEK_CHAIN_INVALID",
  "x509.crl_malformed": NO_WORD,
  "x509.count": "VCEK_CHAIN_INVALID",
  "freshness.not_checked": null,
  "engine.disagreement": NO_WORD,
};

/**
 * Input of `verify-attestation-tdx`.
 *
 * @module
 */

import {
  boolean,
  type Decoder,
  hex,
  integer,
  object,
  oneOf,
  optional,
  required,
} from "../core/decode.ts";
import type { AcceptableStatus } from "../evidence/tdx/policy.ts";
import { base64, items, maybe, pin, schemaVersion, textBytes, unixTime } from "./read.ts";

/** TCB statuses by the contract's words for them (Intel's enumeration of quote verification results). */
export const STATUS_OF_RESULT = {
  OK: "UpToDate",
  SW_HARDENING_NEEDED: "SWHardeningNeeded",
  CONFIG_NEEDED: "ConfigurationNeeded",
  CONFIG_AND_SW_HARDENING_NEEDED: "ConfigurationAndSWHardeningNeeded",
  OUT_OF_DATE: "OutOfDate",
  OUT_OF_DATE_CONFIG_NEEDED: "OutOfDateConfigurationNeeded",
  TD_RELAUNCH_ADVISED: "TDRelaunchAdvised",
  TD_RELAUNCH_ADVISED_CONFIG_NEEDED: "TDRelaunchAdvisedConfigurationNeeded",
} as const satisfies Readonly<Record<string, AcceptableStatus>>;

/** One of these words. */
export type QvResult = keyof typeof STATUS_OF_RESULT;

/** The words, from best to worst. */
export const QV_RESULTS: readonly QvResult[] = [
  "OK",
  "SW_HARDENING_NEEDED",
  "CONFIG_NEEDED",
  "CONFIG_AND_SW_HARDENING_NEEDED",
  "OUT_OF_DATE",
  "OUT_OF_DATE_CONFIG_NEEDED",
  "TD_RELAUNCH_ADVISED",
  "TD_RELAUNCH_ADVISED_CONFIG_NEEDED",
];

/** What the evidence must have, beside being genuine. */
export interface TdxPins {
  /** Statuses that are accepted; absent means `OK` alone. */
  readonly accepted_qv_results: readonly QvResult[] | null;
  /** FMSPC, hex. */
  readonly expected_fmspc_hex: string | null;
  /** Whether the collateral is used at all; absent means yes. */
  readonly tcb_evaluation_required: boolean | null;
  /** TD_ATTRIBUTES, bytes in memory. */
  readonly expected_td_attributes_hex: string | null;
  /** XFAM, bytes in memory. */
  readonly expected_xfam_hex: string | null;
  /** MRSIGNERSEAM. */
  readonly expected_mr_signer_seam_hex: string | null;
  /** SEAMATTRIBUTES, bytes in memory. */
  readonly expected_seam_attributes_hex: string | null;
  /** Accepted MRSEAM. */
  readonly expected_mrseam_allowlist: readonly string[] | null;
  /** MRTD. */
  readonly expected_mrtd_hex: string | null;
  /** MRCONFIGID. */
  readonly expected_mr_config_id_hex: string | null;
  /** MROWNER. */
  readonly expected_mr_owner_hex: string | null;
  /** MROWNERCONFIG. */
  readonly expected_mr_owner_config_hex: string | null;
  /** RTMR 3. */
  readonly expected_rtmr3_hex: string | null;
  /** REPORTDATA. */
  readonly expected_report_data_hex: string | null;
  /** Lowest TEE_TCB_SVN, component by component. */
  readonly min_tee_tcb_svn_hex: string | null;
  /** Lowest number of the TCB recovery of the collateral. */
  readonly min_tcb_evaluation_data_number: number | null;
  /** Vendor of the quoting enclave. */
  readonly expected_qe_vendor_id_hex: string | null;
  /** Whether TD_ATTRIBUTES and XFAM are judged, which they always are. */
  readonly enforce_spec_defaults: boolean | null;
}

/** Collateral. */
export interface TdxCollateralInput {
  /** TCB info, JSON as the PCS returns it. */
  readonly tcb_info_json: Uint8Array;
  /** QE identity, JSON as the PCS returns it. */
  readonly qe_identity_json: Uint8Array;
  /** List of the CA of the PCK certificate, DER. */
  readonly pck_crl_der_b64: Uint8Array;
  /** List of the root, DER. */
  readonly root_crl_der_b64: Uint8Array;
  /** Root of this input alone, PEM. */
  readonly intel_root_ca_pem: Uint8Array | null;
  /** Chain of who signed the TCB info, PEM. */
  readonly tcb_info_issuer_chain_pem: Uint8Array | null;
  /** Chain of who signed the QE identity, PEM. */
  readonly qe_identity_issuer_chain_pem: Uint8Array | null;
  /** Chain of who issued the list, PEM. */
  readonly pck_crl_issuer_chain_pem: Uint8Array | null;
}

/** Evidence and what it must have. */
export interface TdxEvidenceInput {
  /** Quote, raw. */
  readonly quote_b64: Uint8Array;
  /** Collateral. */
  readonly collateral: TdxCollateralInput;
  /** Moment for which to judge. */
  readonly expiration_check_date_unix: Date;
  /** What the evidence must have. */
  readonly policy: TdxPins | null;
}

/** The whole input. */
export interface TdxInput extends TdxEvidenceInput {
  /** Version of the contract. */
  readonly schema_version: "1";
  /** Which surface to try: here there is one. */
  readonly execution_mode: "adapter" | "public_api" | null;
}

/** Most values of a list of MRSEAM. */
const MAX_MODULES = 2048;

const pins: Decoder<TdxPins> = object<TdxPins>({
  accepted_qv_results: maybe(items(oneOf(...QV_RESULTS), QV_RESULTS.length)),
  expected_fmspc_hex: pin(6),
  tcb_evaluation_required: maybe(boolean()),
  expected_td_attributes_hex: pin(8),
  expected_xfam_hex: pin(8),
  expected_mr_signer_seam_hex: pin(48),
  expected_seam_attributes_hex: pin(8),
  expected_mrseam_allowlist: maybe(items(hex(48), MAX_MODULES)),
  expected_mrtd_hex: pin(48),
  expected_mr_config_id_hex: pin(48),
  expected_mr_owner_hex: pin(48),
  expected_mr_owner_config_hex: pin(48),
  expected_rtmr3_hex: pin(48),
  expected_report_data_hex: pin(64),
  min_tee_tcb_svn_hex: pin(16),
  min_tcb_evaluation_data_number: maybe(integer(0, 0xffff_ffff)),
  expected_qe_vendor_id_hex: pin(16),
  enforce_spec_defaults: maybe(boolean()),
});

const collateral: Decoder<TdxCollateralInput> = object<TdxCollateralInput>({
  tcb_info_json: required(textBytes(), "TCB info"),
  qe_identity_json: required(textBytes(), "QE identity"),
  pck_crl_der_b64: required(base64(), "List of the PCK CA"),
  root_crl_der_b64: required(base64(), "List of the root"),
  intel_root_ca_pem: maybe(textBytes()),
  tcb_info_issuer_chain_pem: maybe(textBytes()),
  qe_identity_issuer_chain_pem: maybe(textBytes()),
  pck_crl_issuer_chain_pem: maybe(textBytes()),
});

const evidence = {
  quote_b64: required(base64(), "Quote"),
  collateral: required(collateral, "Collateral"),
  expiration_check_date_unix: required(unixTime(), "Moment for which to judge"),
  policy: maybe(pins),
};

/** Evidence as it stands within `verify-full`, where the contract demands the quote alone. */
export interface TdxPartInput extends Pick<TdxEvidenceInput, "quote_b64" | "policy"> {
  /** Collateral; null where none is brought. */
  readonly collateral: TdxCollateralInput | null;
  /** Moment for which to judge; null where none is stated. */
  readonly expiration_check_date_unix: Date | null;
}

/** Reads evidence within `verify-full`. */
export const tdxPartInput: Decoder<TdxPartInput> = object<TdxPartInput>({
  ...evidence,
  collateral: maybe(collateral),
  expiration_check_date_unix: maybe(unixTime()),
});

/** Reads the input. */
export const tdxInput: Decoder<TdxInput> = object<TdxInput>({
  ...evidence,
  schema_version: schemaVersion,
  execution_mode: optional(oneOf("adapter", "public_api"), null, "Which surface to try"),
});

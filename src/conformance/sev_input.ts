/**
 * Input of `verify-attestation-sev`.
 *
 * @module
 */

import {
  boolean,
  type Decoder,
  integer,
  object,
  oneOf,
  optional,
  required,
} from "../core/decode.ts";
import { base64, maybe, pin, schemaVersion, textBytes, unixTime } from "./read.ts";

/** What the evidence must have, beside being genuine. */
export interface SevPins {
  /** MEASUREMENT, hex. */
  readonly expected_measurement_hex: string | null;
  /** HOST_DATA, hex. */
  readonly expected_host_data_hex: string | null;
  /** REPORT_DATA, hex. */
  readonly expected_report_data_hex: string | null;
  /** ID_KEY_DIGEST, hex. */
  readonly expected_id_key_digest_hex: string | null;
  /** AUTHOR_KEY_DIGEST, hex. */
  readonly expected_author_key_digest_hex: string | null;
  /** Lowest version of the boot loader. */
  readonly min_tcb_bl_spl: number | null;
  /** Lowest version of the secure processor's operating system. */
  readonly min_tcb_tee_spl: number | null;
  /** Lowest version of the SNP firmware. */
  readonly min_tcb_snp_spl: number | null;
  /** Lowest microcode. */
  readonly min_tcb_ucode_spl: number | null;
  /** Whether the guest policy is judged, which it always is. */
  readonly enforce_spec_defaults: boolean | null;
}

/** Evidence and what it must have. */
export interface SevEvidenceInput {
  /** Report, compressed. */
  readonly attestation_doc_b64: Uint8Array;
  /** VCEK, DER. */
  readonly vcek_der_b64: Uint8Array;
  /** Root of this input alone, PEM. */
  readonly amd_root_ca_pem: Uint8Array | null;
  /** What it issued, PEM. */
  readonly ask_pem: Uint8Array | null;
  /** Moment for which to judge. */
  readonly expiration_check_date_unix: Date | null;
  /** What the evidence must have. */
  readonly policy: SevPins | null;
}

/** The whole input. */
export interface SevInput extends SevEvidenceInput {
  /** Version of the contract. */
  readonly schema_version: "1";
  /** Which surface to try: here there is one. */
  readonly execution_mode: "adapter" | "public_api" | null;
}

/** The contract sets no limit; what no report reaches is rejected as such. */
const version = integer(0, Number.MAX_SAFE_INTEGER);

const pins: Decoder<SevPins> = object<SevPins>({
  expected_measurement_hex: pin(48),
  expected_host_data_hex: pin(32),
  expected_report_data_hex: pin(64),
  expected_id_key_digest_hex: pin(48),
  expected_author_key_digest_hex: pin(48),
  min_tcb_bl_spl: maybe(version),
  min_tcb_tee_spl: maybe(version),
  min_tcb_snp_spl: maybe(version),
  min_tcb_ucode_spl: maybe(version),
  enforce_spec_defaults: maybe(boolean()),
});

const evidence = {
  attestation_doc_b64: required(base64(), "Report, compressed"),
  vcek_der_b64: required(base64(), "VCEK"),
  amd_root_ca_pem: maybe(textBytes()),
  ask_pem: maybe(textBytes()),
  expiration_check_date_unix: maybe(unixTime()),
  policy: maybe(pins),
};

/** Reads the evidence alone, as it stands within `verify-full`. */
export const sevEvidenceInput: Decoder<SevEvidenceInput> = object<SevEvidenceInput>(evidence);

/** Reads the input. The harness adds `execution_mode`, which the published schema of this stage lacks. */
export const sevInput: Decoder<SevInput> = object<SevInput>({
  ...evidence,
  schema_version: schemaVersion,
  execution_mode: optional(oneOf("adapter", "public_api"), null, "Which surface to try"),
});

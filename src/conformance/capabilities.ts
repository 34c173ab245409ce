/**
 * What this program says of itself to a harness, which leaves out what is not built.
 *
 * @module
 */

/**
 * The object.
 *
 * @param version Version of the program.
 */
export function capabilities(version: string): object {
  return {
    schema_version: "1",
    sdk: "casemate",
    sdk_version: version,
    stages_supported: [
      "verify-attestation-sev",
      "verify-attestation-tdx",
      "verify-hardware-measurements",
      "verify-measurement",
      "verify-full",
    ],
    measurement: { compare_multiplatform_to_tdx_supported: true },
    attestation_sev: {
      supported: true,
      injected_collateral_supported: true,
      extended_checks_supported: true,
      amd_root_ca_injection_supported: true,
      verification_time_override: "supported",
      public_api_hooks_supported: true,
    },
    attestation_tdx: {
      supported: true,
      injected_collateral_supported: true,
      verification_time_override: "supported",
      tcb_evaluation_supported: true,
      public_api_hooks_supported: true,
      extended_td_checks_supported: true,
      // Strict unless the input names a status: what the contract calls acceptable by default has known holes.
      accepts_non_terminal_tcb_statuses: false,
      enforces_tcb_evaluation_data_number_minimum: true,
      policy_fields_supported: { expected_fmspc_hex: true, accepted_qv_results: true },
    },
    platforms_supported: ["sev-snp", "tdx"],
    transport_modes_supported: [],
    ehbp: { key_binding_supported: false },
    flow_modes_supported: ["pinned"],
  };
}

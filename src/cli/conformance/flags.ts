/**
 * Flags of `casemate conformance`.
 *
 * @module
 */

/** Chains of AMD's certificates. */
export const AMD_CHAIN_FLAG = "amd-chain";

/** Chains of Intel's collateral. */
export const TCB_CHAIN_FLAG = "intel-tcb-chain";

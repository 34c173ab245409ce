//! Intel TDX: quotes of trust domains, the certificates and the collateral that vouch for them.
//! SGX quotes are read and verified by the same code, since their collateral is the same.
//!
//! Sources cited: Intel "TDX DCAP Quoting Library API" and "SGX ECDSA Quote Library Reference" (quotes),
//! "TDX Module ABI Specification" (TDREPORT), "SGX PCK Certificate and CRL Profile Specification", and the
//! documentation of the Provisioning Certification Service (PCS), version 4.

pub mod attributes;
pub mod chain;
pub mod codes;
pub mod collateral;
pub mod crl_chain;
pub mod cursor;
pub mod document;
pub mod enclave_report;
pub mod endorsements;
pub mod evaluation;
pub mod header;
pub mod json_value;
pub mod level;
pub mod pck;
pub mod pck_extension;
pub mod platform;
pub mod qe_identity;
pub mod quote;
pub mod quoting_enclave;
pub mod revocation;
pub mod show;
pub mod signature;
pub mod status;
pub mod tcb_info;
pub mod tcb_signing;
pub mod td_report;
pub mod tdx_module;
pub mod verify;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}

//! Attestation documents of AWS Nitro, of enclaves and of NitroTPMs.
//!
//! Sources cited: AWS, "Validate a NitroTPM Attestation Document" and
//! "Verifying the root of trust"; RFC 8949 (CBOR), RFC 9052 and 9053 (COSE).

pub mod cbor;
pub mod chain;
pub mod codes;
pub mod cose;
pub mod document;
pub mod verify;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}

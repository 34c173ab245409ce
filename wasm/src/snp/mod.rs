//! AMD SEV-SNP: attestation reports and the certificates that vouch for their key.
//!
//! Sections cited are those of AMD's "SEV Secure Nested Paging Firmware ABI
//! Specification" (publication 56860, revision 1.58) and of "Versioned Chip
//! Endorsement Key (VCEK) Certificate and KDS Interface Specification"
//! (publication 57230).

pub mod binding;
pub mod chain;
pub mod codes;
pub mod guest_policy;
pub mod leaf;
pub mod line;
pub mod platform_info;
pub mod report;
pub mod revocation;
pub mod shape;
pub mod signature;
pub mod table;
pub mod tcb;
pub mod verify;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}

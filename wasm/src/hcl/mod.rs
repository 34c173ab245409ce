//! Azure's paravisor (HCL): what it tells of a confidential VM and binds to the
//! report of the hardware.
//!
//! Sources cited: Microsoft, "Guest attestation for confidential VMs"; Intel,
//! "TDX Module ABI Specification".

pub mod codes;
pub mod key;
pub mod report;
pub mod runtime;
pub mod td_report;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}

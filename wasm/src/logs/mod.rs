//! Event logs: what firmware, boot loader and kernel say they extended into
//! the registers of a TPM or of a TD.
//!
//! Sources cited: TCG "PC Client Platform Firmware Profile Specification" (PFP),
//! UEFI 2.10 §38.4 (CCEL), TCG "Canonical Event Log Format" (CEL).

pub mod codes;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}

//! Event logs: what firmware, boot loader and kernel say they extended into
//! the registers of a TPM or of a TD.
//!
//! Sources cited: TCG "PC Client Platform Firmware Profile Specification" (PFP),
//! UEFI 2.10 §38.4 (CCEL), TCG "Canonical Event Log Format" (CEL).

pub mod algorithm;
pub mod builder;
pub mod bytes;
pub mod cel;
pub mod cel_json;
pub mod cel_tlv;
pub mod codes;
pub mod covered;
pub mod event;
pub mod event_type;
pub mod header;
pub mod read;
pub mod replay;
pub mod tcg;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}

/// A refusal before the first event, or of the log as a whole.
fn refuse(code: Code, reason: impl Into<String>) -> Refusal {
    Refusal::from(code).with("reason", reason)
}

/// A refusal of an event.
fn refuse_event(code: Code, number: usize, reason: impl Into<String>) -> Refusal {
    Refusal::from(code)
        .with("event", number.to_string())
        .with("reason", reason)
}

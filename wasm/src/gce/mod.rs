//! Google Compute Engine: what it certifies of an instance and of its firmware.

pub mod codes;
pub mod endorsement;
pub mod endorsement_message;
pub mod endorsement_wire;
pub mod instance;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}

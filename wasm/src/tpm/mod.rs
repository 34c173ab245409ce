//! TPM 2.0: quotes, the keys that sign them, and the certificates of these keys.
//!
//! Sources cited: TCG "TPM 2.0 Library" Part 1 (names) and Part 2 (structures),
//! "TPM v2.0 EK Credential Profile", "PC Client Platform TPM Profile".

pub mod algorithm;
pub mod attest;
pub mod attributes;
pub mod certificate;
pub mod chain;
pub mod codes;
pub mod cursor;
pub mod identity;
pub mod key;
pub mod parameters;
pub mod pool;
pub mod public_area;
pub mod registers;
pub mod role;
pub mod scheme;
pub mod selection;
pub mod shape;
pub mod signature;
pub mod verify;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}

//! TPM 2.0: quotes, the keys that sign them, and the certificates of these keys.
//!
//! Sources cited: TCG "TPM 2.0 Library" Part 1 (names) and Part 2 (structures),
//! "TPM v2.0 EK Credential Profile", "PC Client Platform TPM Profile".

pub mod codes;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}

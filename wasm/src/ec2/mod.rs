//! Amazon EC2: the identity document of an instance and the signature over it.
//!
//! Sources cited: AWS, "Instance identity documents for Amazon EC2 instances";
//! RFC 5652 (Cryptographic Message Syntax).

pub mod codes;
pub mod document;
pub mod identity;
pub mod message;
pub mod signed_data;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}

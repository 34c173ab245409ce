//! What clouds add to the reports of the hardware, minted and bent.

mod gce;
mod hcl;
mod identity;
mod identity_blueprint;
mod openssl;
mod runtime;

use casemate_core::json::write::Json;
use serde_json::Value;

/// What an operation answers: a value, the code of a refusal, or a bug.
enum Outcome {
    Value(Value),
    Code(String),
    Bug,
}

/// Runs an operation as the calling code does.
fn run<T: Json>(
    operation: fn(&[u8]) -> Result<T, casemate_core::answer::Refusal>,
    fields: &[&[u8]],
) -> Outcome {
    let input = casemate_core::frame::write(fields).unwrap();
    let answer = casemate_core::answer::run(&input, operation);
    let mut answer: Value = serde_json::from_str(&answer).unwrap();
    if let Some(value) = answer.get_mut("ok") {
        return Outcome::Value(value.take());
    }
    match answer["rejected"]["code"].as_str() {
        Some(code) => Outcome::Code(String::from(code)),
        None => Outcome::Bug,
    }
}

impl Outcome {
    /// The value; it must be one.
    fn value(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::Code(code) => panic!("refused: {code}"),
            Self::Bug => panic!("a bug of the calling code"),
        }
    }

    /// The code; empty for a value.
    fn code(self) -> String {
        match self {
            Self::Value(_) => String::new(),
            Self::Code(code) => code,
            Self::Bug => String::from("bug"),
        }
    }
}

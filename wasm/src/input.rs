//! Limits of the parts that an operation takes.

use crate::answer::Refusal;
use crate::x509::codes::Code;

/// Most items of a list of parts that the calling code may hand over.
pub const MAX_ITEMS: usize = 4096;

/// A part with its name for the person who gave it.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Name, as `quote`.
    pub name: &'static str,
    /// Largest size, bytes.
    pub limit: usize,
}

impl Part {
    /// Refuses a part that is empty or larger than any genuine one.
    ///
    /// # Errors
    /// `input.empty`, `input.too_large`
    pub fn check(&self, bytes: &[u8]) -> Result<(), Refusal> {
        if bytes.is_empty() {
            return Err(Refusal::from(Code::InputEmpty).with("input", self.name));
        }
        if bytes.len() > self.limit {
            return Err(too_large(self.name, self.limit, bytes.len(), "bytes"));
        }
        Ok(())
    }
}

/// A refusal of more than there may be.
#[must_use]
pub fn too_large(input: &'static str, limit: usize, actual: usize, of: &str) -> Refusal {
    Refusal::from(Code::InputTooLarge)
        .with("input", input)
        .with("limit", format!("{limit} {of}"))
        .with("actual", format!("{actual} {of}"))
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn check_knows_both_ends() {
        let part = Part {
            name: "quote",
            limit: 2,
        };
        assert_eq!(part.check(&[]).unwrap_err().code(), "input.empty");
        assert!(part.check(&[1]).is_ok() && part.check(&[1, 2]).is_ok());
        let large = part.check(&[1, 2, 3]).unwrap_err();
        assert_eq!(large.code(), "input.too_large");
        assert_eq!(large.field("actual"), Some("3 bytes"));
    }
}

//! Signatures of quotes: ECDSA P-256 with SHA-256, R and S big-endian.

use crate::answer::Refusal;
use crate::hex::{Hex, encode};
use crate::json::write::object;
use crate::tdx::codes::Code;
use crate::tdx::cursor::Cursor;
use crate::x509::ecdsa::{self, P256Key};
use casemate_arithmetic::P256Signature;

/// A signature whose numbers are in range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteSignature {
    r: Hex<32>,
    s: Hex<32>,
    signature: P256Signature,
}

object!(QuoteSignature { r, s; signature });

impl QuoteSignature {
    /// Takes R and S. Numbers that are zero or not below the order of the group
    /// are refused here: reducing them would make one signature out of several.
    ///
    /// # Arguments
    /// `name` says for a person which signature it is.
    ///
    /// # Errors
    /// `tdx.quote_length`, `tdx.signature_encoding`
    pub fn take(fields: &mut Cursor<'_>, name: &'static str) -> Result<Self, Refusal> {
        let (r, s) = (fields.array(name)?, fields.array(name)?);
        let signature = ecdsa::signature(r, s).ok_or_else(|| {
            Refusal::from(Code::SignatureEncoding)
                .with("signature", name)
                .with(
                    "expected",
                    "R and S at least 1 and below the order of the group",
                )
                .with("actual", format!("R {}, S {}", encode(&r), encode(&s)))
        })?;
        Ok(Self {
            r: Hex(r),
            s: Hex(s),
            signature,
        })
    }

    /// Whether it is a key's over a message.
    #[must_use]
    pub fn is_of(&self, key: &P256Key, message: &[u8]) -> bool {
        key.verifies(message, &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::QuoteSignature;
    use crate::answer::Refusal;
    use crate::json::write;
    use crate::tdx::cursor::Cursor;
    use serde_json::json;

    fn take(numbers: &[u8]) -> Result<QuoteSignature, Refusal> {
        QuoteSignature::take(&mut Cursor::of(numbers), "test")
    }

    #[test]
    fn take_shows_r_and_s() {
        let mut numbers = [0; 64];
        (numbers[31], numbers[63]) = (1, 2);
        let text = |last: u8| format!("{last:064x}");
        let expected = json!({ "r": text(1), "s": text(2) });
        assert_eq!(write::tree(&take(&numbers).unwrap()), expected);
    }

    #[test]
    fn take_refuses_zero_and_what_is_too_short() {
        for index in [31, 63] {
            let mut numbers = [0; 64];
            numbers[index] = 1;
            assert_eq!(take(&numbers).unwrap_err().code(), "tdx.signature_encoding");
        }
        assert_eq!(take(&[1; 63]).unwrap_err().code(), "tdx.quote_length");
    }
}

//! One extension of a certificate, as it stands there; nothing is verified.

use crate::answer::Refusal;
use crate::frame;
use crate::hex;
use crate::json::write::object;
use crate::x509::certificate::Certificate;
use crate::x509::encoding::{self, Kind, Place};
use crate::x509::oid;

/// Largest certificate, bytes: one that carries evidence has an envelope of up to 512 KiB in it, as
/// base64url of JSON.
const MAX_CARRIER_BYTES: usize = 1024 * 1024;

const PLACE: Place = Place {
    name: "certificate",
    kind: Some(Kind::Certificate),
    limit: MAX_CARRIER_BYTES,
};
/// Longest identifier that is asked for, characters.
const MAX_IDENTIFIER: usize = 128;

/// What an extension says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether who does not know it must refuse the certificate.
    pub critical: bool,
    /// Content of its OCTET STRING, hex.
    pub value: String,
}

object!(Found { critical, value });

/// Reads an extension; none where the certificate has no such one. Fields: the
/// certificate, PEM or DER; the extension's identifier, as `2.5.29.15`.
///
/// # Errors
/// `x509.*`, `input.*`
pub fn operation(input: &[u8]) -> Result<Option<Found>, Refusal> {
    let [bytes, id] = frame::fields(input)?;
    let id = core::str::from_utf8(id).ok().filter(|id| is_identifier(id));
    let id = id.ok_or_else(|| Refusal::bug("the identifier is none in numbers and dots"))?;
    let [der] = encoding::exactly(bytes, &PLACE)?;
    let certificate = Certificate::parse_within(MAX_CARRIER_BYTES, der, PLACE.name)?;
    let mut all = certificate.extensions().iter();
    let found = all.find(|extension| oid::text(&extension.id) == id);
    Ok(found.map(|extension| Found {
        critical: extension.critical,
        value: hex::encode(&extension.value),
    }))
}

/// Numbers without zeros before them, at least two, the first at most 2.
fn is_identifier(text: &str) -> bool {
    let is_number = |part: &str| {
        let digits = part.bytes().all(|digit| digit.is_ascii_digit());
        digits && !part.is_empty() && (part == "0" || !part.starts_with('0'))
    };
    let (first, rest) = text.split_once('.').unwrap_or_default();
    text.len() <= MAX_IDENTIFIER
        && matches!(first, "0" | "1" | "2")
        && rest.split('.').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::is_identifier;

    #[test]
    fn is_identifier_takes_numbers_and_dots_alone() {
        for text in ["2.5.29.15", "0.0", "2.999.67.1"] {
            assert!(is_identifier(text), "{text}");
        }
        for text in [
            "", "2", "2.", ".5", "3.5", "2.05", "2.5.", "2..5", "2.5 ", "2.a", "#5512",
        ] {
            assert!(!is_identifier(text), "{text}");
        }
    }
}

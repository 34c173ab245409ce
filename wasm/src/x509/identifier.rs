//! Identifiers of algorithms, of curves and of parts of names.
//!
//! `const-oid` reads a part of five bytes into 32 bits whatever it holds, and
//! takes padded parts, so that several identifiers have one text; what is shown
//! could then be another than what was signed.

use der::asn1::ObjectIdentifier;
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// Whether each part has as few bytes as possible (X.690 §8.19.2) and fits into 32 bits.
#[must_use]
pub fn is_plain(id: &ObjectIdentifier) -> bool {
    let mut starts = true;
    let mut part: u64 = 0;
    for byte in id.as_bytes() {
        if starts && *byte == 0x80 {
            return false;
        }
        part = part << 7 | u64::from(byte & 0x7f);
        if part > u64::from(u32::MAX) {
            return false;
        }
        starts = byte & 0x80 == 0;
        if starts {
            part = 0;
        }
    }
    starts
}

/// Refuses an identifier that is not plain.
///
/// # Errors
/// Says so, for a person.
pub fn check(id: &ObjectIdentifier) -> Result<(), String> {
    if is_plain(id) {
        return Ok(());
    }
    Err(String::from(
        "an object identifier is padded, or a part of it too large",
    ))
}

/// The same for an algorithm, without its parameters.
///
/// # Errors
/// Those of [`check`].
pub fn check_algorithm(algorithm: &AlgorithmIdentifier) -> Result<(), String> {
    check(&algorithm.oid)
}

/// The same for the algorithm of a key.
///
/// # Errors
/// Those of [`check`].
pub fn check_key(key: &SubjectPublicKeyInfo) -> Result<(), String> {
    check(&key.algorithm.oid)
}

#[cfg(test)]
mod tests {
    use super::{check, is_plain};
    use der::asn1::ObjectIdentifier;

    fn plain(bytes: &[u8]) -> bool {
        is_plain(&ObjectIdentifier::from_bytes(bytes).unwrap())
    }

    #[test]
    fn identifiers_in_use_are_plain() {
        for text in [
            "2.5.4.3",
            "1.2.840.10045.4.3.2",
            "2.16.840.1.101.3.4.2.2",
            "1.2.4294967295",
        ] {
            let id = ObjectIdentifier::new(text).unwrap();
            assert!(is_plain(&id), "{text}");
            assert!(check(&id).is_ok());
        }
    }

    /// What the decoder lets pass: each of these has the text of another one.
    #[test]
    fn identifiers_with_the_text_of_another_are_not_plain() {
        assert!(plain(&[0x55, 4, 3]));
        assert!(!plain(&[0x55, 4, 0x80, 3]));
        assert!(plain(&[0x55, 4, 0x8f, 0xff, 0xff, 0xff, 0x7f]));
        assert!(!plain(&[0x55, 4, 0x90, 0x80, 0x80, 0x80, 3]));
        let wrapped = ObjectIdentifier::from_bytes(&[0x55, 4, 0x90, 0x80, 0x80, 0x80, 3]);
        assert_eq!(wrapped.unwrap().to_string(), "2.5.4.3");
    }
}

//! Extensions of certificates and lists (RFC 5280 §4.2 and §5.2).

use crate::x509::strict;
use crate::x509::structure::{Extension, Oid};
use der::asn1::{BitStringRef, ObjectIdentifier};
use x509_cert::ext::pkix::crl::IssuingDistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{BasicConstraints, CrlDistributionPoints};

/// Subject key identifier (§4.2.1.2).
pub const SUBJECT_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
/// Key usage (§4.2.1.3).
pub const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
/// Subject alternative name (§4.2.1.6).
pub const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
/// Extended key usage (§4.2.1.12).
pub const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
/// Basic constraints (§4.2.1.9).
pub const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
/// CRL number (§5.2.3).
pub const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
/// Reason of a revocation (§5.3.1).
pub const CRL_REASON: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
/// Date since which a key is invalid (§5.3.2).
pub const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
/// Delta CRL indicator (§5.2.4).
pub const DELTA_CRL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.27");
/// Issuing distribution point (§5.2.5).
pub const ISSUING_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
/// CRL distribution points (§4.2.1.13).
pub const DISTRIBUTION_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
/// Authority key identifier (§4.2.1.1).
pub const AUTHORITY_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");

/// Most extensions of one certificate, list or entry. AMD's leaves have 11 to 13.
pub const MAX_EXTENSIONS: usize = 32;

/// Names of the bits of a key usage, in their order (§4.2.1.3).
const USAGES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// What a key may be used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUsage(Vec<&'static str>);

/// Refuses repeated extensions (§4.2: at most one of each) and too many.
///
/// # Errors
/// Says which.
pub fn check_unique(extensions: &[Extension]) -> Result<(), String> {
    if extensions.len() > MAX_EXTENSIONS {
        return Err(format!("more than {MAX_EXTENSIONS} extensions"));
    }
    for (index, extension) in extensions.iter().enumerate() {
        if extensions
            .iter()
            .skip(index + 1)
            .any(|other| other.id == extension.id)
        {
            return Err(format!("extension {} is there twice", extension.id.text()));
        }
    }
    Ok(())
}

/// Finds an extension by the content of its identifier's encoding.
#[must_use]
pub fn find(extensions: &[Extension], id: impl AsRef<[u8]>) -> Option<&Extension> {
    extensions
        .iter()
        .find(|extension| extension.id.as_bytes() == id.as_ref())
}

/// Refuses critical extensions that are not in a list of known ones (§4.2).
///
/// # Errors
/// Says which.
pub fn check_critical(extensions: &[Extension], known: &[&[u8]]) -> Result<(), String> {
    let unknown = |one: &&Extension| one.critical && !known.contains(&one.id.as_bytes());
    match extensions.iter().find(unknown) {
        None => Ok(()),
        Some(one) => Err(format!("critical extension {} is not known", one.id.text())),
    }
}

/// Basic constraints; `None` where absent.
///
/// # Errors
/// Says what is malformed.
pub fn basic_constraints(extensions: &[Extension]) -> Result<Option<BasicConstraints>, String> {
    let found = find(extensions, BASIC_CONSTRAINTS);
    found
        .map(|one| strict::decode(one.value.as_bytes()))
        .transpose()
}

/// Key usage; `None` where absent.
///
/// # Errors
/// Says what is malformed.
pub fn key_usage(extensions: &[Extension]) -> Result<Option<KeyUsage>, String> {
    let found = find(extensions, KEY_USAGE);
    found
        .map(|one| KeyUsage::read(one.value.as_bytes()))
        .transpose()
}

/// Purposes of a key; `None` where the certificate names none (§4.2.1.12).
///
/// # Errors
/// Says what is malformed.
pub fn extended_key_usage(extensions: &[Extension]) -> Result<Option<Vec<Oid>>, String> {
    let Some(found) = find(extensions, EXTENDED_KEY_USAGE) else {
        return Ok(None);
    };
    let purposes: Vec<Oid> = strict::decode(found.value.as_bytes())?;
    if purposes.is_empty() {
        return Err(String::from("the extended key usage is empty"));
    }
    Ok(Some(purposes))
}

impl KeyUsage {
    /// Reads the BIT STRING. DER leaves zeros at its end out; AMD's
    /// certificates do not, so both are read.
    fn read(der: &[u8]) -> Result<Self, String> {
        let bits: BitStringRef<'_> = strict::decode(der)?;
        let last = bits.raw_bytes().last().copied().unwrap_or_default();
        if last.trailing_zeros() < u32::from(bits.unused_bits()) {
            return Err(String::from("unused bits of the key usage are not zero"));
        }
        if bits.bit_len() > USAGES.len() {
            return Err(String::from("the key usage has unknown bits"));
        }
        let names = USAGES.into_iter().zip(bits.bits());
        Ok(Self(
            names
                .filter(|(_, set)| *set)
                .map(|(name, _)| name)
                .collect(),
        ))
    }

    /// Whether the key may be used for something, by its name in RFC 5280.
    #[must_use]
    pub fn allows(&self, usage: &str) -> bool {
        self.0.contains(&usage)
    }

    /// Names of all that the key may be used for.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        self.0
    }
}

/// The one URI at which a certificate says its revocation list lies; `None`
/// where it says nothing.
///
/// # Errors
/// Says what is malformed, or that there is more than one.
pub fn distribution_point(extensions: &[Extension]) -> Result<Option<String>, String> {
    let Some(found) = find(extensions, DISTRIBUTION_POINTS) else {
        return Ok(None);
    };
    let points: CrlDistributionPoints = strict::decode(found.value.as_bytes())?;
    match points.0.as_slice() {
        [point] if point.reasons.is_none() && point.crl_issuer.is_none() => {
            only_uri(point.distribution_point.as_ref()).map(Some)
        }
        _ => Err(String::from("more than one plain CRL distribution point")),
    }
}

/// The one URI of a list's issuing distribution point; `None` where the list
/// covers all certificates of its issuer.
///
/// # Errors
/// Says what is malformed, or that the list covers only some kinds of
/// certificates or reasons, or speaks for other issuers (§5.2.5).
pub fn issuing_point(extensions: &[Extension]) -> Result<Option<String>, String> {
    let Some(found) = find(extensions, ISSUING_POINT) else {
        return Ok(None);
    };
    let point: IssuingDistributionPoint = strict::decode(found.value.as_bytes())?;
    if point.only_contains_user_certs
        || point.only_contains_ca_certs
        || point.only_contains_attribute_certs
        || point.only_some_reasons.is_some()
    {
        return Err(String::from(
            "the list covers only some certificates or reasons",
        ));
    }
    if point.indirect_crl {
        return Err(String::from("the list speaks for other issuers"));
    }
    only_uri(point.distribution_point.as_ref()).map(Some)
}

fn only_uri(name: Option<&DistributionPointName>) -> Result<String, String> {
    if let Some(DistributionPointName::FullName(names)) = name
        && let [GeneralName::UniformResourceIdentifier(uri)] = names.as_slice()
    {
        return uri_text(uri.as_str());
    }
    Err(String::from("a distribution point is not exactly one URI"))
}

/// A URI is of printable ASCII (RFC 3986 §2). A control would move the cursor of
/// the terminal that shows it.
fn uri_text(uri: &str) -> Result<String, String> {
    if uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(String::from(uri));
    }
    Err(String::from("a URI has characters that none can have"))
}

#[cfg(test)]
mod tests {
    use super::{KeyUsage, uri_text};

    fn names(der: &[u8]) -> Vec<&'static str> {
        KeyUsage::read(der).unwrap().names()
    }

    #[test]
    fn key_usage_reads_bits_from_the_left() {
        assert_eq!(names(&[3, 2, 1, 0x06]), ["keyCertSign", "cRLSign"]);
        assert_eq!(names(&[3, 2, 2, 0x04]), ["keyCertSign"]);
        assert_eq!(names(&[3, 2, 1, 0x04]), ["keyCertSign"], "as in AMD's ASVK");
        assert_eq!(names(&[3, 3, 7, 0x80, 0x80]).len(), 2);
    }

    #[test]
    fn key_usage_refuses_what_is_no_bit_string() {
        for der in [
            &[3, 2, 2, 0x06][..],
            &[3, 2, 8, 0],
            &[3, 1, 1],
            &[3, 3, 6, 0, 0x40],
            &[4, 2, 1, 6],
            &[3, 2, 1, 6, 0],
        ] {
            assert!(KeyUsage::read(der).is_err(), "{der:?}");
        }
    }

    #[test]
    fn uri_text_refuses_what_moves_a_cursor() {
        assert_eq!(
            uri_text("https://a.b/~c?d=%20"),
            Ok("https://a.b/~c?d=%20".into())
        );
        for uri in [
            "https://a.b/\u{1b}[2J",
            "https://a.b/\0",
            "a b",
            "https://\u{7f}",
        ] {
            assert!(uri_text(uri).is_err(), "{uri:?}");
        }
    }
}

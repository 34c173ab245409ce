//! Extensions of certificates and lists (RFC 5280 §4.2 and §5.2).

use crate::x509::structure::Extension;
use crate::x509::tlv::{
    self, BIT_STRING, BOOLEAN, CONTEXT, CONTEXT_PRIMITIVE, INTEGER, OBJECT_IDENTIFIER, Reason,
    SEQUENCE,
};
use crate::x509::{oid, value};

/// Subject key identifier (§4.2.1.2), 2.5.29.14.
pub const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 14];
/// Key usage (§4.2.1.3), 2.5.29.15.
pub const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
/// Subject alternative name (§4.2.1.6), 2.5.29.17.
pub const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
/// Basic constraints (§4.2.1.9), 2.5.29.19.
pub const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
/// CRL number (§5.2.3), 2.5.29.20.
pub const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 20];
/// Reason of a revocation (§5.3.1), 2.5.29.21.
pub const CRL_REASON: &[u8] = &[0x55, 0x1d, 21];
/// Date since which a key is invalid (§5.3.2), 2.5.29.24.
pub const INVALIDITY_DATE: &[u8] = &[0x55, 0x1d, 24];
/// Delta CRL indicator (§5.2.4), 2.5.29.27.
pub const DELTA_CRL: &[u8] = &[0x55, 0x1d, 27];
/// Issuing distribution point (§5.2.5), 2.5.29.28.
pub const ISSUING_POINT: &[u8] = &[0x55, 0x1d, 28];
/// CRL distribution points (§4.2.1.13), 2.5.29.31.
pub const DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];
/// Authority key identifier (§4.2.1.1), 2.5.29.35.
pub const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 35];
/// Extended key usage (§4.2.1.12), 2.5.29.37.
pub const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];

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

/// `indirectCRL` of an issuing distribution point.
const INDIRECT: u8 = CONTEXT_PRIMITIVE | 4;
/// `uniformResourceIdentifier` of a `GeneralName`.
const URI: u8 = CONTEXT_PRIMITIVE | 6;

/// What a key may be used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUsage(Vec<&'static str>);

/// Basic constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject may issue certificates.
    pub ca: bool,
    /// How many authorities may be below it; none where no limit is said.
    pub path_len: Option<u8>,
}

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
            return Err(format!(
                "extension {} is there twice",
                oid::text(&extension.id)
            ));
        }
    }
    Ok(())
}

/// Finds an extension by the content of its identifier's encoding.
#[must_use]
pub fn find<'a>(extensions: &'a [Extension], id: &[u8]) -> Option<&'a Extension> {
    extensions.iter().find(|extension| extension.id == id)
}

/// Refuses critical extensions that are not in a list of known ones (§4.2).
///
/// # Errors
/// Says which.
pub fn check_critical(extensions: &[Extension], known: &[&[u8]]) -> Result<(), String> {
    let unknown = |one: &&Extension| one.critical && !known.contains(&one.id.as_slice());
    match extensions.iter().find(unknown) {
        None => Ok(()),
        Some(one) => Err(format!(
            "critical extension {} is not known",
            oid::text(&one.id)
        )),
    }
}

/// Basic constraints; `None` where absent.
///
/// # Errors
/// Says what is malformed.
pub fn basic_constraints(extensions: &[Extension]) -> Result<Option<BasicConstraints>, String> {
    let Some(found) = find(extensions, BASIC_CONSTRAINTS) else {
        return Ok(None);
    };
    let mut fields = tlv::only(&found.value, SEQUENCE)?;
    let constraints = BasicConstraints {
        ca: value::flag(fields.may(BOOLEAN)?)?,
        path_len: fields.may(INTEGER)?.map(value::byte).transpose()?,
    };
    fields.finish()?;
    Ok(Some(constraints))
}

/// Key usage; `None` where absent.
///
/// # Errors
/// Says what is malformed.
pub fn key_usage(extensions: &[Extension]) -> Result<Option<KeyUsage>, String> {
    let found = find(extensions, KEY_USAGE);
    found.map(|one| KeyUsage::read(&one.value)).transpose()
}

/// Identifiers of the purposes of a key; `None` where the certificate names none (§4.2.1.12).
///
/// # Errors
/// Says what is malformed.
pub fn extended_key_usage(extensions: &[Extension]) -> Result<Option<Vec<&[u8]>>, String> {
    let Some(found) = find(extensions, EXTENDED_KEY_USAGE) else {
        return Ok(None);
    };
    let mut left = tlv::only(&found.value, SEQUENCE)?;
    if left.is_empty() {
        return Err(String::from("the extended key usage is empty"));
    }
    let mut purposes = Vec::new();
    while !left.is_empty() {
        purposes.push(oid::any(left.need(OBJECT_IDENTIFIER)?)?);
    }
    Ok(Some(purposes))
}

impl KeyUsage {
    /// Reads the BIT STRING. DER leaves zeros at its end out; AMD's
    /// certificates do not, so both are read.
    fn read(der: &[u8]) -> Result<Self, String> {
        let bits = value::bits(tlv::content(der, BIT_STRING)?)?;
        let last = bits.bytes.last().copied().unwrap_or_default();
        if last.trailing_zeros() < u32::from(bits.unused) {
            return Err(String::from("unused bits of the key usage are not zero"));
        }
        if bits.bytes.len() * 8 > USAGES.len() + usize::from(bits.unused) {
            return Err(String::from("the key usage has unknown bits"));
        }
        let all = bits
            .bytes
            .iter()
            .flat_map(|byte| (0..8).map(move |bit| byte << bit & 0x80 != 0));
        let names = USAGES.into_iter().zip(all);
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
    let mut points = tlv::only(&found.value, SEQUENCE)?;
    let mut point = points.open(SEQUENCE)?;
    let name = point.may(CONTEXT)?;
    if !points.is_empty() || !point.is_empty() {
        return Err(String::from("more than one plain CRL distribution point"));
    }
    only_uri(name).map(Some)
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
    let mut point = tlv::only(&found.value, SEQUENCE)?;
    let name = point.may(CONTEXT)?;
    match point.peek() {
        Err(_) if point.is_empty() => only_uri(name).map(Some),
        Ok(INDIRECT) => Err(String::from("the list speaks for other issuers")),
        // A flag that is false is left out, so whatever follows narrows it.
        _ => Err(String::from(
            "the list covers only some certificates or reasons",
        )),
    }
}

/// `fullName` with one URI, which is all that a point may consist of.
fn only_uri(name: Option<&[u8]>) -> Result<String, String> {
    let uri = read_uri(name.unwrap_or_default());
    uri_text(uri.map_err(|_| "a distribution point is not exactly one URI")?)
}

fn read_uri(name: &[u8]) -> Result<&str, Reason> {
    let mut names = tlv::only(name, CONTEXT)?;
    let uri = names.need(URI)?;
    names.finish()?;
    value::ia5(uri)
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

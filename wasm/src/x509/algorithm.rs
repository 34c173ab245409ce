//! Names of algorithms for people.

use crate::x509::structure::{AlgorithmIdentifier, PublicKeyInfo};
use crate::x509::tlv::{self, BIT_STRING, OBJECT_IDENTIFIER, Reason, SEQUENCE};
use crate::x509::{oid, pss, rsa_key};

/// 1.2.840.10045.2.1
const EC_KEY: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
/// 1.2.840.10045.3.1.7
const P256: &[u8] = b"\x2a\x86\x48\xce\x3d\x03\x01\x07";
/// 1.3.132.0.34
const P384: &[u8] = b"\x2b\x81\x04\x00\x22";
/// 1.3.132.0.35
const P521: &[u8] = b"\x2b\x81\x04\x00\x23";
/// 1.3.101.112
const ED25519: &[u8] = b"\x2b\x65\x70";

/// A curve whose points are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Curve {
    id: &'static [u8],
    name: &'static str,
    /// Bytes of an uncompressed point (SEC 1 §2.3.3): 04, X, Y.
    point_bytes: usize,
}

/// The curve P-256 of SP 800-186.
pub const CURVE_P256: Curve = Curve {
    id: P256,
    name: "P-256",
    point_bytes: 65,
};
/// The curve P-384 of SP 800-186.
pub const CURVE_P384: Curve = Curve {
    id: P384,
    name: "P-384",
    point_bytes: 97,
};

impl Curve {
    /// Name, as `P-256`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Bytes of a coordinate, and so of R and S.
    #[must_use]
    pub const fn number_bytes(self) -> usize {
        self.point_bytes / 2
    }

    /// AlgorithmIdentifier of its keys in a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// None for the curves that there are.
    pub fn key_algorithm(self) -> Result<AlgorithmIdentifier, Reason> {
        let mut parameters = Vec::new();
        tlv::write(OBJECT_IDENTIFIER, self.id, &mut parameters)?;
        Ok(AlgorithmIdentifier {
            id: EC_KEY.to_vec(),
            parameters: Some(parameters),
        })
    }
}

const SIGNATURES: [(&[u8], &str); 7] = [
    // 1.2.840.113549.1.1.11 to .13
    (
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b",
        "RSA PKCS#1 v1.5 with SHA-256",
    ),
    (
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c",
        "RSA PKCS#1 v1.5 with SHA-384",
    ),
    (
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d",
        "RSA PKCS#1 v1.5 with SHA-512",
    ),
    // 1.2.840.10045.4.3.2 to .4
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x02", "ECDSA with SHA-256"),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x03", "ECDSA with SHA-384"),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x04", "ECDSA with SHA-512"),
    (ED25519, "Ed25519"),
];

const CURVES: [(&[u8], &str); 3] = [(P256, "EC P-256"), (P384, "EC P-384"), (P521, "EC P-521")];

/// Name of a signature algorithm; `None` where a certificate names two different ones.
#[must_use]
pub fn signature_text(algorithm: Option<&AlgorithmIdentifier>) -> String {
    let Some(algorithm) = algorithm else {
        return String::from("two different algorithms");
    };
    if pss::is_amd_pss(algorithm) {
        return String::from("RSASSA-PSS with SHA-384, MGF1 with SHA-384, 48 bytes of salt");
    }
    if pss::is_pss(algorithm) {
        return String::from("RSASSA-PSS with other parameters than SHA-384 and 48 bytes of salt");
    }
    lookup(&SIGNATURES, &algorithm.id)
}

/// Name of a key's algorithm.
#[must_use]
pub fn key_text(key: &PublicKeyInfo) -> String {
    if pss::is_rsa_key(&key.algorithm) {
        return rsa_text(key);
    }
    match (is_ec_key(key), curve(key)) {
        (true, Some(curve)) => lookup(&CURVES, curve),
        _ if key.algorithm.id == ED25519 => String::from("Ed25519"),
        _ => oid::text(&key.algorithm.id),
    }
}

fn rsa_text(key: &PublicKeyInfo) -> String {
    match rsa_key::numbers(key) {
        Ok(numbers) if numbers.bits() > 0 => {
            let usual = numbers.exponent == rsa_key::EXPONENT;
            let exponent = if usual { "exponent" } else { "exponent not" };
            format!("RSA {} bits, {exponent} 65537", numbers.bits())
        }
        _ => String::from("RSA, malformed"),
    }
}

/// The uncompressed point of a key, as it stands in the certificate.
///
/// # Errors
/// Says for a person what it is instead.
pub fn point(key: &PublicKeyInfo, wanted: Curve) -> Result<&[u8], String> {
    if !is_ec_key(key) || curve(key) != Some(wanted.id) {
        return Err(format!("the key is not of curve {}", wanted.name));
    }
    let point = key.key.as_slice();
    if point.len() != wanted.point_bytes || point.first() != Some(&4) {
        return Err(String::from("the key is not an uncompressed point"));
    }
    Ok(point)
}

/// A key as a `SubjectPublicKeyInfo`, DER.
///
/// # Errors
/// Where it is larger than DER can say.
pub fn encode_key(algorithm: &AlgorithmIdentifier, key: &[u8]) -> Result<Vec<u8>, Reason> {
    let mut identifier = Vec::new();
    tlv::write(OBJECT_IDENTIFIER, &algorithm.id, &mut identifier)?;
    identifier.extend(algorithm.parameters.iter().flatten());
    let mut parts = Vec::new();
    tlv::write(SEQUENCE, &identifier, &mut parts)?;
    tlv::write(BIT_STRING, &[&[0], key].concat(), &mut parts)?;
    let mut whole = Vec::new();
    tlv::write(SEQUENCE, &parts, &mut whole)?;
    Ok(whole)
}

/// Whether a key is of some elliptic curve.
#[must_use]
pub fn is_ec_key(key: &PublicKeyInfo) -> bool {
    key.algorithm.id == EC_KEY
}

/// Whether a key says its curve by an identifier (RFC 5480 §2.1.1).
#[must_use]
pub fn has_named_curve(key: &PublicKeyInfo) -> bool {
    curve(key).is_some()
}

/// The curve of an elliptic curve key, where its points are read.
#[must_use]
pub fn curve_of(key: &PublicKeyInfo) -> Option<Curve> {
    let found = curve(key).filter(|_| is_ec_key(key))?;
    let mut all = [CURVE_P256, CURVE_P384].into_iter();
    all.find(|one| one.id == found)
}

fn curve(key: &PublicKeyInfo) -> Option<&[u8]> {
    let parameters = key.algorithm.parameters.as_deref()?;
    let id = tlv::content(parameters, OBJECT_IDENTIFIER).and_then(oid::short);
    id.ok()
}

fn lookup(table: &[(&[u8], &str)], id: &[u8]) -> String {
    let known = table.iter().find(|(known, _)| *known == id);
    known.map_or_else(|| oid::text(id), |(_, text)| String::from(*text))
}

#[cfg(test)]
mod tests {
    use super::{CURVE_P384, CURVES, EC_KEY, SIGNATURES, encode_key, key_text};
    use crate::x509::oid;
    use crate::x509::structure::PublicKeyInfo;

    #[test]
    fn names_are_of_these_identifiers() {
        let texts = |table: &[(&[u8], &str)]| {
            let texts = table.iter().map(|(id, _)| oid::text(id));
            texts.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            texts(&SIGNATURES),
            "1.2.840.113549.1.1.11 1.2.840.113549.1.1.12 1.2.840.113549.1.1.13 \
             1.2.840.10045.4.3.2 1.2.840.10045.4.3.3 1.2.840.10045.4.3.4 1.3.101.112"
        );
        let curves = "1.2.840.10045.3.1.7 1.3.132.0.34 1.3.132.0.35";
        assert_eq!(texts(&CURVES), curves);
        assert_eq!(oid::text(EC_KEY), "1.2.840.10045.2.1");
    }

    #[test]
    fn encode_key_writes_what_is_read() {
        let algorithm = CURVE_P384.key_algorithm().unwrap();
        let der = encode_key(&algorithm, &[4; 97]).unwrap();
        let read = PublicKeyInfo::read(&der).unwrap();
        assert_eq!((&read.algorithm, read.key.len()), (&algorithm, 97));
        assert_eq!(key_text(&read), "EC P-384");
    }
}

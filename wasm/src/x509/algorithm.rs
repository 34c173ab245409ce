//! Names of algorithms for people.

use crate::x509::{identifier, pss, rsa_key};
use der::Encode;
use der::asn1::{BitString, ObjectIdentifier};
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

const EC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// A curve whose points are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Curve {
    oid: ObjectIdentifier,
    name: &'static str,
    /// Bytes of an uncompressed point (SEC 1 §2.3.3): 04, X, Y.
    point_bytes: usize,
}

/// The curve P-256 of SP 800-186.
pub const CURVE_P256: Curve = Curve {
    oid: P256,
    name: "P-256",
    point_bytes: 65,
};
/// The curve P-384 of SP 800-186.
pub const CURVE_P384: Curve = Curve {
    oid: P384,
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

    /// Algorithm of its keys in a `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn key_algorithm(self) -> AlgorithmIdentifier {
        AlgorithmIdentifier {
            oid: EC_KEY,
            parameters: Some((&self.oid).into()),
        }
    }
}

const SIGNATURES: [(ObjectIdentifier, &str); 7] = [
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"),
        "RSA PKCS#1 v1.5 with SHA-256",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"),
        "RSA PKCS#1 v1.5 with SHA-384",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"),
        "RSA PKCS#1 v1.5 with SHA-512",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
        "ECDSA with SHA-256",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3"),
        "ECDSA with SHA-384",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4"),
        "ECDSA with SHA-512",
    ),
    (ED25519, "Ed25519"),
];

const CURVES: [(ObjectIdentifier, &str); 3] = [
    (P256, "EC P-256"),
    (P384, "EC P-384"),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), "EC P-521"),
];

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
    lookup(&SIGNATURES, algorithm.oid)
}

/// Name of a key's algorithm.
#[must_use]
pub fn key_text(key: &SubjectPublicKeyInfo) -> String {
    if pss::is_rsa_key(&key.algorithm) {
        return rsa_text(key);
    }
    match (key.algorithm.oid == EC_KEY, curve(key)) {
        (true, Some(curve)) => lookup(&CURVES, curve),
        _ if key.algorithm.oid == ED25519 => String::from("Ed25519"),
        _ => key.algorithm.oid.to_string(),
    }
}

fn rsa_text(key: &SubjectPublicKeyInfo) -> String {
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
pub fn point(key: &SubjectPublicKeyInfo, wanted: Curve) -> Result<&[u8], String> {
    if key.algorithm.oid != EC_KEY || curve(key) != Some(wanted.oid) {
        return Err(format!("the key is not of curve {}", wanted.name));
    }
    let point = key.subject_public_key.as_bytes().unwrap_or_default();
    if point.len() != wanted.point_bytes || point.first() != Some(&4) {
        return Err(String::from("the key is not an uncompressed point"));
    }
    Ok(point)
}

/// A key as a `SubjectPublicKeyInfo`, DER.
///
/// # Errors
/// Where it is larger than DER can say.
pub fn encode_key(algorithm: AlgorithmIdentifier, key: &[u8]) -> der::Result<Vec<u8>> {
    let spki = SubjectPublicKeyInfo {
        algorithm,
        subject_public_key: BitString::from_bytes(key)?,
    };
    spki.to_der()
}

/// Whether a key is of some elliptic curve.
#[must_use]
pub fn is_ec_key(key: &SubjectPublicKeyInfo) -> bool {
    key.algorithm.oid == EC_KEY
}

/// Whether a key says its curve by an identifier (RFC 5480 §2.1.1).
#[must_use]
pub fn has_named_curve(key: &SubjectPublicKeyInfo) -> bool {
    curve(key).is_some()
}

/// The curve of an elliptic curve key, where its points are read.
#[must_use]
pub fn curve_of(key: &SubjectPublicKeyInfo) -> Option<Curve> {
    let found = curve(key).filter(|_| key.algorithm.oid == EC_KEY)?;
    let mut all = [CURVE_P256, CURVE_P384].into_iter();
    all.find(|one| one.oid == found)
}

fn curve(key: &SubjectPublicKeyInfo) -> Option<ObjectIdentifier> {
    let found = key.algorithm.parameters.as_ref()?.decode_as().ok();
    found.filter(identifier::is_plain)
}

fn lookup(table: &[(ObjectIdentifier, &str)], oid: ObjectIdentifier) -> String {
    let known = table.iter().find(|(known, _)| *known == oid);
    known.map_or_else(|| oid.to_string(), |(_, text)| String::from(*text))
}

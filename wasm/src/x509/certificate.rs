//! X.509 certificates.

use crate::answer::Refusal;
use crate::digest::sha256;
use crate::hex;
use crate::moment::{self, Window};
use crate::x509::codes::Code;
use crate::x509::structure::{Content, Extension, SignedCertificate};
use crate::x509::{encoding, extensions, identifier, name, strict};
use der::Encode;
use serde::Serialize;
use x509_cert::certificate::Version;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Time;

/// A certificate whose encoding was checked; nothing else about it was.
#[derive(Clone, Debug)]
pub struct Certificate {
    parsed: SignedCertificate,
    der: Vec<u8>,
    signed: Vec<u8>,
    key: Vec<u8>,
}

/// What a certificate says of itself, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateSummary {
    /// Subject as RFC 4514 text.
    pub subject: String,
    /// Issuer as RFC 4514 text.
    pub issuer: String,
    /// Serial number, hex, without leading zero bytes.
    pub serial: String,
    /// Start of validity, ISO 8601.
    pub not_before: String,
    /// End of validity, ISO 8601.
    pub not_after: String,
    /// SHA-256 of the DER, hex.
    pub sha256: String,
    /// SHA-256 of the `SubjectPublicKeyInfo`, hex.
    pub spki_sha256: String,
}

impl Certificate {
    /// Reads one certificate from DER.
    ///
    /// # Arguments
    /// `name` says for a person which certificate it is, as `leaf`.
    ///
    /// # Errors
    /// `x509.malformed`: not strict DER, leftover bytes, repeated extensions, a
    /// negative serial number, an impossible validity, or too large.
    pub fn parse(der: Vec<u8>, name: &'static str) -> Result<Self, Refusal> {
        Self::parse_within(encoding::MAX_CERTIFICATE_BYTES, der, name)
    }

    /// Reads one certificate that may be larger than those of chains are, as one that carries
    /// evidence is.
    ///
    /// # Arguments
    /// `limit` is its largest size in bytes, `name` as for [`Certificate::parse`].
    ///
    /// # Errors
    /// Those of [`Certificate::parse`].
    pub fn parse_within(limit: usize, der: Vec<u8>, name: &'static str) -> Result<Self, Refusal> {
        Self::read(limit, der).map_err(|reason| {
            Refusal::from(Code::X509Malformed)
                .with("certificate", name)
                .with("reason", reason)
        })
    }

    fn read(limit: usize, der: Vec<u8>) -> Result<Self, String> {
        if der.len() > limit {
            return Err(format!("{} bytes are more than {limit}", der.len()));
        }
        let parsed: SignedCertificate = strict::decode(&der)?;
        check_identifiers(&parsed)?;
        let content = &parsed.content;
        extensions::check_unique(content.extensions.as_deref().unwrap_or_default())?;
        if is_negative(&content.serial) {
            return Err(String::from("the serial number is negative"));
        }
        let signed = content.to_der().map_err(|error| error.to_string())?;
        let key = content.key.to_der().map_err(|error| error.to_string())?;
        Ok(Self {
            parsed,
            der,
            signed,
            key,
        })
    }

    /// All fields that are signed.
    #[must_use]
    pub const fn content(&self) -> &Content {
        &self.parsed.content
    }

    /// The DER that the signature covers.
    #[must_use]
    pub fn signed(&self) -> &[u8] {
        &self.signed
    }

    /// Signature; empty where its number of bits is not one of whole bytes.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        self.parsed.signature.as_bytes().unwrap_or_default()
    }

    /// The algorithm that the certificate names, where it names the same twice (RFC 5280 §4.1.1.2).
    #[must_use]
    pub fn algorithm(&self) -> Option<&x509_cert::AlgorithmIdentifier> {
        let inner = &self.parsed.content.algorithm;
        (self.parsed.algorithm == *inner).then_some(inner)
    }

    /// Extensions, none where there are none.
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        self.parsed
            .content
            .extensions
            .as_deref()
            .unwrap_or_default()
    }

    /// X.509 version, 1 to 3.
    #[must_use]
    pub fn version(&self) -> u8 {
        match self.parsed.content.version {
            Version::V1 => 1,
            Version::V2 => 2,
            Version::V3 => 3,
        }
    }

    /// Subject's common name, where there is exactly one.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        name::common_name(&self.parsed.content.subject)
    }

    /// When it is valid.
    #[must_use]
    pub fn window(&self) -> Window {
        let validity = &self.parsed.content.validity;
        Window {
            from: seconds(validity.not_before),
            until: seconds(validity.not_after),
        }
    }

    /// SHA-256 of the DER.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        sha256(&self.der)
    }

    /// SHA-256 of the `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn key_fingerprint(&self) -> [u8; 32] {
        sha256(&self.key)
    }

    /// What it says of itself.
    #[must_use]
    pub fn summary(&self) -> CertificateSummary {
        let window = self.window();
        CertificateSummary {
            subject: name::text(&self.parsed.content.subject),
            issuer: name::text(&self.parsed.content.issuer),
            serial: serial_text(&self.parsed.content.serial),
            not_before: moment::text(window.from),
            not_after: moment::text(window.until),
            sha256: hex::encode(&self.fingerprint()),
            spki_sha256: hex::encode(&self.key_fingerprint()),
        }
    }
}

/// A time of a certificate or list in seconds.
#[must_use]
pub fn seconds(time: Time) -> u64 {
    time.to_unix_duration().as_secs()
}

/// Serial number as hex without leading zero bytes; zero is `00`.
#[must_use]
pub fn serial_text(serial: &SerialNumber) -> String {
    match serial.as_bytes() {
        [0, rest @ ..] if !rest.is_empty() => hex::encode(rest),
        bytes => hex::encode(bytes),
    }
}

fn check_identifiers(parsed: &SignedCertificate) -> Result<(), String> {
    let content = &parsed.content;
    identifier::check_algorithm(&parsed.algorithm)?;
    identifier::check_algorithm(&content.algorithm)?;
    name::check(&content.issuer)?;
    name::check(&content.subject)?;
    identifier::check_key(&content.key)
}

/// Whether a number, two's complement, is below zero.
#[must_use]
pub fn is_negative(serial: &SerialNumber) -> bool {
    serial
        .as_bytes()
        .first()
        .is_some_and(|byte| byte & 0x80 != 0)
}

//! X.509 certificates.

use crate::answer::Refusal;
use crate::digest::sha256;
use crate::hex;
use crate::json::write::object;
use crate::moment::{self, Window};
use crate::x509::codes::Code;
use crate::x509::name::{self, Name};
use crate::x509::structure::{AlgorithmIdentifier, Extension, PublicKeyInfo, Signed, take_serial};
use crate::x509::tlv::{self, CONTEXT, CONTEXT_PRIMITIVE, Elements, INTEGER, Reason, SEQUENCE};
use crate::x509::{encoding, extensions, time, value};

/// A certificate whose encoding was checked; nothing else about it was.
#[derive(Clone, Debug)]
pub struct Certificate {
    content: Content,
    algorithm: AlgorithmIdentifier,
    signature: Vec<u8>,
    signed: Vec<u8>,
    der: Vec<u8>,
}

/// `TBSCertificate`.
#[derive(Clone, Debug)]
pub struct Content {
    /// X.509 version, 1 to 3.
    pub version: u8,
    /// Serial number as it stands, not negative.
    pub serial: Vec<u8>,
    /// The algorithm that the signature is made with.
    pub algorithm: AlgorithmIdentifier,
    /// Who issued it.
    pub issuer: Name,
    /// When it is valid.
    pub window: Window,
    /// Whose it is.
    pub subject: Name,
    /// The subject's key.
    pub key: PublicKeyInfo,
    /// Whether it has an `issuerUniqueID` or a `subjectUniqueID`.
    pub has_unique_id: bool,
    /// Extensions, none where there are none.
    pub extensions: Vec<Extension>,
}

/// What a certificate says of itself, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
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

object!(CertificateSummary {
    subject,
    issuer,
    serial,
    not_before,
    not_after,
    sha256,
    spki_sha256
});

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
        let signed = Signed::read(&der)?;
        let content = Content::read(tlv::only(signed.content, SEQUENCE)?)?;
        extensions::check_unique(&content.extensions)?;
        Ok(Self {
            content,
            algorithm: signed.algorithm,
            signature: signed.signature.to_vec(),
            signed: signed.content.to_vec(),
            der,
        })
    }

    /// All fields that are signed.
    #[must_use]
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// The DER that the signature covers.
    #[must_use]
    pub fn signed(&self) -> &[u8] {
        &self.signed
    }

    /// Signature; empty where its number of bits is not one of whole bytes.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The algorithm that the certificate names, where it names the same twice (RFC 5280 §4.1.1.2).
    #[must_use]
    pub fn algorithm(&self) -> Option<&AlgorithmIdentifier> {
        let inner = &self.content.algorithm;
        (self.algorithm == *inner).then_some(inner)
    }

    /// Extensions, none where there are none.
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        &self.content.extensions
    }

    /// Subject's common name, where there is exactly one.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        name::common_name(&self.content.subject)
    }

    /// When it is valid.
    #[must_use]
    pub const fn window(&self) -> Window {
        self.content.window
    }

    /// SHA-256 of the DER.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        sha256(&self.der)
    }

    /// SHA-256 of the `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn key_fingerprint(&self) -> [u8; 32] {
        sha256(&self.content.key.der)
    }

    /// What it says of itself.
    #[must_use]
    pub fn summary(&self) -> CertificateSummary {
        let window = self.window();
        CertificateSummary {
            subject: name::text(&self.content.subject),
            issuer: name::text(&self.content.issuer),
            serial: serial_text(&self.content.serial),
            not_before: moment::text(window.from),
            not_after: moment::text(window.until),
            sha256: hex::encode(&self.fingerprint()),
            spki_sha256: hex::encode(&self.key_fingerprint()),
        }
    }
}

impl Content {
    fn read(mut fields: Elements<'_>) -> Result<Self, Reason> {
        let content = Self {
            version: take_version(&mut fields)?,
            serial: take_positive_serial(&mut fields)?,
            algorithm: AlgorithmIdentifier::take(&mut fields)?,
            issuer: Name::take(&mut fields)?,
            window: read_validity(fields.open(SEQUENCE)?)?,
            subject: Name::take(&mut fields)?,
            key: PublicKeyInfo::take(&mut fields)?,
            has_unique_id: take_unique_ids(&mut fields)?,
            extensions: Extension::take_all(&mut fields, CONTEXT | 3)?,
        };
        fields.finish()?;
        Ok(content)
    }
}

/// `DEFAULT v1`, which DER leaves out.
fn take_version(fields: &mut Elements<'_>) -> Result<u8, Reason> {
    let Some(version) = fields.may(CONTEXT)? else {
        return Ok(1);
    };
    match value::byte(tlv::content(version, INTEGER)?)? {
        0 => Err("a default is written out"),
        version @ 1..=2 => Ok(version + 1),
        _ => Err("the version is not known"),
    }
}

fn take_positive_serial(fields: &mut Elements<'_>) -> Result<Vec<u8>, Reason> {
    let serial = take_serial(fields)?;
    if is_negative(serial) {
        return Err("the serial number is negative");
    }
    Ok(serial.to_vec())
}

fn read_validity(mut times: Elements<'_>) -> Result<Window, Reason> {
    let (from, until) = (time::take(&mut times)?, time::take(&mut times)?);
    times.finish()?;
    if !from.is_proper || !until.is_proper {
        return Err("a time through the year 2049 is not a UTCTime");
    }
    Ok(Window {
        from: from.moment,
        until: until.moment,
    })
}

/// Whether there is one of the two unique identifiers, which are bits.
fn take_unique_ids(fields: &mut Elements<'_>) -> Result<bool, Reason> {
    let mut is_there = false;
    for number in 1..=2 {
        if let Some(id) = fields.may(CONTEXT_PRIMITIVE | number)? {
            value::bits(id)?;
            is_there = true;
        }
    }
    Ok(is_there)
}

/// Serial number as hex without leading zero bytes; zero is `00`.
#[must_use]
pub fn serial_text(serial: &[u8]) -> String {
    match serial {
        [0, rest @ ..] if !rest.is_empty() => hex::encode(rest),
        bytes => hex::encode(bytes),
    }
}

/// Whether a number, two's complement, is below zero.
#[must_use]
pub fn is_negative(number: &[u8]) -> bool {
    number.first().is_some_and(|byte| byte & 0x80 != 0)
}

//! Certificate revocation lists (RFC 5280 §5).

use crate::digest::sha256;
use crate::hex;
use crate::moment::Window;
use crate::x509::certificate::{seconds, serial_text};
use crate::x509::structure::{Entry, Extension, SignedList};
use crate::x509::{extensions, strict};
use der::asn1::{AnyRef, BitStringRef};
use der::{Reader, SliceReader, Tag};
use x509_cert::AlgorithmIdentifier;
use x509_cert::certificate::Version;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;

/// The outermost parts of a list, enough to check its signature before the
/// rest, which can be long, is looked at.
pub struct Envelope<'a> {
    /// The DER that the signature covers.
    pub signed: &'a [u8],
    /// DER of the algorithm beside the signature.
    pub algorithm: &'a [u8],
    /// Signature.
    pub signature: &'a [u8],
    /// DER of the issuer's name.
    pub issuer: &'a [u8],
}

/// A list that was read completely; nothing was verified.
pub struct Crl {
    parsed: SignedList,
    sha256: [u8; 32],
}

impl<'a> Envelope<'a> {
    /// Finds the parts.
    ///
    /// # Errors
    /// Says what is not DER.
    pub fn read(der: &'a [u8]) -> Result<Self, String> {
        read_envelope(der).map_err(|error| error.to_string())
    }
}

fn read_envelope(der: &[u8]) -> Result<Envelope<'_>, der::Error> {
    let mut outer = SliceReader::new(sequence(der)?)?;
    let signed = outer.tlv_bytes()?;
    let algorithm = outer.tlv_bytes()?;
    let signature = outer.decode::<BitStringRef<'_>>()?;
    outer.finish()?;
    let mut content = SliceReader::new(sequence(signed)?)?;
    if Tag::peek(&content)? == Tag::Integer {
        content.tlv_bytes()?;
    }
    content.tlv_bytes()?;
    Ok(Envelope {
        signed,
        algorithm,
        signature: signature.as_bytes().unwrap_or_default(),
        issuer: content.tlv_bytes()?,
    })
}

fn sequence(der: &[u8]) -> Result<&[u8], der::Error> {
    let any = AnyRef::try_from(der)?;
    any.header().tag().assert_eq(Tag::Sequence)?;
    Ok(any.value())
}

impl Crl {
    /// Reads a list from DER.
    ///
    /// # Errors
    /// Says what is malformed.
    pub fn read(der: &[u8]) -> Result<Self, String> {
        let parsed: SignedList = strict::decode(der)?;
        let sha256 = sha256(der);
        Ok(Self { parsed, sha256 })
    }

    /// Whether it is of version 2, the only one that has extensions.
    #[must_use]
    pub fn is_version_2(&self) -> bool {
        self.parsed.content.version == Some(Version::V2)
    }

    /// The algorithm it names, where it names the same twice.
    #[must_use]
    pub fn algorithm(&self) -> Option<&AlgorithmIdentifier> {
        let inner = &self.parsed.content.algorithm;
        (self.parsed.algorithm == *inner).then_some(inner)
    }

    /// Issuer.
    #[must_use]
    pub const fn issuer(&self) -> &Name {
        &self.parsed.content.issuer
    }

    /// Time of issue, seconds.
    #[must_use]
    pub fn this_update(&self) -> u64 {
        seconds(self.parsed.content.this_update)
    }

    /// Time by which the next one is due, seconds; `None` where the list does not say.
    #[must_use]
    pub fn next_update(&self) -> Option<u64> {
        self.parsed.content.next_update.map(seconds)
    }

    /// From issue until the next one is due.
    #[must_use]
    pub fn window(&self) -> Option<Window> {
        let from = self.this_update();
        self.next_update().map(|until| Window { from, until })
    }

    /// Extensions of the list.
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        let found = &self.parsed.content.extensions;
        found.as_deref().unwrap_or_default()
    }

    /// Entries.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        let found = &self.parsed.content.entries;
        found.as_deref().unwrap_or_default()
    }

    /// The entry of a serial number.
    #[must_use]
    pub fn find(&self, serial: &SerialNumber) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.serial == *serial)
    }

    /// CRL number as hex; `None` where absent.
    ///
    /// # Errors
    /// Says what is malformed.
    pub fn number(&self) -> Result<Option<String>, String> {
        let Some(found) = extensions::find(self.extensions(), extensions::CRL_NUMBER) else {
            return Ok(None);
        };
        let number: SerialNumber = strict::decode(found.value.as_bytes())?;
        Ok(Some(serial_text(&number)))
    }

    /// SHA-256 of the DER, hex.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(&self.sha256)
    }
}

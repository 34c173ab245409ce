//! Certificate revocation lists (RFC 5280 §5).

use crate::digest::sha256;
use crate::hex;
use crate::moment::Window;
use crate::x509::certificate::{is_negative, seconds, serial_text};
use crate::x509::extensions::{self as ext, find};
use crate::x509::structure::{Entry, Extension, SignedList};
use crate::x509::{identifier, name, strict};
use der::asn1::{AnyRef, BitStringRef};
use der::{Encode, Reader, SliceReader, Tag};
use x509_cert::AlgorithmIdentifier;
use x509_cert::certificate::Version;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;

/// Extensions of a list that are understood here.
const KNOWN: [&[u8]; 3] = [
    ext::CRL_NUMBER.as_bytes(),
    ext::ISSUING_POINT.as_bytes(),
    ext::AUTHORITY_KEY_ID.as_bytes(),
];
/// Extensions of an entry that change nothing about the certificate being revoked.
const KNOWN_OF_ENTRY: [&[u8]; 2] = [ext::CRL_REASON.as_bytes(), ext::INVALIDITY_DATE.as_bytes()];

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

    /// The algorithm beside the signature.
    ///
    /// # Errors
    /// Says what is malformed.
    pub fn read_algorithm(&self) -> Result<AlgorithmIdentifier, String> {
        let algorithm: AlgorithmIdentifier = strict::decode(self.algorithm)?;
        identifier::check_algorithm(&algorithm).map(|()| algorithm)
    }

    /// Compares the issuer with a name, DER with DER.
    #[must_use]
    pub fn is_of(&self, expected: &Name) -> bool {
        expected.to_der().is_ok_and(|der| der == self.issuer)
    }

    /// The same.
    ///
    /// # Errors
    /// The issuer's text, where it is another.
    pub fn check_issuer(&self, expected: &Name) -> Result<(), String> {
        if self.is_of(expected) {
            return Ok(());
        }
        Err(self.issuer_text())
    }

    /// The issuer for a message, shortened; hex where it is no name.
    #[must_use]
    pub fn issuer_text(&self) -> String {
        let actual = read_name(self.issuer);
        name::shorten(actual.map_or_else(|_| hex::encode(self.issuer), |found| name::text(&found)))
    }
}

fn read_name(der: &[u8]) -> Result<Name, String> {
    let found: Name = strict::decode(der)?;
    name::check(&found).map(|()| found)
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
        identifier::check_algorithm(&parsed.algorithm)?;
        identifier::check_algorithm(&parsed.content.algorithm)?;
        name::check(&parsed.content.issuer)?;
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

    /// Checks that a list is complete, of version 2, and that everything in it
    /// that must be understood is (RFC 5280 §5); gives the time from its issue
    /// until the next one is due. What its scope means is left to the caller.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn check_form(&self) -> Result<Window, String> {
        if !self.is_version_2() {
            return Err(String::from("it is not of version 2"));
        }
        if self.algorithm().is_none() {
            return Err(String::from("it names two different algorithms"));
        }
        ext::check_unique(self.extensions())?;
        if find(self.extensions(), ext::DELTA_CRL).is_some() {
            return Err(String::from("it only tells changes to another list"));
        }
        ext::check_critical(self.extensions(), &KNOWN)?;
        for entry in self.entries() {
            let extensions = entry.extensions.as_deref().unwrap_or_default();
            ext::check_unique(extensions)?;
            ext::check_critical(extensions, &KNOWN_OF_ENTRY)?;
        }
        self.window()
    }

    fn window(&self) -> Result<Window, String> {
        let from = self.this_update();
        let until = self.next_update().ok_or("it has no next update")?;
        if until < from {
            return Err(String::from("its next update is before its issue"));
        }
        Ok(Window { from, until })
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
        let Some(found) = find(self.extensions(), ext::CRL_NUMBER) else {
            return Ok(None);
        };
        let number: SerialNumber = strict::decode(found.value.as_bytes())?;
        // RFC 5280 §5.2.3: from zero up. As text it would be another, large one.
        if is_negative(&number) {
            return Err(String::from("its number is negative"));
        }
        Ok(Some(serial_text(&number)))
    }

    /// SHA-256 of the DER, hex.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(&self.sha256)
    }
}

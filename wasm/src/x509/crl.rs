//! Certificate revocation lists (RFC 5280 §5).

use crate::digest::sha256;
use crate::hex;
use crate::moment::Window;
use crate::x509::certificate::{is_negative, serial_text};
use crate::x509::extensions::{self as ext, find};
use crate::x509::name::{self, Name};
use crate::x509::structure::{AlgorithmIdentifier, Extension, Signed, take_serial, whole};
use crate::x509::tlv::{self, BIT_STRING, CONTEXT, Elements, INTEGER, Reason, SEQUENCE};
use crate::x509::{time, value};

/// Extensions of a list that are understood here.
const KNOWN: [&[u8]; 3] = [ext::CRL_NUMBER, ext::ISSUING_POINT, ext::AUTHORITY_KEY_ID];
/// Extensions of an entry that change nothing about the certificate being revoked.
const KNOWN_OF_ENTRY: [&[u8]; 2] = [ext::CRL_REASON, ext::INVALIDITY_DATE];

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
    content: Content,
    algorithm: AlgorithmIdentifier,
    sha256: [u8; 32],
}

/// `TBSCertList`.
struct Content {
    /// 1 to 3; none where the list says none.
    version: Option<u8>,
    algorithm: AlgorithmIdentifier,
    issuer: Name,
    this_update: u64,
    next_update: Option<u64>,
    entries: Vec<Entry>,
    extensions: Vec<Extension>,
}

/// One of `revokedCertificates`.
pub struct Entry {
    /// Serial number as it stands.
    pub serial: Vec<u8>,
    /// Since when, seconds.
    pub date: u64,
    /// Extensions, none where there are none.
    pub extensions: Vec<Extension>,
}

impl<'a> Envelope<'a> {
    /// Finds the parts.
    ///
    /// # Errors
    /// Says what is not DER.
    pub fn read(der: &'a [u8]) -> Result<Self, Reason> {
        let mut outer = tlv::only(der, SEQUENCE)?;
        let signed = outer.take()?.whole;
        let algorithm = outer.take()?.whole;
        let signature = value::whole_bytes(outer.need(BIT_STRING)?)?;
        outer.finish()?;
        let mut content = tlv::only(signed, SEQUENCE)?;
        content.may(INTEGER)?;
        content.take()?;
        Ok(Self {
            signed,
            algorithm,
            signature,
            issuer: content.take()?.whole,
        })
    }

    /// The algorithm beside the signature.
    ///
    /// # Errors
    /// Says what is malformed.
    pub fn read_algorithm(&self) -> Result<AlgorithmIdentifier, Reason> {
        AlgorithmIdentifier::read(self.algorithm)
    }

    /// Compares the issuer with a name, DER with DER.
    #[must_use]
    pub fn is_of(&self, expected: &Name) -> bool {
        expected.der() == self.issuer
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
        let actual = whole(self.issuer, Name::take);
        name::shorten(actual.map_or_else(|_| hex::encode(self.issuer), |found| name::text(&found)))
    }
}

impl Crl {
    /// Reads a list from DER.
    ///
    /// # Errors
    /// Says what is malformed.
    pub fn read(der: &[u8]) -> Result<Self, Reason> {
        let signed = Signed::read(der)?;
        Ok(Self {
            content: Content::read(tlv::only(signed.content, SEQUENCE)?)?,
            algorithm: signed.algorithm,
            sha256: sha256(der),
        })
    }

    /// The algorithm it names, where it names the same twice.
    #[must_use]
    pub fn algorithm(&self) -> Option<&AlgorithmIdentifier> {
        let inner = &self.content.algorithm;
        (self.algorithm == *inner).then_some(inner)
    }

    /// Issuer.
    #[must_use]
    pub const fn issuer(&self) -> &Name {
        &self.content.issuer
    }

    /// Time of issue, seconds.
    #[must_use]
    pub const fn this_update(&self) -> u64 {
        self.content.this_update
    }

    /// Time by which the next one is due, seconds; `None` where the list does not say.
    #[must_use]
    pub const fn next_update(&self) -> Option<u64> {
        self.content.next_update
    }

    /// Checks that a list is complete, of version 2, and that everything in it
    /// that must be understood is (RFC 5280 §5); gives the time from its issue
    /// until the next one is due. What its scope means is left to the caller.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn check_form(&self) -> Result<Window, String> {
        // The only version that has extensions.
        if self.content.version != Some(2) {
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
            ext::check_unique(&entry.extensions)?;
            ext::check_critical(&entry.extensions, &KNOWN_OF_ENTRY)?;
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
        &self.content.extensions
    }

    /// Entries.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.content.entries
    }

    /// The entry of a serial number.
    #[must_use]
    pub fn find(&self, serial: &[u8]) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.serial == serial)
    }

    /// CRL number as hex; `None` where absent.
    ///
    /// # Errors
    /// Says what is malformed.
    pub fn number(&self) -> Result<Option<String>, String> {
        let Some(found) = find(self.extensions(), ext::CRL_NUMBER) else {
            return Ok(None);
        };
        let number = whole(&found.value, take_serial)?;
        // RFC 5280 §5.2.3: from zero up. As text it would be another, large one.
        if is_negative(number) {
            return Err(String::from("its number is negative"));
        }
        Ok(Some(serial_text(number)))
    }

    /// SHA-256 of the DER, hex.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(&self.sha256)
    }
}

impl Content {
    /// Lists have `GeneralizedTime` before 2050, too; unlike in certificates, both are read.
    fn read(mut fields: Elements<'_>) -> Result<Self, Reason> {
        let content = Self {
            version: take_version(&mut fields)?,
            algorithm: AlgorithmIdentifier::take(&mut fields)?,
            issuer: Name::take(&mut fields)?,
            this_update: time::take(&mut fields)?.moment,
            next_update: match time::is_next(&fields) {
                true => Some(time::take(&mut fields)?.moment),
                false => None,
            },
            entries: Entry::read_all(fields.may(SEQUENCE)?.unwrap_or_default())?,
            extensions: Extension::take_all(&mut fields, CONTEXT)?,
        };
        fields.finish()?;
        Ok(content)
    }
}

fn take_version(fields: &mut Elements<'_>) -> Result<Option<u8>, Reason> {
    match fields.may(INTEGER)?.map(value::byte).transpose()? {
        None => Ok(None),
        Some(version @ 0..=2) => Ok(Some(version + 1)),
        Some(_) => Err("the version is not known"),
    }
}

impl Entry {
    fn read_all(content: &[u8]) -> Result<Vec<Self>, Reason> {
        let mut left = Elements::of(content);
        let mut all = Vec::new();
        while !left.is_empty() {
            all.push(Self::read(left.open(SEQUENCE)?)?);
        }
        Ok(all)
    }

    fn read(mut fields: Elements<'_>) -> Result<Self, Reason> {
        let entry = Self {
            serial: take_serial(&mut fields)?.to_vec(),
            date: time::take(&mut fields)?.moment,
            extensions: Extension::read_all(fields.may(SEQUENCE)?.unwrap_or_default())?,
        };
        fields.finish()?;
        Ok(entry)
    }
}

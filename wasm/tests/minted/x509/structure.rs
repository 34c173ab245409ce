//! ASN.1 structures of RFC 5280 §4.1 and §5.1 as `der` and `x509-cert` write
//! them, with identifiers of any size in extensions. What the crate reads is
//! made by an encoder that is not its own.

use casemate_core::x509::oid;
use der::asn1::{BitString, OctetString};
use der::{
    DecodeValue, EncodeValue, ErrorKind, FixedTag, Header, Length, Reader, Sequence, Tag, Writer,
};
use x509_cert::certificate::Version;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// An object identifier as it is encoded. That of `const-oid` knows neither
/// the arc for examples, 2.999, nor arcs beyond 32 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oid(Vec<u8>);

/// Extension.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub struct Extension {
    /// Which.
    pub id: Oid,
    /// Whether who does not know it must refuse the certificate or list.
    #[asn1(default = "Default::default")]
    pub critical: bool,
    /// DER of its value; raw bytes in some of AMD's.
    pub value: OctetString,
}

/// `TBSCertificate`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
#[allow(missing_docs)] // The fields are RFC 5280's.
pub struct Content {
    #[asn1(context_specific = "0", default = "Default::default")]
    pub version: Version,
    pub serial: SerialNumber,
    pub algorithm: AlgorithmIdentifier,
    pub issuer: Name,
    pub validity: Validity,
    pub subject: Name,
    pub key: SubjectPublicKeyInfo,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub issuer_id: Option<BitString>,
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT", optional = "true")]
    pub subject_id: Option<BitString>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    pub extensions: Option<Vec<Extension>>,
}

/// `Certificate`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
#[allow(missing_docs)] // The fields are RFC 5280's.
pub struct SignedCertificate {
    pub content: Content,
    pub algorithm: AlgorithmIdentifier,
    pub signature: BitString,
}

/// One of `revokedCertificates`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
#[allow(missing_docs)] // The fields are RFC 5280's.
pub struct Entry {
    pub serial: SerialNumber,
    pub date: Time,
    pub extensions: Option<Vec<Extension>>,
}

/// `TBSCertList`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
#[allow(missing_docs)] // The fields are RFC 5280's.
pub struct ListContent {
    pub version: Option<Version>,
    pub algorithm: AlgorithmIdentifier,
    pub issuer: Name,
    pub this_update: Time,
    pub next_update: Option<Time>,
    pub entries: Option<Vec<Entry>>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub extensions: Option<Vec<Extension>>,
}

/// `CertificateList`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
#[allow(missing_docs)] // The fields are RFC 5280's.
pub struct SignedList {
    pub content: ListContent,
    pub algorithm: AlgorithmIdentifier,
    pub signature: BitString,
}

impl FixedTag for Oid {
    const TAG: Tag = Tag::ObjectIdentifier;
}

impl<'a> DecodeValue<'a> for Oid {
    type Error = der::Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        let bytes = reader.read_vec(header.length())?;
        if oid::is_well_formed(&bytes) {
            Ok(Self(bytes))
        } else {
            Err(reader.error(ErrorKind::OidMalformed))
        }
    }
}

impl EncodeValue for Oid {
    fn value_len(&self) -> der::Result<Length> {
        Length::try_from(self.0.len())
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        writer.write(&self.0)
    }
}

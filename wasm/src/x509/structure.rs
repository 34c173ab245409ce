//! ASN.1 structures of RFC 5280 §4.1 and §5.1, with identifiers of any size in
//! extensions. Names, times and algorithms are those of `x509-cert`.

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
/// the arc for examples, 2.999, nor arcs beyond 32 bits, and would call a
/// certificate with a foreign extension malformed.
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

impl Oid {
    /// Content of the encoding, without tag and length.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Dotted text; hex where a part is beyond 64 bits.
    #[must_use]
    pub fn text(&self) -> String {
        let parts = self.parts();
        parts.unwrap_or_else(|| format!("#{}", crate::hex::encode(&self.0)))
    }

    fn parts(&self) -> Option<String> {
        let mut text = String::new();
        let mut value: u64 = 0;
        for byte in &self.0 {
            value = value
                .checked_mul(128)?
                .checked_add(u64::from(byte & 0x7f))?;
            if byte & 0x80 != 0 {
                continue;
            }
            if text.is_empty() {
                // X.690 §8.19.4: the first two parts are one number.
                let first = (value / 40).min(2);
                text = format!("{first}.{}", value - 40 * first);
            } else {
                text.push_str(&format!(".{value}"));
            }
            value = 0;
        }
        Some(text)
    }
}

/// X.690 §8.19.2: at least one part, each in as few bytes as possible, the last one complete.
#[must_use]
pub fn is_well_formed(bytes: &[u8]) -> bool {
    let mut starts = true;
    for byte in bytes {
        if starts && *byte == 0x80 {
            return false;
        }
        starts = byte & 0x80 == 0;
    }
    starts && !bytes.is_empty()
}

impl FixedTag for Oid {
    const TAG: Tag = Tag::ObjectIdentifier;
}

impl<'a> DecodeValue<'a> for Oid {
    type Error = der::Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        let bytes = reader.read_vec(header.length())?;
        if is_well_formed(&bytes) {
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

#[cfg(test)]
mod tests {
    use super::Oid;
    use crate::x509::strict;

    fn text(content: &[u8]) -> Result<String, String> {
        let length = u8::try_from(content.len()).unwrap();
        let der = [&[6, length], content].concat();
        strict::decode::<Oid>(&der).map(|oid| oid.text())
    }

    #[test]
    fn text_knows_every_arc() {
        assert_eq!(text(&[0x88, 0x37, 0x43, 0x01]).unwrap(), "2.999.67.1");
        assert_eq!(text(&[0x55, 0x1d, 0x13]).unwrap(), "2.5.29.19");
        let amd = [0x2b, 6, 1, 4, 1, 0x9c, 0x78, 1, 3, 8];
        assert_eq!(text(&amd).unwrap(), "1.3.6.1.4.1.3704.1.3.8");
        assert_eq!(
            text(&[0xff; 12]),
            Err(String::from("malformed OID at DER byte 14"))
        );
        let long = [&[0xff; 12][..], &[0x7f]].concat();
        assert_eq!(text(&long).unwrap(), "#ffffffffffffffffffffffff7f");
    }

    #[test]
    fn decode_refuses_empty_padded_and_cut_parts() {
        for content in [&[][..], &[0x80, 1], &[0x2b, 0x80, 1], &[0x2b, 0x81]] {
            assert!(text(content).is_err(), "{content:?}");
        }
    }
}

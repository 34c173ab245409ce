//! Structures of RFC 5280 §4.1 and §5.1 that certificates and lists share.

use crate::x509::oid;
use crate::x509::tlv::{
    self, BIT_STRING, BOOLEAN, Elements, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reason, SEQUENCE,
};
use crate::x509::value;

/// Longest serial number, bytes: 20 (§4.1.2.2), and one that only says the sign.
const MAX_SERIAL_BYTES: usize = 21;

/// `AlgorithmIdentifier`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmIdentifier {
    /// Identifier.
    pub id: Vec<u8>,
    /// DER of the parameters, of any type.
    pub parameters: Option<Vec<u8>>,
}

/// `SubjectPublicKeyInfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKeyInfo {
    /// What kind of key it is.
    pub algorithm: AlgorithmIdentifier,
    /// The key; empty where it is not of whole bytes.
    pub key: Vec<u8>,
    /// The whole encoding.
    pub der: Vec<u8>,
}

/// Extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Which, of any arc.
    pub id: Vec<u8>,
    /// Whether who does not know it must refuse the certificate or list.
    pub critical: bool,
    /// DER of its value; raw bytes in some of AMD's.
    pub value: Vec<u8>,
}

/// What is signed, and the signature: the outermost parts of certificates and lists.
pub struct Signed<'a> {
    /// DER of what is signed.
    pub content: &'a [u8],
    /// The algorithm beside the signature.
    pub algorithm: AlgorithmIdentifier,
    /// Signature; empty where it is not of whole bytes.
    pub signature: &'a [u8],
}

impl AlgorithmIdentifier {
    /// Takes an algorithm.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn take(from: &mut Elements<'_>) -> Result<Self, Reason> {
        let mut parts = from.open(SEQUENCE)?;
        let id = oid::short(parts.need(OBJECT_IDENTIFIER)?)?.to_vec();
        let parameters = match parts.is_empty() {
            true => None,
            false => Some(parts.take()?.whole.to_vec()),
        };
        parts.finish()?;
        Ok(Self { id, parameters })
    }

    /// Reads bytes that are one algorithm.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn read(der: &[u8]) -> Result<Self, Reason> {
        whole(der, Self::take)
    }

    /// Whether the parameters are NULL.
    #[must_use]
    pub fn has_null(&self) -> bool {
        self.parameters.as_deref() == Some(&[tlv::NULL, 0])
    }
}

impl PublicKeyInfo {
    /// Takes a key.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn take(from: &mut Elements<'_>) -> Result<Self, Reason> {
        let element = from.need_take(SEQUENCE)?;
        let mut parts = Elements::of(element.content);
        let algorithm = AlgorithmIdentifier::take(&mut parts)?;
        let key = value::whole_bytes(parts.need(BIT_STRING)?)?;
        parts.finish()?;
        Ok(Self {
            algorithm,
            key: key.to_vec(),
            der: element.whole.to_vec(),
        })
    }

    /// Reads bytes that are one key.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn read(der: &[u8]) -> Result<Self, Reason> {
        whole(der, Self::take)
    }
}

impl Extension {
    /// Reads a list of extensions, from the content of its SEQUENCE.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn read_all(content: &[u8]) -> Result<Vec<Self>, Reason> {
        let mut left = Elements::of(content);
        let mut all = Vec::new();
        while !left.is_empty() {
            all.push(Self::read(left.open(SEQUENCE)?)?);
        }
        Ok(all)
    }

    /// Takes a list of extensions that stands in a tag of its own; none where it is absent.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn take_all(from: &mut Elements<'_>, tag: u8) -> Result<Vec<Self>, Reason> {
        match from.may(tag)? {
            None => Ok(Vec::new()),
            Some(list) => Self::read_all(tlv::content(list, SEQUENCE)?),
        }
    }

    fn read(mut parts: Elements<'_>) -> Result<Self, Reason> {
        let extension = Self {
            id: oid::any(parts.need(OBJECT_IDENTIFIER)?)?.to_vec(),
            critical: value::flag(parts.may(BOOLEAN)?)?,
            value: parts.need(OCTET_STRING)?.to_vec(),
        };
        parts.finish()?;
        Ok(extension)
    }
}

impl<'a> Signed<'a> {
    /// Reads bytes that are one certificate or list.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn read(der: &'a [u8]) -> Result<Self, Reason> {
        let mut parts = tlv::only(der, SEQUENCE)?;
        let signed = Self {
            content: parts.take()?.whole,
            algorithm: AlgorithmIdentifier::take(&mut parts)?,
            signature: value::whole_bytes(parts.need(BIT_STRING)?)?,
        };
        parts.finish()?;
        Ok(signed)
    }
}

/// Takes a serial number, as it stands.
///
/// # Errors
/// Where there is none, or it is longer than any may be.
pub fn take_serial<'a>(from: &mut Elements<'a>) -> Result<&'a [u8], Reason> {
    let serial = value::integer(from.need(INTEGER)?)?;
    if serial.len() > MAX_SERIAL_BYTES {
        return Err("the serial number is too long");
    }
    Ok(serial)
}

/// Reads bytes that are one value.
///
/// # Errors
/// Those of `take`, and where something follows.
pub fn whole<'a, T>(
    der: &'a [u8],
    take: fn(&mut Elements<'a>) -> Result<T, Reason>,
) -> Result<T, Reason> {
    let mut all = Elements::of(der);
    let value = take(&mut all)?;
    all.finish()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::{AlgorithmIdentifier, Extension, PublicKeyInfo, Signed, take_serial, whole};

    #[test]
    fn algorithms_have_one_encoding() {
        let plain = AlgorithmIdentifier::read(&[0x30, 4, 6, 2, 0x2b, 1]).unwrap();
        assert_eq!(
            (plain.id.as_slice(), plain.parameters),
            (&[0x2b, 1][..], None)
        );
        assert!(
            AlgorithmIdentifier::read(&[0x30, 6, 6, 2, 0x2b, 1, 5, 0])
                .unwrap()
                .has_null()
        );
        let empty = AlgorithmIdentifier::read(&[0x30, 6, 6, 2, 0x2b, 1, 4, 0]).unwrap();
        assert!(!empty.has_null() && empty.parameters.is_some());
        let refused: [&[u8]; 7] = [
            &[0x30, 0],
            &[0x31, 4, 6, 2, 0x2b, 1],
            &[0x30, 4, 6, 2, 0x2b, 0x81],
            &[0x30, 5, 6, 2, 0x2b, 1, 5],
            &[0x30, 8, 6, 2, 0x2b, 1, 5, 0, 5, 0],
            &[0x30, 6, 6, 2, 0x2b, 1, 7, 0],
            &[0x30, 4, 6, 2, 0x2b, 1, 0],
        ];
        for der in refused {
            assert!(AlgorithmIdentifier::read(der).is_err(), "{der:02x?}");
        }
    }

    #[test]
    fn keys_are_of_whole_bytes() {
        let key = |bits: &[u8]| {
            let length = u8::try_from(bits.len()).unwrap();
            let der = [&[0x30, 8 + length, 0x30, 4, 6, 2, 0x2b, 1, 3, length], bits].concat();
            PublicKeyInfo::read(&der)
        };
        assert_eq!(key(&[0, 7, 8]).unwrap().key, [7, 8]);
        assert!(key(&[1, 2]).unwrap().key.is_empty());
        assert!(key(&[]).is_err() && key(&[8, 1]).is_err() && key(&[1]).is_err());
    }

    #[test]
    fn extensions_leave_their_default_out() {
        let found = Extension::read_all(&[0x30, 6, 6, 1, 0x55, 4, 1, 9]).unwrap();
        assert_eq!(found.len(), 1);
        assert!(!found[0].critical && found[0].value == [9] && found[0].id == [0x55]);
        let critical = [0x30, 8, 6, 1, 0x55, 1, 1, 0xff, 4, 0];
        assert!(Extension::read_all(&critical).unwrap()[0].critical);
        assert_eq!(Extension::read_all(&[]), Ok(Vec::new()));
        let refused: [&[u8]; 6] = [
            &[0x30, 8, 6, 1, 0x55, 1, 1, 0, 4, 0],
            &[0x30, 8, 6, 1, 0x55, 1, 1, 1, 4, 0],
            &[0x30, 3, 6, 1, 0x55],
            &[0x30, 4, 6, 0, 4, 0],
            &[0x30, 7, 6, 1, 0x55, 4, 0, 5, 0],
            &[4, 0],
        ];
        for content in refused {
            assert!(Extension::read_all(content).is_err(), "{content:02x?}");
        }
    }

    #[test]
    fn signed_structures_have_three_parts() {
        let good = [0x30, 13, 0x30, 1, 9, 0x30, 4, 6, 2, 0x2b, 1, 3, 2, 0, 7];
        let signed = Signed::read(&good).unwrap();
        assert_eq!(
            (signed.content, signed.signature),
            (&[0x30, 1, 9][..], &[7][..])
        );
        assert!(Signed::read(&[&good[..], &[0]].concat()).is_err());
        let mut more = [&good[..], &[5, 0]].concat();
        more[1] += 2;
        assert!(Signed::read(&more).is_err());
    }

    #[test]
    fn serials_have_21_bytes_at_most() {
        let serial = |content: &[u8]| {
            let length = u8::try_from(content.len()).unwrap();
            let der = [&[2, length], content].concat();
            whole(&der, take_serial).map(<[u8]>::to_vec)
        };
        for content in [&[0][..], &[0xff], &[0, 0x80], &[1; 21]] {
            assert_eq!(serial(content).unwrap(), content);
        }
        for content in [&[][..], &[0, 1], &[0xff, 0x80], &[1; 22]] {
            assert!(serial(content).is_err(), "{content:?}");
        }
    }
}

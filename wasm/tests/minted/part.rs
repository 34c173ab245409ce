//! Parts of certificates and lists as DER.

use crate::key::{Signer4096, leaf_point, unhex};
use crate::x509::structure::Extension;
use der::asn1::{BitString, OctetString};
use der::{DateTime, Decode};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Time;
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// Tag, length and content.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let byte = |value: usize| u8::try_from(value & 0xff).unwrap();
    let header = match length {
        0..0x80 => vec![tag, byte(length)],
        0x80..0x100 => vec![tag, 0x81, byte(length)],
        _ => vec![tag, 0x82, byte(length >> 8), byte(length)],
    };
    [header.as_slice(), content].concat()
}

/// A SEQUENCE of parts.
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// Content of an object identifier from its dotted text.
pub fn oid(text: &str) -> Vec<u8> {
    let parts: Vec<u64> = text.split('.').map(|part| part.parse().unwrap()).collect();
    let first = parts[0] * 40 + parts[1];
    let all = core::iter::once(&first).chain(&parts[2..]);
    all.flat_map(|part| base128(*part)).collect()
}

fn base128(mut value: u64) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(value & 0x7f).unwrap()];
    while value > 0x7f {
        value >>= 7;
        bytes.insert(0, u8::try_from(value & 0x7f).unwrap() | 0x80);
    }
    bytes
}

/// An extension.
pub fn extension(id: &str, critical: bool, value: &[u8]) -> Extension {
    Extension {
        id: Decode::from_der(&tlv(6, &oid(id))).unwrap(),
        critical,
        value: OctetString::new(value).unwrap(),
    }
}

/// RSASSA-PSS with SHA-384 or SHA-256 in hash and mask, and a length of salt.
pub fn pss(hash_bits: u16, mask_bits: u16, salt: u8) -> AlgorithmIdentifier {
    let hash = |bits| {
        let last = if bits == 384 { "2" } else { "1" };
        let id = format!("2.16.840.1.101.3.4.2.{last}");
        sequence(&[&tlv(6, &oid(&id)), &[5, 0]])
    };
    let mask = sequence(&[&tlv(6, &oid("1.2.840.113549.1.1.8")), &hash(mask_bits)]);
    let parameters = sequence(&[
        &tlv(0xa0, &hash(hash_bits)),
        &tlv(0xa1, &mask),
        &tlv(0xa2, &tlv(2, &[salt])),
    ]);
    let der = sequence(&[&tlv(6, &oid("1.2.840.113549.1.1.10")), &parameters]);
    AlgorithmIdentifier::from_der(&der).unwrap()
}

/// An RSA key.
pub fn rsa_key(signer: Signer4096) -> SubjectPublicKeyInfo {
    let modulus = [&[0], signer.modulus().as_slice()].concat();
    let key = sequence(&[&tlv(2, &modulus), &[2, 3, 1, 0, 1]]);
    let algorithm = sequence(&[&tlv(6, &oid("1.2.840.113549.1.1.1")), &[5, 0]]);
    public_key(&algorithm, &key)
}

/// The leaf's key, of a curve given by its identifier.
pub fn leaf_key(curve: &str) -> SubjectPublicKeyInfo {
    let algorithm = [oid("1.2.840.10045.2.1"), oid(curve)].map(|id| tlv(6, &id));
    let [key, curve] = &algorithm;
    public_key(&sequence(&[key, curve]), &leaf_point())
}

fn public_key(algorithm: &[u8], key: &[u8]) -> SubjectPublicKeyInfo {
    SubjectPublicKeyInfo {
        algorithm: AlgorithmIdentifier::from_der(algorithm).unwrap(),
        subject_public_key: BitString::from_bytes(key).unwrap(),
    }
}

/// A serial number.
pub fn serial(bytes: &[u8]) -> SerialNumber {
    SerialNumber::from_der(&tlv(2, bytes)).unwrap()
}

/// A time.
pub fn time(text: &str) -> Time {
    Time::from(text.parse::<DateTime>().unwrap())
}

/// A distribution point name with one URI, as it stands in a point.
pub fn full_name(uri: &str) -> Vec<u8> {
    tlv(0xa0, &tlv(0xa0, &tlv(0x86, uri.as_bytes())))
}

/// The value NULL.
pub fn null() -> Vec<u8> {
    unhex("0500")
}

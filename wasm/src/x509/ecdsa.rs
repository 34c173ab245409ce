//! ECDSA with P-256 and SHA-256, as Intel uses it (FIPS 186-5, RFC 5480, RFC 5758).

use crate::digest::sha256;
use crate::x509::algorithm::{self, CURVE_P256};
use crate::x509::certificate::Certificate;
use crate::x509::structure::{AlgorithmIdentifier, PublicKeyInfo};
use crate::x509::tlv::{self, INTEGER, Reason, SEQUENCE};
use crate::x509::value;
use casemate_arithmetic::P256Signature as Signature;

/// 1.2.840.10045.4.3.2
const ECDSA_SHA256: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";

/// Bytes of X, Y, R or S.
const NUMBER_BYTES: usize = 32;

/// The numbers R and S of an `ECDSA-Sig-Value` of RFC 5480, appendix A.
///
/// # Errors
/// Says what is wrong.
pub fn read_numbers(der: &[u8]) -> Result<[&[u8]; 2], Reason> {
    let mut fields = tlv::only(der, SEQUENCE)?;
    let r = value::unsigned(fields.need(INTEGER)?)?;
    let s = value::unsigned(fields.need(INTEGER)?)?;
    fields.finish()?;
    Ok([r, s])
}

/// A key of the curve P-256.
#[derive(Clone, Debug)]
pub struct P256Key(casemate_arithmetic::P256Key);

/// Whether an algorithm is this one. Its parameters must be absent (RFC 5758 §3.2).
#[must_use]
pub fn is_ecdsa_sha256(algorithm: &AlgorithmIdentifier) -> bool {
    algorithm.id == ECDSA_SHA256 && algorithm.parameters.is_none()
}

/// A signature of its two numbers, big-endian; none where one is zero or not
/// below the order of the group. `n - s` is a signature too and is accepted,
/// since nobody demands the lower one.
#[must_use]
pub fn signature(r: [u8; NUMBER_BYTES], s: [u8; NUMBER_BYTES]) -> Option<Signature> {
    Signature::of_numbers(&r, &s)
}

/// The same of R and S in one.
#[must_use]
pub fn signature_of(numbers: &[u8; 2 * NUMBER_BYTES]) -> Option<Signature> {
    let (r, s) = numbers.split_at(NUMBER_BYTES);
    Signature::of_numbers(r, s)
}

impl P256Key {
    /// Reads the key of a certificate.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(key: &PublicKeyInfo) -> Result<Self, String> {
        Self::of_point(algorithm::point(key, CURVE_P256)?)
    }

    /// Reads a key of its coordinates, X and Y.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn of_coordinates(coordinates: &[u8; 2 * NUMBER_BYTES]) -> Result<Self, String> {
        casemate_arithmetic::P256Key::of_coordinates(coordinates)
            .map(Self)
            .ok_or_else(not_a_point)
    }

    fn of_point(point: &[u8]) -> Result<Self, String> {
        let key = casemate_arithmetic::P256Key::of_point(point);
        key.map(Self).ok_or_else(not_a_point)
    }

    /// Whether a signature over a message is by this key.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        self.0.verifies(&sha256(message), signature)
    }

    /// The same with a signature in DER, as certificates and lists have it.
    #[must_use]
    pub fn verifies_der(&self, message: &[u8], der: &[u8]) -> bool {
        from_der(der).is_some_and(|signature| self.verifies(message, &signature))
    }

    /// Whether a certificate names this algorithm and was signed by this key.
    #[must_use]
    pub fn has_signed(&self, certificate: &Certificate) -> bool {
        certificate.algorithm().is_some_and(is_ecdsa_sha256)
            && self.verifies_der(certificate.signed(), certificate.signature())
    }
}

fn from_der(der: &[u8]) -> Option<Signature> {
    let [r, s] = read_numbers(der).ok()?;
    Signature::of_numbers(r, s)
}

fn not_a_point() -> String {
    String::from("the key is not a point of the curve")
}

#[cfg(test)]
mod tests {
    use super::{P256Key, from_der, signature};
    use p256::ecdsa::SigningKey;
    use p256::ecdsa::signature::Signer;

    /// Order of P-256's group (FIPS 186-5, SP 800-186 §3.2.1.3).
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
        0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];

    fn small(value: u8) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[31] = value;
        bytes
    }

    fn is_in_range(r: [u8; 32], s: [u8; 32]) -> bool {
        signature(r, s).is_some()
    }

    #[test]
    fn signature_refuses_zero_and_the_order() {
        let mut below = ORDER;
        below[31] -= 1;
        assert!(is_in_range(small(1), small(1)));
        assert!(is_in_range(below, below));
        assert!(!is_in_range(small(0), small(1)));
        assert!(!is_in_range(small(1), small(0)));
        assert!(!is_in_range(ORDER, small(1)));
        assert!(!is_in_range(small(1), ORDER));
        assert!(!is_in_range([0xff; 32], small(1)));
    }

    #[test]
    fn from_der_takes_one_encoding_of_a_signature() {
        assert!(from_der(&[0x30, 6, 2, 1, 1, 2, 1, 0x7f]).is_some());
        assert!(from_der(&[0x30, 7, 2, 2, 0, 0x80, 2, 1, 1]).is_some());
        let bent: [&[u8]; 9] = [
            &[0x30, 6, 2, 1, 0, 2, 1, 1],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 1],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1],
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1],
            &[0x30, 6, 2, 1, 1, 2, 1, 1, 0],
            &[0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1],
            &[0x30, 3, 2, 1, 1],
            &[0x31, 6, 2, 1, 1, 2, 1, 1],
            &[],
        ];
        for der in bent {
            assert!(from_der(der).is_none(), "{der:02x?}");
        }
        let long = [&[0x30, 0x26, 2, 33, 1], [0; 32].as_slice(), &[2, 1, 1]].concat();
        assert!(from_der(&long).is_none(), "more than 32 bytes");
    }

    #[test]
    fn verifies_der_knows_its_own_signatures() {
        let signer = SigningKey::from_slice(&[7; 32]).unwrap();
        let point = signer.verifying_key().to_sec1_point(false);
        let key = P256Key::of_point(point.as_bytes()).unwrap();
        let made: p256::ecdsa::Signature = signer.sign(b"message");
        let der = made.to_der();
        assert!(key.verifies_der(b"message", der.as_bytes()));
        assert!(!key.verifies_der(b"massage", der.as_bytes()));
    }

    #[test]
    fn of_coordinates_refuses_what_is_not_on_the_curve() {
        for coordinates in [[0; 64], [1; 64], [0xff; 64]] {
            assert!(P256Key::of_coordinates(&coordinates).is_err());
        }
    }
}

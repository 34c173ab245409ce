//! Keys of P-256 and P-384 and their ECDSA signatures with SHA-256, SHA-384 or
//! SHA-512 (FIPS 186-5 §6.4: a longer hash is cut to the order's bits).

use crate::x509::algorithm::{self, CURVE_P256, CURVE_P384, Curve};
use crate::x509::ecdsa::SignatureValue;
use crate::x509::hash::Hash;
use crate::x509::strict;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use x509_cert::SubjectPublicKeyInfo;

/// A key that can verify.
#[derive(Clone, Debug)]
pub enum EcKey {
    /// Of P-256.
    P256(p256::ecdsa::VerifyingKey),
    /// Of P-384.
    P384(p384::ecdsa::VerifyingKey),
}

/// A signature whose numbers are in the range of its curve.
#[derive(Clone, Debug)]
pub enum EcSignature {
    /// By a key of P-256.
    P256(p256::ecdsa::Signature),
    /// By a key of P-384.
    P384(p384::ecdsa::Signature),
}

impl EcKey {
    /// Reads the key of a certificate, of whichever of the two curves.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(key: &SubjectPublicKeyInfo) -> Result<Self, String> {
        let curve = algorithm::curve_of(key).ok_or("the key is not of curve P-256 or P-384")?;
        Self::of_point(curve, algorithm::point(key, curve)?)
    }

    /// Makes a key of an uncompressed point.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn of_point(curve: Curve, point: &[u8]) -> Result<Self, String> {
        let refuse = || String::from("the key is not a point of the curve");
        if point.first() != Some(&4) {
            return Err(refuse());
        }
        let key = match curve {
            CURVE_P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map(Self::P256),
            _ => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map(Self::P384),
        };
        key.map_err(|_| refuse())
    }

    /// The curve.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        match self {
            Self::P256(_) => CURVE_P256,
            Self::P384(_) => CURVE_P384,
        }
    }

    /// A signature of its two numbers, big-endian, zeros before them or none;
    /// none where one is longer than the curve's, zero or not below the order.
    #[must_use]
    pub fn signature(&self, r: &[u8], s: &[u8]) -> Option<EcSignature> {
        match self {
            Self::P256(_) => {
                let numbers = (padded::<32>(r)?, padded::<32>(s)?);
                let made = p256::ecdsa::Signature::from_scalars(numbers.0, numbers.1);
                made.ok().map(EcSignature::P256)
            }
            Self::P384(_) => {
                let numbers = (padded::<48>(r)?, padded::<48>(s)?);
                let made = p384::ecdsa::Signature::from_scalars(numbers.0, numbers.1);
                made.ok().map(EcSignature::P384)
            }
        }
    }

    /// The same of DER.
    #[must_use]
    pub fn signature_of_der(&self, der: &[u8]) -> Option<EcSignature> {
        let value: SignatureValue<'_> = strict::decode(der).ok()?;
        self.signature(value.r.as_bytes(), value.s.as_bytes())
    }

    /// Whether a signature over a message is by this key.
    #[must_use]
    pub fn verifies(&self, hash: Hash, message: &[u8], signature: &EcSignature) -> bool {
        let digest = hash.digest(message);
        match (self, signature) {
            (Self::P256(key), EcSignature::P256(made)) => key.verify_prehash(&digest, made).is_ok(),
            (Self::P384(key), EcSignature::P384(made)) => key.verify_prehash(&digest, made).is_ok(),
            _ => false,
        }
    }
}

fn padded<const N: usize>(number: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let start = N.checked_sub(number.len())?;
    bytes.get_mut(start..)?.copy_from_slice(number);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::EcKey;
    use crate::x509::algorithm::{CURVE_P256, CURVE_P384};
    use crate::x509::hash::Hash;
    use p384::ecdsa::signature::hazmat::PrehashSigner;

    const HASHES: [Hash; 3] = [Hash::Sha256, Hash::Sha384, Hash::Sha512];

    #[test]
    fn verifies_knows_each_hash_on_both_curves() {
        let small = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let large = p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
        let small_key = EcKey::P256(*small.verifying_key());
        let large_key = EcKey::P384(*large.verifying_key());
        for made in HASHES {
            let digest = made.digest(b"message");
            let one: p256::ecdsa::Signature = small.sign_prehash(&digest).unwrap();
            let two: p384::ecdsa::Signature = large.sign_prehash(&digest).unwrap();
            let one = small_key.signature_of_der(one.to_der().as_bytes()).unwrap();
            let two = large_key.signature_of_der(two.to_der().as_bytes()).unwrap();
            for read in HASHES {
                assert_eq!(small_key.verifies(read, b"message", &one), made == read);
                assert_eq!(large_key.verifies(read, b"message", &two), made == read);
            }
            assert!(!small_key.verifies(made, b"massage", &one));
            assert!(!small_key.verifies(made, b"message", &two), "another curve");
        }
    }

    #[test]
    fn of_point_refuses_what_is_no_uncompressed_point() {
        for curve in [CURVE_P256, CURVE_P384] {
            for point in [[4; 65].as_slice(), &[4; 97], &[2; 33], &[], &[0]] {
                assert!(EcKey::of_point(curve, point).is_err(), "{point:?}");
            }
        }
    }
}

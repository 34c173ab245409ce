//! Keys of P-256 and P-384 and their ECDSA signatures with SHA-256, SHA-384 or
//! SHA-512 (FIPS 186-5 §6.4: a longer hash is cut to the order's bits).

use crate::x509::algorithm::{self, CURVE_P256, CURVE_P384, Curve};
use crate::x509::ecdsa::read_numbers;
use crate::x509::hash::Hash;
use crate::x509::structure::PublicKeyInfo;
use casemate_arithmetic::{P256Key, P256Signature, P384Key, P384Signature};

/// A key that can verify.
#[derive(Clone, Debug)]
pub enum EcKey {
    /// Of P-256.
    P256(P256Key),
    /// Of P-384.
    P384(P384Key),
}

/// A signature whose numbers are in the range of its curve.
#[derive(Clone, Debug)]
pub enum EcSignature {
    /// By a key of P-256.
    P256(P256Signature),
    /// By a key of P-384.
    P384(P384Signature),
}

impl EcKey {
    /// Reads the key of a certificate, of whichever of the two curves.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(key: &PublicKeyInfo) -> Result<Self, String> {
        let curve = algorithm::curve_of(key).ok_or("the key is not of curve P-256 or P-384")?;
        Self::of_point(curve, algorithm::point(key, curve)?)
    }

    /// Makes a key of an uncompressed point.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn of_point(curve: Curve, point: &[u8]) -> Result<Self, String> {
        let key = match curve {
            CURVE_P256 => P256Key::of_point(point).map(Self::P256),
            _ => P384Key::of_point(point).map(Self::P384),
        };
        key.ok_or_else(|| String::from("the key is not a point of the curve"))
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
            Self::P256(_) => P256Signature::of_numbers(r, s).map(EcSignature::P256),
            Self::P384(_) => P384Signature::of_numbers(r, s).map(EcSignature::P384),
        }
    }

    /// The same of DER.
    #[must_use]
    pub fn signature_of_der(&self, der: &[u8]) -> Option<EcSignature> {
        let [r, s] = read_numbers(der).ok()?;
        self.signature(r, s)
    }

    /// Whether a signature over a message is by this key.
    #[must_use]
    pub fn verifies(&self, hash: Hash, message: &[u8], signature: &EcSignature) -> bool {
        let digest = hash.digest(message);
        match (self, signature) {
            (Self::P256(key), EcSignature::P256(made)) => key.verifies(&digest, made),
            (Self::P384(key), EcSignature::P384(made)) => key.verifies(&digest, made),
            _ => false,
        }
    }
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
        let point = small.verifying_key().to_sec1_point(false);
        let small_key = EcKey::of_point(CURVE_P256, point.as_bytes()).unwrap();
        let point = large.verifying_key().to_sec1_point(false);
        let large_key = EcKey::of_point(CURVE_P384, point.as_bytes()).unwrap();
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

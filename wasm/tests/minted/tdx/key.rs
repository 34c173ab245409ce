//! Keys of the curve P-256.

use crate::part::{oid, sequence, tlv};
use der::Decode;
use der::asn1::BitString;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// Who signs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The root.
    Root,
    /// CA of the PCK certificate.
    Ca,
    /// The PCK.
    Pck,
    /// Signs TCB info and QE identity.
    Signing,
    /// Signs the quote.
    Attestation,
    /// Somebody else.
    Other,
}

impl Key {
    fn signer(self) -> SigningKey {
        let byte = match self {
            Self::Root => 1,
            Self::Ca => 2,
            Self::Pck => 3,
            Self::Signing => 4,
            Self::Attestation => 5,
            Self::Other => 6,
        };
        SigningKey::from_slice(&[byte; 32]).unwrap()
    }

    /// Uncompressed point.
    pub fn point(self) -> Vec<u8> {
        let point = self.signer().verifying_key().to_sec1_point(false);
        point.as_bytes().to_vec()
    }

    /// X and Y.
    pub fn coordinates(self) -> Vec<u8> {
        self.point().split_off(1)
    }

    /// The key as a certificate has it.
    pub fn info(self) -> SubjectPublicKeyInfo {
        public_key("1.2.840.10045.3.1.7", &self.point())
    }

    /// R and S.
    pub fn sign(self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.signer().sign(message);
        signature.to_bytes().to_vec()
    }

    /// R and S in DER.
    pub fn sign_der(self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.signer().sign(message);
        signature.to_der().as_bytes().to_vec()
    }
}

/// A key of a curve given by its identifier.
pub fn public_key(curve: &str, point: &[u8]) -> SubjectPublicKeyInfo {
    let algorithm = [oid("1.2.840.10045.2.1"), oid(curve)].map(|id| tlv(6, &id));
    SubjectPublicKeyInfo {
        algorithm: AlgorithmIdentifier::from_der(&sequence(&[&algorithm[0], &algorithm[1]]))
            .unwrap(),
        subject_public_key: BitString::from_bytes(point).unwrap(),
    }
}

/// ECDSA with SHA-256 (2), SHA-384 (3) or SHA-512 (4).
pub fn ecdsa(hash: u8) -> AlgorithmIdentifier {
    let id = tlv(6, &oid(&format!("1.2.840.10045.4.3.{hash}")));
    AlgorithmIdentifier::from_der(&sequence(&[&id])).unwrap()
}

/// The same with parameters that are NULL, which must be absent.
pub fn ecdsa_with_null() -> AlgorithmIdentifier {
    let id = tlv(6, &oid("1.2.840.10045.4.3.2"));
    AlgorithmIdentifier::from_der(&sequence(&[&id, &[5, 0]])).unwrap()
}

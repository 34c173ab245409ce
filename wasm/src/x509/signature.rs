//! Signatures of certificates and lists by whichever of the usual algorithms
//! they name (RFC 4055, RFC 5758): RSA with either padding, ECDSA; SHA-256 or
//! better. For issuers that do not keep to one algorithm.

use crate::x509::algorithm;
use crate::x509::ec_key::EcKey;
use crate::x509::hash::Hash;
use crate::x509::pss;
use crate::x509::rsa_key::RsaKey;
use crate::x509::structure::{AlgorithmIdentifier, PublicKeyInfo};

/// 1.2.840.113549.1.1
const PKCS1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01";
/// 1.2.840.10045.4.3
const ECDSA: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03";

/// How a signature was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1(Hash),
    /// RSASSA-PSS, the hash in MGF1 too, a salt of the hash's length.
    Pss(Hash),
    /// ECDSA.
    Ecdsa(Hash),
}

/// A key of an issuer.
#[derive(Clone, Debug)]
pub enum PublicKey {
    /// RSA.
    Rsa(RsaKey),
    /// P-256 or P-384.
    Ec(EcKey),
}

impl Algorithm {
    /// Reads the algorithm of a certificate or list.
    ///
    /// # Arguments
    /// `algorithm` is none where two different ones are named.
    ///
    /// # Errors
    /// Says for a person which it is, where it is not taken.
    pub fn read(algorithm: Option<&AlgorithmIdentifier>) -> Result<Self, String> {
        let found = algorithm.and_then(|found| pss::hash(found).map(Self::Pss).or(known(found)));
        found.ok_or_else(|| {
            let actual = algorithm::signature_text(algorithm);
            format!("its algorithm is not accepted: {actual}")
        })
    }
}

/// Those that are not RSASSA-PSS; the parameters are NULL for RSA, absent for ECDSA.
fn known(identifier: &AlgorithmIdentifier) -> Option<Algorithm> {
    let (last, arc) = identifier.id.split_last()?;
    let found = match (arc, last) {
        (PKCS1, 11) => Algorithm::Pkcs1(Hash::Sha256),
        (PKCS1, 12) => Algorithm::Pkcs1(Hash::Sha384),
        (PKCS1, 13) => Algorithm::Pkcs1(Hash::Sha512),
        (ECDSA, 2) => Algorithm::Ecdsa(Hash::Sha256),
        (ECDSA, 3) => Algorithm::Ecdsa(Hash::Sha384),
        (ECDSA, 4) => Algorithm::Ecdsa(Hash::Sha512),
        _ => return None,
    };
    let right = match found {
        Algorithm::Ecdsa(_) => identifier.parameters.is_none(),
        _ => identifier.has_null(),
    };
    right.then_some(found)
}

impl PublicKey {
    /// Reads the key of a certificate.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(key: &PublicKeyInfo) -> Result<Self, String> {
        if pss::is_rsa_key(&key.algorithm) {
            return RsaKey::read(key).map(Self::Rsa);
        }
        EcKey::read(key)
            .map(Self::Ec)
            .map_err(|reason| format!("{reason}, nor is it an RSA key"))
    }

    /// Whether a signature over a message is by this key and algorithm.
    #[must_use]
    pub fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (self, algorithm) {
            (Self::Rsa(key), Algorithm::Pkcs1(hash)) => {
                key.verifies_pkcs1(hash, message, signature)
            }
            (Self::Rsa(key), Algorithm::Pss(hash)) => {
                key.verifies_pss(hash, hash.size(), message, signature)
            }
            (Self::Ec(key), Algorithm::Ecdsa(hash)) => {
                let made = key.signature_of_der(signature);
                made.is_some_and(|made| key.verifies(hash, message, &made))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, ECDSA, PKCS1};
    use crate::x509::hash::Hash;
    use crate::x509::oid;
    use crate::x509::structure::AlgorithmIdentifier;

    const NULL: Option<&[u8]> = Some(&[5, 0]);

    fn read(arc: &[u8], last: u8, parameters: Option<&[u8]>) -> Result<Algorithm, String> {
        Algorithm::read(Some(&AlgorithmIdentifier {
            id: [arc, &[last]].concat(),
            parameters: parameters.map(<[u8]>::to_vec),
        }))
    }

    #[test]
    fn arcs_are_these() {
        assert_eq!(oid::text(PKCS1), "1.2.840.113549.1.1");
        assert_eq!(oid::text(ECDSA), "1.2.840.10045.4.3");
    }

    #[test]
    fn read_demands_the_parameters_of_each() {
        for (index, hash) in (0..).zip([Hash::Sha256, Hash::Sha384, Hash::Sha512]) {
            assert_eq!(read(PKCS1, 11 + index, NULL), Ok(Algorithm::Pkcs1(hash)));
            assert!(read(PKCS1, 11 + index, None).is_err());
            assert!(read(PKCS1, 11 + index, Some(&[5, 1, 0])).is_err());
            assert_eq!(read(ECDSA, 2 + index, None), Ok(Algorithm::Ecdsa(hash)));
            assert!(read(ECDSA, 2 + index, NULL).is_err());
        }
    }

    #[test]
    fn read_refuses_sha_1_and_what_is_not_one() {
        assert!(read(PKCS1, 5, NULL).is_err());
        assert!(read(PKCS1, 10, NULL).is_err());
        assert!(read(ECDSA, 1, None).is_err());
        assert!(read(&[0x2b, 0x65], 112, None).is_err());
        let none = Algorithm::read(None).unwrap_err();
        assert!(none.contains("two different"), "{none}");
    }
}

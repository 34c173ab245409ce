//! Signatures of certificates and lists by whichever of the usual algorithms
//! they name (RFC 4055, RFC 5758): RSA with either padding, ECDSA; SHA-256 or
//! better. For issuers that do not keep to one algorithm.

use crate::x509::algorithm;
use crate::x509::ec_key::EcKey;
use crate::x509::hash::Hash;
use crate::x509::pss;
use crate::x509::rsa_key::RsaKey;
use der::asn1::ObjectIdentifier;
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

const PKCS1: &str = "1.2.840.113549.1.1";
const ECDSA: &str = "1.2.840.10045.4.3";

/// Identifiers of algorithms; the parameters are NULL for RSA, absent for ECDSA.
const ALGORITHMS: [(ObjectIdentifier, Algorithm); 6] = [
    (arc(PKCS1, 11), Algorithm::Pkcs1(Hash::Sha256)),
    (arc(PKCS1, 12), Algorithm::Pkcs1(Hash::Sha384)),
    (arc(PKCS1, 13), Algorithm::Pkcs1(Hash::Sha512)),
    (arc(ECDSA, 2), Algorithm::Ecdsa(Hash::Sha256)),
    (arc(ECDSA, 3), Algorithm::Ecdsa(Hash::Sha384)),
    (arc(ECDSA, 4), Algorithm::Ecdsa(Hash::Sha512)),
];

const fn arc(parent: &str, last: u32) -> ObjectIdentifier {
    match ObjectIdentifier::new_unwrap(parent).push_arc(last) {
        Ok(id) => id,
        Err(_) => ObjectIdentifier::new_unwrap(parent),
    }
}

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
        let refuse = || {
            let actual = algorithm::signature_text(algorithm);
            format!("its algorithm is not accepted: {actual}")
        };
        let found = algorithm.ok_or_else(refuse)?;
        if let Some(hash) = pss::hash(found) {
            return Ok(Self::Pss(hash));
        }
        let known = ALGORITHMS.iter().find(|(id, _)| *id == found.oid);
        let (_, known) = known.ok_or_else(refuse)?;
        let parameters = found.parameters.as_ref();
        let right = match known {
            Self::Ecdsa(_) => parameters.is_none(),
            _ => parameters.is_some_and(der::asn1::Any::is_null),
        };
        right.then_some(*known).ok_or_else(refuse)
    }
}

impl PublicKey {
    /// Reads the key of a certificate.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(key: &SubjectPublicKeyInfo) -> Result<Self, String> {
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
    use super::{Algorithm, arc};
    use crate::x509::hash::Hash;
    use der::asn1::{Any, ObjectIdentifier};
    use x509_cert::AlgorithmIdentifier;

    fn read(id: &str, parameters: Option<Any>) -> Result<Algorithm, String> {
        let oid = ObjectIdentifier::new_unwrap(id);
        Algorithm::read(Some(&AlgorithmIdentifier { oid, parameters }))
    }

    #[test]
    fn arc_adds_a_last_part() {
        let id = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
        assert_eq!(arc("1.2.840.113549.1.1", 11), id);
    }

    #[test]
    fn read_demands_the_parameters_of_each() {
        let rsa = "1.2.840.113549.1.1.13";
        let ecdsa = "1.2.840.10045.4.3.3";
        assert_eq!(
            read(rsa, Some(Any::null())),
            Ok(Algorithm::Pkcs1(Hash::Sha512))
        );
        assert!(read(rsa, None).is_err());
        assert_eq!(read(ecdsa, None), Ok(Algorithm::Ecdsa(Hash::Sha384)));
        assert!(read(ecdsa, Some(Any::null())).is_err());
    }

    #[test]
    fn read_refuses_sha_1_and_what_is_not_one() {
        assert!(read("1.2.840.113549.1.1.5", Some(Any::null())).is_err());
        assert!(read("1.2.840.10045.4.1", None).is_err());
        assert!(read("1.3.101.112", None).is_err());
        let none = Algorithm::read(None).unwrap_err();
        assert!(none.contains("two different"), "{none}");
    }
}

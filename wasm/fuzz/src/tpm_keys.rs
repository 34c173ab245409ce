//! Keys of TPMs and their issuers, of the fuzzer's. They are public and protect nothing.

use crate::arithmetic::{Made, digest_info};
use crate::certificate::{element, sha256};
use crate::keys::{ARK, Salt, rsa_key};
use crate::log::hash;
use core::cell::RefCell;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use rsa::traits::{PublicKeyParts, SignatureScheme};
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha2::{Sha256, Sha384, Sha512};
use std::collections::HashMap;
use std::sync::LazyLock;

#[path = "../../tests/minted/tpm/primes.rs"]
mod primes;

/// Most signatures that are remembered.
const MAX_REMEMBERED: usize = 4096;

/// DER of `AlgorithmIdentifier`: RSA, P-256, P-384.
const ALGORITHMS: [&[u8]; 3] = [
    b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00",
    b"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
    b"\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22",
];

/// A key, those of curves by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum TpmKey {
    P256(u8),
    P384(u8),
    Rsa2048,
    Rsa4096,
}

static RSA: LazyLock<RsaPrivateKey> = LazyLock::new(|| rsa_key(primes::P, primes::Q));

/// Signatures by key, way, salt and digest of the message.
type Known = HashMap<(TpmKey, Made, usize, [u8; 32]), Option<Vec<u8>>>;

thread_local! {
    static MADE: RefCell<Known> = RefCell::default();
}

/// `SubjectPublicKeyInfo` of a modulus, with 65537, or of two coordinates of a curve.
#[must_use]
pub fn info(numbers: &[Vec<u8>]) -> Option<Vec<u8>> {
    let (algorithm, key) = match numbers {
        [modulus] => {
            let modulus = element(2, &[&[0], modulus.as_slice()].concat());
            let key = [modulus, vec![2, 3, 1, 0, 1]].concat();
            (ALGORITHMS[0], element(0x30, &key))
        }
        [x, y] if x.len() == y.len() => {
            let index = 1 + [32, 48].iter().position(|size| *size == x.len())?;
            (ALGORITHMS[index], [&[4], x.as_slice(), y].concat())
        }
        _ => return None,
    };
    let bits = element(3, &[&[0], key.as_slice()].concat());
    Some(element(0x30, &[algorithm, &bits].concat()))
}

impl TpmKey {
    /// A key like that of a `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn like(info: &[u8], number: u8) -> Option<Self> {
        match info.len() {
            91 => Some(Self::P256(number)),
            120 => Some(Self::P384(number)),
            294 => Some(Self::Rsa2048),
            550 => Some(Self::Rsa4096),
            _ => None,
        }
    }

    fn p256(number: u8) -> p256::ecdsa::SigningKey {
        p256::ecdsa::SigningKey::from_slice(&[number.max(1); 32]).expect("in range")
    }

    fn p384(number: u8) -> p384::ecdsa::SigningKey {
        p384::ecdsa::SigningKey::from_slice(&[number.clamp(1, 0xfe); 48]).expect("in range")
    }

    /// Modulus, or both coordinates.
    #[must_use]
    pub fn numbers(self) -> Vec<Vec<u8>> {
        let point = match self {
            Self::Rsa2048 => return vec![RSA.n().to_be_bytes().to_vec()],
            Self::Rsa4096 => return vec![ARK.n().to_be_bytes().to_vec()],
            Self::P256(number) => {
                let point = Self::p256(number).verifying_key().to_sec1_point(false);
                point.as_bytes().to_vec()
            }
            Self::P384(number) => {
                let point = Self::p384(number).verifying_key().to_sec1_point(false);
                point.as_bytes().to_vec()
            }
        };
        let both = point[1..].chunks(point.len() / 2);
        both.map(<[u8]>::to_vec).collect()
    }

    /// `SubjectPublicKeyInfo`.
    ///
    /// # Panics
    /// Never: it has numbers of these sizes.
    #[must_use]
    pub fn info(self) -> Vec<u8> {
        info(&self.numbers()).expect("numbers of a key")
    }

    /// Signs: RSA as it is, ECDSA as R and S; none where the key does not sign so.
    ///
    /// # Arguments
    /// `salt` is the length of that of PSS.
    #[must_use]
    pub fn sign(self, made: Made, salt: usize, message: &[u8]) -> Option<Vec<u8>> {
        let place = (self, made, salt, sha256(message));
        MADE.with_borrow_mut(|known| {
            if known.len() > MAX_REMEMBERED {
                known.clear();
            }
            let make = || self.make(made, salt, message);
            known.entry(place).or_insert_with(make).clone()
        })
    }

    fn make(self, made: Made, salt: usize, message: &[u8]) -> Option<Vec<u8>> {
        let digest = hash(made.hash(), message)?;
        match (self, made) {
            (Self::P256(number), Made::Ecdsa(_)) => {
                let made: p256::ecdsa::Signature = Self::p256(number).sign_prehash(&digest).ok()?;
                Some(made.to_bytes().to_vec())
            }
            (Self::P384(number), Made::Ecdsa(_)) => {
                let made: p384::ecdsa::Signature = Self::p384(number).sign_prehash(&digest).ok()?;
                Some(made.to_bytes().to_vec())
            }
            (Self::Rsa2048, _) => sign_rsa(&RSA, made, salt, &digest),
            (Self::Rsa4096, _) => sign_rsa(&ARK, made, salt, &digest),
            _ => None,
        }
    }
}

fn sign_rsa(key: &RsaPrivateKey, made: Made, salt: usize, digest: &[u8]) -> Option<Vec<u8>> {
    match made {
        Made::Pkcs1(_) => {
            let scheme = Pkcs1v15Sign {
                hash_len: Some(digest.len()),
                prefix: digest_info(digest.len()).into(),
            };
            key.sign(scheme, digest).ok()
        }
        Made::Pss("sha256", _) => sign_pss(key, Pss::<Sha256>::new_with_salt(salt), digest),
        Made::Pss("sha384", _) => sign_pss(key, Pss::<Sha384>::new_with_salt(salt), digest),
        Made::Pss(..) => sign_pss(key, Pss::<Sha512>::new_with_salt(salt), digest),
        Made::Ecdsa(_) => None,
    }
}

fn sign_pss(key: &RsaPrivateKey, scheme: impl SignatureScheme, digest: &[u8]) -> Option<Vec<u8>> {
    key.sign_with_rng(&mut Salt, scheme, digest).ok()
}

#[cfg(test)]
mod tests {
    use super::TpmKey;
    use crate::arithmetic::{Made, Public};

    const RSA: [Made; 4] = [
        Made::Pkcs1("sha256"),
        Made::Pkcs1("sha512"),
        Made::Pss("sha256", true),
        Made::Pss("sha384", false),
    ];
    const CURVES: [Made; 3] = [
        Made::Ecdsa("sha256"),
        Made::Ecdsa("sha384"),
        Made::Ecdsa("sha512"),
    ];

    fn salts(made: Made) -> [usize; 3] {
        match made {
            Made::Pss("sha256", _) => [32, 222, 20],
            _ => [48, 48, 20],
        }
    }

    #[test]
    fn arithmetic_verifies_what_keys_sign_and_nothing_else() {
        for (key, all) in [
            (TpmKey::Rsa2048, &RSA[..]),
            (TpmKey::Rsa4096, &RSA[..1]),
            (TpmKey::P256(3), &CURVES[..]),
            (TpmKey::P384(3), &CURVES[..]),
        ] {
            let public = Public::read(&key.info()).unwrap();
            assert_eq!(TpmKey::like(&key.info(), 3), Some(key));
            for made in all {
                let salt = salts(*made)[0];
                let signature = key.sign(*made, salt, b"message").unwrap();
                assert!(public.verifies(*made, b"message", &signature), "{made:?}");
                assert!(!public.verifies(*made, b"massage", &signature));
                for at in [0, signature.len() / 2, signature.len() - 1] {
                    let mut bent = signature.clone();
                    bent[at] ^= 1;
                    assert!(!public.verifies(*made, b"message", &bent), "{made:?}");
                }
                for other in all.iter().filter(|other| *other != made) {
                    assert!(!public.verifies(*other, b"message", &signature));
                }
            }
        }
    }

    #[test]
    fn arithmetic_takes_salts_of_two_lengths_at_most() {
        let key = TpmKey::Rsa2048;
        let public = Public::read(&key.info()).unwrap();
        let made = Made::Pss("sha256", true);
        let [usual, longest, other] = salts(made);
        for (salt, both, one) in [
            (usual, true, true),
            (longest, true, false),
            (other, false, false),
        ] {
            let signature = key.sign(made, salt, b"message").unwrap();
            assert_eq!(public.verifies(made, b"message", &signature), both);
            let strict = Made::Pss("sha256", false);
            assert_eq!(public.verifies(strict, b"message", &signature), one);
        }
    }

    #[test]
    fn normal_is_one_of_both_signatures_of_a_curve() {
        let key = TpmKey::P256(3);
        let public = Public::read(&key.info()).unwrap();
        let signature = key.sign(CURVES[0], 0, b"message").unwrap();
        let made = p256::ecdsa::Signature::from_slice(&signature).unwrap();
        let (r, s) = made.split_scalars();
        let other = p256::ecdsa::Signature::from_scalars(*r, -*s).unwrap();
        let other = other.to_bytes();
        assert!(public.verifies(CURVES[0], b"message", &other));
        assert_ne!(other.as_slice(), signature);
        assert_eq!(public.normal(&other), public.normal(&signature));
    }

    #[test]
    fn read_takes_no_point_beside_the_curve() {
        let mut info = TpmKey::P384(3).info();
        *info.last_mut().unwrap() ^= 1;
        assert!(Public::read(&info).is_none());
    }
}

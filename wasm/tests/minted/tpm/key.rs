//! Keys of every kind that a TPM or its issuers have, and signatures by them.

use super::primes;
use crate::key::{Salt, unhex};
use crate::part::{oid, sequence, tlv};
use der::Decode;
use der::asn1::BitString;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// A key, by kind and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Curve P-256.
    P256(u8),
    /// Curve P-384.
    P384(u8),
    /// RSA with 2048 bits.
    Rsa,
}

/// How a key signs; numbers are bits of the hash, then bytes of salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1(u16),
    /// RSASSA-PSS.
    Pss(u16, u8),
    /// ECDSA.
    Ecdsa(u16),
}

static RSA: LazyLock<RsaPrivateKey> = LazyLock::new(|| {
    let number = |hex: &str| BoxedUint::from_be_slice(&unhex(hex), 1024).unwrap();
    let exponent = BoxedUint::from(65_537_u64);
    RsaPrivateKey::from_p_q(number(primes::P), number(primes::Q), exponent).unwrap()
});

type Made = HashMap<(Key, How, Vec<u8>), Vec<u8>>;

/// Signatures that were made: the same each time, and slow in a test.
static MADE: LazyLock<Mutex<Made>> = LazyLock::new(Mutex::default);

fn once(key: Key, how: How, message: &[u8], make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let place = (key, how, message.to_vec());
    if let Some(known) = MADE.lock().unwrap().get(&place) {
        return known.clone();
    }
    let made = make();
    MADE.lock().unwrap().insert(place, made.clone());
    made
}

/// Hash of a message.
pub fn digest(bits: u16, message: &[u8]) -> Vec<u8> {
    match bits {
        256 => Sha256::digest(message).to_vec(),
        384 => Sha384::digest(message).to_vec(),
        _ => Sha512::digest(message).to_vec(),
    }
}

impl Key {
    /// The key as a certificate has it.
    pub fn info(self) -> SubjectPublicKeyInfo {
        let (algorithm, key) = match self {
            Self::Rsa => {
                let modulus = tlv(2, &[vec![0], self.public()].concat());
                let key = sequence(&[&modulus, &[2, 3, 1, 0, 1]]);
                (sequence(&[&rsa_arc(1), &[5, 0]]), key)
            }
            Self::P256(_) => (ec_algorithm("1.2.840.10045.3.1.7"), self.public()),
            Self::P384(_) => (ec_algorithm("1.3.132.0.34"), self.public()),
        };
        SubjectPublicKeyInfo {
            algorithm: AlgorithmIdentifier::from_der(&algorithm).unwrap(),
            subject_public_key: BitString::from_bytes(&key).unwrap(),
        }
    }

    /// Modulus, or uncompressed point.
    pub fn public(self) -> Vec<u8> {
        match self {
            Self::Rsa => RSA.n().to_be_bytes().to_vec(),
            Self::P256(byte) => {
                let point = small(byte).verifying_key().to_sec1_point(false);
                point.as_bytes().to_vec()
            }
            Self::P384(byte) => {
                let point = large(byte).verifying_key().to_sec1_point(false);
                point.as_bytes().to_vec()
            }
        }
    }

    /// Signs as certificates have it: RSA's bytes, or DER of R and S.
    pub fn sign(self, how: How, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa => once(self, how, message, || sign_rsa(how, message)),
            _ => {
                let [r, s] = self.sign_numbers(how, message);
                let number = |bytes: &[u8]| {
                    let start = bytes.iter().position(|byte| *byte != 0).unwrap();
                    let bytes = &bytes[start..];
                    let sign: &[u8] = if bytes[0] & 0x80 == 0 { &[] } else { &[0] };
                    tlv(2, &[sign, bytes].concat())
                };
                sequence(&[&number(&r), &number(&s)])
            }
        }
    }

    /// R and S, as long as the curve's numbers.
    pub fn sign_numbers(self, how: How, message: &[u8]) -> [Vec<u8>; 2] {
        let made = once(self, how, message, || {
            self.make_numbers(how, message).concat()
        });
        let (r, s) = made.split_at(made.len() / 2);
        [r.to_vec(), s.to_vec()]
    }

    fn make_numbers(self, how: How, message: &[u8]) -> [Vec<u8>; 2] {
        let How::Ecdsa(bits) = how else {
            panic!("not ECDSA")
        };
        let digest = digest(bits, message);
        match self {
            Self::P256(byte) => {
                let made: p256::ecdsa::Signature = small(byte).sign_prehash(&digest).unwrap();
                [made.split_bytes().0.to_vec(), made.split_bytes().1.to_vec()]
            }
            Self::P384(byte) => {
                let made: p384::ecdsa::Signature = large(byte).sign_prehash(&digest).unwrap();
                [made.split_bytes().0.to_vec(), made.split_bytes().1.to_vec()]
            }
            Self::Rsa => panic!("RSA has no R and S"),
        }
    }
}

fn small(byte: u8) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[byte; 32]).unwrap()
}

fn large(byte: u8) -> p384::ecdsa::SigningKey {
    p384::ecdsa::SigningKey::from_slice(&[byte; 48]).unwrap()
}

fn sign_rsa(how: How, message: &[u8]) -> Vec<u8> {
    let signed = match how {
        How::Pkcs1(bits) => RSA.sign(pkcs1(bits), &digest(bits, message)),
        How::Pss(256, salt) => sign_pss(Pss::<Sha256>::new_with_salt(salt.into()), 256, message),
        How::Pss(384, salt) => sign_pss(Pss::<Sha384>::new_with_salt(salt.into()), 384, message),
        How::Pss(_, salt) => sign_pss(Pss::<Sha512>::new_with_salt(salt.into()), 512, message),
        How::Ecdsa(_) => panic!("RSA does not sign so"),
    };
    signed.unwrap()
}

fn sign_pss(
    scheme: impl rsa::traits::SignatureScheme,
    bits: u16,
    message: &[u8],
) -> rsa::Result<Vec<u8>> {
    RSA.sign_with_rng(&mut Salt, scheme, &digest(bits, message))
}

/// `DigestInfo` before the hash.
fn pkcs1(bits: u16) -> Pkcs1v15Sign {
    let size = u8::try_from(bits / 8).unwrap();
    let algorithm = sequence(&[&tlv(6, &hash_id(bits)), &[5, 0]]);
    let whole = sequence(&[&algorithm, &tlv(4, &vec![0; size.into()])]);
    let prefix = &whole[..whole.len() - usize::from(size)];
    Pkcs1v15Sign {
        hash_len: Some(size.into()),
        prefix: prefix.into(),
    }
}

fn hash_id(bits: u16) -> Vec<u8> {
    oid(&format!("2.16.840.1.101.3.4.2.{}", bits / 128 - 1))
}

fn rsa_arc(last: u8) -> Vec<u8> {
    tlv(6, &oid(&format!("1.2.840.113549.1.1.{last}")))
}

fn ec_algorithm(curve: &str) -> Vec<u8> {
    let ids = [oid("1.2.840.10045.2.1"), oid(curve)].map(|id| tlv(6, &id));
    sequence(&[&ids[0], &ids[1]])
}

impl How {
    /// As certificates and lists name it.
    pub fn identifier(self) -> AlgorithmIdentifier {
        let der = match self {
            Self::Pkcs1(bits) => {
                let last = u8::try_from(9 + bits / 128).unwrap();
                sequence(&[&rsa_arc(last), &[5, 0]])
            }
            Self::Ecdsa(bits) => {
                let id = format!("1.2.840.10045.4.3.{}", bits / 128);
                sequence(&[&tlv(6, &oid(&id))])
            }
            Self::Pss(bits, salt) => pss_identifier(bits, bits, salt),
        };
        AlgorithmIdentifier::from_der(&der).unwrap()
    }
}

/// RSASSA-PSS with a hash, one in the mask, and a length of salt.
pub fn pss_identifier(bits: u16, mask_bits: u16, salt: u8) -> Vec<u8> {
    let hash = |bits| sequence(&[&tlv(6, &hash_id(bits)), &[5, 0]]);
    let parameters = sequence(&[
        &tlv(0xa0, &hash(bits)),
        &tlv(0xa1, &sequence(&[&rsa_arc(8), &hash(mask_bits)])),
        &tlv(0xa2, &tlv(2, &[salt])),
    ]);
    sequence(&[&rsa_arc(10), &parameters])
}

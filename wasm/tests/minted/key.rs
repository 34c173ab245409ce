//! Signing with the keys of these tests.

use crate::primes;
use core::convert::Infallible;
use p384::ecdsa::signature::Signer;
use rsa::pss::SigningKey;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPrivateKey};
use sha2::Sha384;
use std::sync::LazyLock;

/// Who signs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Signer4096 {
    /// The root.
    Ark,
    /// The intermediate.
    Ask,
}

static ARK: LazyLock<RsaPrivateKey> = LazyLock::new(|| key(primes::ARK_P, primes::ARK_Q));
static ASK: LazyLock<RsaPrivateKey> = LazyLock::new(|| key(primes::ASK_P, primes::ASK_Q));

fn key(p: &str, q: &str) -> RsaPrivateKey {
    let number = |hex: &str| BoxedUint::from_be_slice(&unhex(hex), 2048).unwrap();
    RsaPrivateKey::from_p_q(number(p), number(q), BoxedUint::from(65_537_u64)).unwrap()
}

/// Bytes of hexadecimal text.
pub fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().collect();
    let pairs = digits.chunks(2).map(|pair| pair.iter().collect::<String>());
    pairs
        .map(|pair| u8::from_str_radix(&pair, 16).unwrap())
        .collect()
}

/// Salt of the same bytes each time; it need not be secret or new in a test.
pub struct Salt;

impl TryRng for Salt {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(7)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(7)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill(7);
        Ok(())
    }
}

impl TryCryptoRng for Salt {}

impl Signer4096 {
    fn key(self) -> &'static RsaPrivateKey {
        match self {
            Self::Ark => &ARK,
            Self::Ask => &ASK,
        }
    }

    /// Signs with a salt of the given length.
    pub fn sign(self, message: &[u8], salt: usize) -> Vec<u8> {
        let key = SigningKey::<Sha384>::new_with_salt_len(self.key().clone(), salt);
        key.sign_with_rng(&mut Salt, message).to_vec()
    }

    /// Modulus, big-endian.
    pub fn modulus(self) -> Vec<u8> {
        self.key().n().to_be_bytes().to_vec()
    }
}

static LEAF: LazyLock<p384::ecdsa::SigningKey> =
    LazyLock::new(|| p384::ecdsa::SigningKey::from_slice(&[0x5a; 48]).unwrap());

/// The leaf's public point, uncompressed.
pub fn leaf_point() -> Vec<u8> {
    let point = LEAF.verifying_key().to_sec1_point(false);
    point.as_bytes().to_vec()
}

/// Signs with the leaf's key; R and S big-endian.
pub fn sign_report(message: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let signature: p384::ecdsa::Signature = LEAF.sign(message);
    let (r, s) = signature.split_bytes();
    (r.to_vec(), s.to_vec())
}

//! Keys of the fuzzer. They are public and protect nothing.

use crate::certificate::sha256;
use core::cell::RefCell;
use core::convert::Infallible;
use p256::ecdsa::signature::Signer;
use rsa::pss::SigningKey;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPrivateKey};
use sha2::Sha384;
use std::collections::HashMap;
use std::sync::LazyLock;

#[path = "../../tests/minted/primes.rs"]
mod primes;

/// Bytes of salt in AMD's signatures.
const SALT: usize = 48;
/// Most signatures that are remembered: one takes milliseconds, and most inputs leave most certificates alone.
const MAX_REMEMBERED: usize = 4096;

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// AMD's root.
    Ark,
    /// AMD's intermediate.
    Ask,
    /// AMD's leaf, P-384.
    Leaf,
    /// One of Intel's, P-256, by number.
    Intel(u8),
}

/// AMD's root, 4096 bits.
pub(crate) static ARK: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| rsa_key(primes::ARK_P, primes::ARK_Q));
static ASK: LazyLock<RsaPrivateKey> = LazyLock::new(|| rsa_key(primes::ASK_P, primes::ASK_Q));

/// Signatures by key and digest of the message.
type Made = HashMap<(Key, [u8; 32]), Vec<u8>>;

thread_local! {
    static MADE: RefCell<Made> = RefCell::default();
}

/// A key of two primes, in hex.
pub(crate) fn rsa_key(p: &str, q: &str) -> RsaPrivateKey {
    let number = |hex: &str| {
        let pairs = hex.as_bytes().chunks(2);
        let bytes = pairs.map(|pair| {
            let pair = core::str::from_utf8(pair).expect("digits");
            u8::from_str_radix(pair, 16).expect("digits")
        });
        let bytes: Vec<u8> = bytes.collect();
        BoxedUint::from_be_slice(&bytes, 4 * hex.len() as u32).expect("so many bits")
    };
    RsaPrivateKey::from_p_q(number(p), number(q), BoxedUint::from(65_537_u64)).expect("primes")
}

/// The same salt each time: an input must come to the same answer each time.
pub(crate) struct Salt;

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

impl Key {
    fn p256(number: u8) -> p256::ecdsa::SigningKey {
        p256::ecdsa::SigningKey::from_slice(&[number; 32]).expect("in range")
    }

    fn p384() -> p384::ecdsa::SigningKey {
        p384::ecdsa::SigningKey::from_slice(&[0x5a; 48]).expect("in range")
    }

    /// Signs: RSA as it is, ECDSA as R and S.
    #[must_use]
    pub fn sign(self, message: &[u8]) -> Vec<u8> {
        let known = (self, sha256(message));
        MADE.with_borrow_mut(|made| {
            if made.len() > MAX_REMEMBERED {
                made.clear();
            }
            let make = || self.make(message);
            made.entry(known).or_insert_with(make).clone()
        })
    }

    fn make(self, message: &[u8]) -> Vec<u8> {
        let rsa = |key: &RsaPrivateKey| {
            let key = SigningKey::<Sha384>::new_with_salt_len(key.clone(), SALT);
            key.sign_with_rng(&mut Salt, message).to_vec()
        };
        match self {
            Self::Ark => rsa(&ARK),
            Self::Ask => rsa(&ASK),
            Self::Leaf => {
                let made: p384::ecdsa::Signature = Self::p384().sign(message);
                made.to_bytes().to_vec()
            }
            Self::Intel(number) => {
                let made: p256::ecdsa::Signature = Self::p256(number).sign(message);
                made.to_bytes().to_vec()
            }
        }
    }

    /// The signature as X.509 has it.
    #[must_use]
    pub fn sign_x509(self, message: &[u8]) -> Vec<u8> {
        let Self::Intel(_) = self else {
            return self.sign(message);
        };
        let made = p256::ecdsa::Signature::from_slice(&self.sign(message)).expect("a signature");
        made.to_der().as_bytes().to_vec()
    }

    /// X and Y of a P-256 key.
    #[must_use]
    pub fn coordinates(number: u8) -> Vec<u8> {
        let point = Self::p256(number).verifying_key().to_sec1_point(false);
        point.as_bytes()[1..].to_vec()
    }

    /// Puts the public key into a `SubjectPublicKeyInfo` of its kind; leaves others alone.
    pub fn put(self, info: &mut [u8]) {
        let (length, number) = match self {
            Self::Ark => (550, [modulus(&ARK), vec![2, 3, 1, 0, 1]].concat()),
            Self::Ask => (550, [modulus(&ASK), vec![2, 3, 1, 0, 1]].concat()),
            Self::Leaf => {
                let point = Self::p384().verifying_key().to_sec1_point(false);
                (120, point.as_bytes()[1..].to_vec())
            }
            Self::Intel(number) => (91, Self::coordinates(number)),
        };
        if info.len() == length {
            // The number alone, which stands last, so that a bent algorithm stays bent.
            info[length - number.len()..].copy_from_slice(&number);
        }
    }
}

fn modulus(key: &RsaPrivateKey) -> Vec<u8> {
    key.n().to_be_bytes().to_vec()
}

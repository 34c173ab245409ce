//! What keys did sign in the seeds, found by the curves and RSA alone. Nobody
//! here has the vendors' keys, so that whatever else an operation accepts, it
//! accepts wrongly.

use crate::arithmetic::{Made, Public};
use crate::certificate::{content, elements, sha256};
use crate::tpm::padded;
use core::cell::RefCell;
use p256::ecdsa::signature::Verifier;
use rsa::BoxedUint;
use sha2::Sha384;
use std::collections::{HashMap, HashSet};

/// DER in front of the point of a P-256 key in a `SubjectPublicKeyInfo`.
const P256_KEY: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];
/// Bytes of a `SubjectPublicKeyInfo` with 4096 bits of RSA, and of what follows the modulus: 65537.
const RSA_KEY: usize = 550;
const RSA_EXPONENT: [u8; 5] = [2, 3, 1, 0, 1];
const MODULUS: usize = 512;

/// How something is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RSASSA-PSS of 4096 bits with SHA-384.
    Pss,
    /// ECDSA with P-256 and SHA-256, R and S one after the other.
    P256,
    /// ECDSA with P-384 and SHA-384, R and S one after the other.
    P384,
    /// In one of the ways of TPMs and their issuers.
    By(Made),
}

/// Most signatures that are remembered: reckoning takes milliseconds, and most inputs leave most of them alone.
const MAX_REMEMBERED: usize = 4096;

/// What came of a way, by key, message and signature.
type Reckoned = HashMap<(Made, [[u8; 32]; 3]), bool>;

thread_local! {
    static RECKONED: RefCell<Reckoned> = RefCell::default();
}

/// A key, a message, and the signature that joins them.
#[derive(Clone, Debug)]
pub struct Proof {
    /// What is signed, in words.
    pub what: &'static str,
    /// How.
    pub scheme: Scheme,
    /// `SubjectPublicKeyInfo` of the signer.
    pub key: Vec<u8>,
    /// Message.
    pub message: Vec<u8>,
    /// Signature.
    pub signature: Vec<u8>,
}

impl Proof {
    /// Whether the key did sign the message.
    #[must_use]
    pub fn holds(&self) -> bool {
        match self.scheme {
            Scheme::Pss => self.rsa_holds(),
            Scheme::P256 => self.p256_holds(),
            Scheme::P384 => self.p384_holds(),
            Scheme::By(made) => self.reckon(made),
        }
        .is_some()
    }

    fn reckon(&self, made: Made) -> Option<()> {
        let parts = [&self.key, &self.message, &self.signature].map(|part| sha256(part));
        let holds = RECKONED.with_borrow_mut(|known| {
            if known.len() > MAX_REMEMBERED {
                known.clear();
            }
            let reckon = || {
                let key = Public::read(&self.key);
                key.is_some_and(|key| key.verifies(made, &self.message, &self.signature))
            };
            *known.entry((made, parts)).or_insert_with(reckon)
        });
        holds.then_some(())
    }

    fn rsa_holds(&self) -> Option<()> {
        let numbers = self.key.strip_suffix(&RSA_EXPONENT)?;
        if self.key.len() != RSA_KEY {
            return None;
        }
        let modulus = BoxedUint::from_be_slice(&numbers[numbers.len() - MODULUS..], 4096).ok()?;
        let key = rsa::RsaPublicKey::new(modulus, BoxedUint::from(65_537_u64)).ok()?;
        let signature = rsa::pss::Signature::try_from(self.signature.as_slice()).ok()?;
        let key = rsa::pss::VerifyingKey::<Sha384>::new(key);
        key.verify(&self.message, &signature).ok()
    }

    fn p256_holds(&self) -> Option<()> {
        let point = self.key.get(P256_KEY.len() - 1..)?;
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
        let signature = p256::ecdsa::Signature::from_slice(&self.signature).ok()?;
        key.verify(&self.message, &signature).ok()
    }

    fn p384_holds(&self) -> Option<()> {
        let point = self.key.get(self.key.len().checked_sub(97)?..)?;
        let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
        let signature = p384::ecdsa::Signature::from_slice(&self.signature).ok()?;
        key.verify(&self.message, &signature).ok()
    }

    /// Both S and the order less S make a signature of ECDSA; one stands for both.
    fn id(&self) -> [[u8; 32]; 3] {
        let signature = match self.scheme {
            Scheme::Pss => Some(self.signature.clone()),
            Scheme::P256 => p256::ecdsa::Signature::from_slice(&self.signature)
                .map(|signature| signature.normalize_s().to_bytes().to_vec())
                .ok(),
            Scheme::P384 => p384::ecdsa::Signature::from_slice(&self.signature)
                .map(|signature| signature.normalize_s().to_bytes().to_vec())
                .ok(),
            Scheme::By(_) => Public::read(&self.key).map(|key| key.normal(&self.signature)),
        };
        let signature = signature.unwrap_or_default();
        [&self.key, &self.message, &signature].map(|part| sha256(part))
    }
}

/// Signatures that hold in the seeds.
#[derive(Default)]
pub struct Genuine(HashSet<[[u8; 32]; 3]>);

impl Genuine {
    /// Keeps what holds.
    pub fn add(&mut self, proofs: &[Proof]) {
        for proof in proofs {
            if !self.0.contains(&proof.id()) && proof.holds() {
                self.0.insert(proof.id());
            }
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Checks that nothing was accepted which is not in the seeds.
    ///
    /// # Panics
    /// Where something was.
    pub fn check(&self, proofs: &[Proof]) {
        for proof in proofs {
            let is_genuine = self.0.contains(&proof.id());
            assert!(is_genuine, "accepted, and not genuine: {}", proof.what);
        }
    }
}

/// `SubjectPublicKeyInfo` of a point of P-256.
#[must_use]
pub fn p256_key(coordinates: &[u8]) -> Vec<u8> {
    [&P256_KEY, coordinates].concat()
}

/// R and S of 32 bytes each, out of the DER of X.509.
#[must_use]
pub fn numbers_of_der(der: &[u8]) -> Option<Vec<u8>> {
    numbers_of(der, 32)
}

/// R and S of a length each, out of the DER of X.509.
#[must_use]
pub fn numbers_of(der: &[u8], length: usize) -> Option<Vec<u8>> {
    let numbers = elements(content(der)?)?.into_iter().map(|number| {
        let digits = content(number)?;
        let digits = digits.strip_prefix(&[0]).unwrap_or(digits);
        padded(digits, length)
    });
    numbers
        .collect::<Option<Vec<_>>>()
        .map(|both| both.concat())
}

#[cfg(test)]
mod tests {
    use super::{Genuine, Proof, Scheme, numbers_of_der, p256_key};
    use crate::keys::Key;

    fn proof() -> Proof {
        Proof {
            what: "a test",
            scheme: Scheme::P256,
            key: p256_key(&Key::coordinates(1)),
            message: b"a message".to_vec(),
            signature: Key::Intel(1).sign(b"a message"),
        }
    }

    #[test]
    fn genuine_keeps_what_holds() {
        let mut genuine = Genuine::default();
        genuine.add(&[proof()]);
        genuine.check(&[proof()]);
        assert_eq!(genuine.count(), 1);
        let mut bent = proof();
        bent.message[0] ^= 1;
        genuine.add(&[bent]);
        assert_eq!(genuine.count(), 1);
    }

    #[test]
    #[should_panic(expected = "accepted, and not genuine: a test")]
    fn genuine_knows_no_other_message() {
        let mut genuine = Genuine::default();
        genuine.add(&[proof()]);
        let mut bent = proof();
        bent.message.push(0);
        genuine.check(&[bent]);
    }

    #[test]
    fn numbers_of_der_have_one_size() {
        let numbers = numbers_of_der(&[0x30, 7, 2, 2, 0, 0x80, 2, 1, 1]).unwrap();
        assert_eq!((numbers.len(), numbers[31], numbers[63]), (64, 0x80, 1));
    }
}

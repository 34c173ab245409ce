//! RSA keys of 2048 to 4096 bits, and the two kinds of signatures that they
//! make (RFC 8017 §8). Which kind, which hash and which salt is the caller's
//! to say: nothing is tried.

use crate::x509::hash::Hash;
use crate::x509::pss::{self, PublicKey, RSA_ENCRYPTION};
use crate::x509::{algorithm, strict};
use core::ops::RangeInclusive;
use der::Encode;
use der::asn1::{Any, UintRef};
use rsa::traits::SignatureScheme;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Sha256, Sha384, Sha512};
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// Sizes of a modulus, bits: what SP 800-131A still calls strong, and what a
/// certificate of 8 KiB has room for.
const SIZES: RangeInclusive<usize> = 2048..=4096;
/// The one exponent that is taken, 65537, big-endian.
pub const EXPONENT: [u8; 3] = [1, 0, 1];
/// The same as a number.
const EXPONENT_VALUE: u64 = 65_537;

/// `DigestInfo` of RFC 8017 §9.2 before the hash itself (note 1).
const DIGEST_INFO: [[u8; 19]; 3] = [
    digest_info(0x31, 1, 0x20),
    digest_info(0x41, 2, 0x30),
    digest_info(0x51, 3, 0x40),
];

const fn digest_info(length: u8, arc: u8, size: u8) -> [u8; 19] {
    [
        0x30, length, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, arc,
        0x05, 0x00, 0x04, size,
    ]
}

/// The two numbers of a key as they stand in its encoding, big-endian.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    /// Modulus, without zeros before it.
    pub modulus: &'a [u8],
    /// Exponent, without zeros before it.
    pub exponent: &'a [u8],
}

/// A key that can verify.
#[derive(Clone, Debug)]
pub struct RsaKey {
    key: RsaPublicKey,
    bytes: usize,
}

/// The numbers of a key in its encoding; nothing about them is judged.
///
/// # Errors
/// Says for a person what is malformed.
pub fn numbers(key: &SubjectPublicKeyInfo) -> Result<Numbers<'_>, String> {
    if !pss::is_rsa_key(&key.algorithm) {
        return Err(String::from("the key is not an RSA key"));
    }
    let bytes = key.subject_public_key.as_bytes();
    let bytes = bytes.ok_or("the key is not whole bytes")?;
    let found: PublicKey<'_> = strict::decode(bytes)?;
    Ok(Numbers {
        modulus: found.modulus.as_bytes(),
        exponent: found.exponent.as_bytes(),
    })
}

impl Numbers<'_> {
    /// Bits of the modulus.
    #[must_use]
    pub fn bits(&self) -> usize {
        let first = self.modulus.first().copied().unwrap_or_default();
        let zeros = usize::try_from(first.leading_zeros()).unwrap_or_default();
        (self.modulus.len() * 8).saturating_sub(zeros)
    }

    /// The key as a `SubjectPublicKeyInfo` (RFC 3279 §2.3.1), DER.
    ///
    /// # Errors
    /// Where it is larger than DER can say.
    pub fn spki(&self) -> der::Result<Vec<u8>> {
        let key = PublicKey {
            modulus: UintRef::new(self.modulus)?,
            exponent: UintRef::new(self.exponent)?,
        };
        let algorithm = AlgorithmIdentifier {
            oid: RSA_ENCRYPTION,
            parameters: Some(Any::null()),
        };
        algorithm::encode_key(algorithm, &key.to_der()?)
    }
}

impl RsaKey {
    /// Reads the key of a certificate.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(key: &SubjectPublicKeyInfo) -> Result<Self, String> {
        Self::of_numbers(&numbers(key)?)
    }

    /// Makes a key of its numbers.
    ///
    /// # Errors
    /// Says for a person what is wrong: the size, the exponent, an even modulus.
    pub fn of_numbers(numbers: &Numbers<'_>) -> Result<Self, String> {
        let bits = numbers.bits();
        if !SIZES.contains(&bits) {
            return Err(format!("the RSA key has {bits} bits"));
        }
        if numbers.exponent != EXPONENT {
            return Err(format!("the RSA exponent is not {EXPONENT_VALUE}"));
        }
        let precision = u32::try_from(bits).map_err(|error| error.to_string())?;
        let modulus = BoxedUint::from_be_slice(numbers.modulus, precision.next_multiple_of(8));
        let modulus = modulus.map_err(|error| error.to_string())?;
        let exponent = BoxedUint::from(EXPONENT_VALUE);
        let key = RsaPublicKey::new_with_size_limits(modulus, exponent, SIZES);
        Ok(Self {
            key: key.map_err(|error| error.to_string())?,
            bytes: numbers.modulus.len(),
        })
    }

    /// Size of a modulus and so of a signature, bytes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether a signature over a message is by this key, RSASSA-PKCS1-v1_5.
    #[must_use]
    pub fn verifies_pkcs1(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let [sha256, sha384, sha512] = DIGEST_INFO;
        let prefix = match hash {
            Hash::Sha256 => sha256,
            Hash::Sha384 => sha384,
            Hash::Sha512 => sha512,
        };
        let scheme = Pkcs1v15Sign {
            hash_len: Some(hash.size()),
            prefix: prefix.into(),
        };
        self.verifies(scheme, &hash.digest(message), signature)
    }

    /// The same for RSASSA-PSS, with the same hash in MGF1.
    ///
    /// # Arguments
    /// `salt` is the one length of the salt that is taken, bytes.
    #[must_use]
    pub fn verifies_pss(&self, hash: Hash, salt: usize, message: &[u8], signature: &[u8]) -> bool {
        let digest = hash.digest(message);
        match hash {
            Hash::Sha256 => self.verifies(Pss::<Sha256>::new_with_salt(salt), &digest, signature),
            Hash::Sha384 => self.verifies(Pss::<Sha384>::new_with_salt(salt), &digest, signature),
            Hash::Sha512 => self.verifies(Pss::<Sha512>::new_with_salt(salt), &digest, signature),
        }
    }

    /// The longest salt that a signature of this key has room for (RFC 8017 §9.1.1, step 3).
    #[must_use]
    pub const fn longest_salt(&self, hash: Hash) -> usize {
        self.bytes.saturating_sub(hash.size() + 2)
    }

    fn verifies(&self, scheme: impl SignatureScheme, digest: &[u8], signature: &[u8]) -> bool {
        signature.len() == self.bytes && self.key.verify(scheme, digest, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{EXPONENT, Numbers, RsaKey};

    fn read(modulus: &[u8], exponent: &[u8]) -> Result<RsaKey, String> {
        RsaKey::of_numbers(&Numbers { modulus, exponent })
    }

    #[test]
    fn of_numbers_takes_2048_to_4096_bits() {
        for (bytes, right) in [(255, false), (256, true), (512, true), (513, false)] {
            assert_eq!(
                read(&vec![0xff; bytes], &EXPONENT).is_ok(),
                right,
                "{bytes}"
            );
        }
        let mut low = vec![0xff; 256];
        low[0] = 0x7f;
        assert!(read(&low, &EXPONENT).is_err(), "2047 bits");
    }

    #[test]
    fn of_numbers_refuses_even_moduli_and_other_exponents() {
        let mut even = vec![0xff; 256];
        even[255] = 0xfe;
        assert!(read(&even, &EXPONENT).is_err());
        for exponent in [[3].as_slice(), &[1, 0, 3], &[1, 0, 0, 1], &[]] {
            assert!(read(&[0xff; 256], exponent).is_err(), "{exponent:?}");
        }
    }
}

//! RSA keys of 2048 to 4096 bits, and the two kinds of signatures that they
//! make (RFC 8017 §8). Which kind, which hash and which salt is the caller's
//! to say: nothing is tried.

use crate::x509::hash::Hash;
use crate::x509::pss::{self, RSA_ENCRYPTION};
use crate::x509::structure::{AlgorithmIdentifier, PublicKeyInfo};
use crate::x509::tlv::{self, INTEGER, NULL, Reason, SEQUENCE};
use crate::x509::{algorithm, rsa_padding, value};
use core::ops::RangeInclusive;

/// Sizes of a modulus, bits: what SP 800-131A still calls strong, and what a
/// certificate of 8 KiB has room for.
const SIZES: RangeInclusive<usize> = 2048..=4096;
/// The one exponent that is taken, 65537, big-endian.
pub const EXPONENT: [u8; 3] = [1, 0, 1];
/// The same as a number.
const EXPONENT_VALUE: u64 = 65_537;

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
    key: casemate_arithmetic::RsaKey,
    bits: usize,
}

/// The numbers of a key in its encoding; nothing about them is judged.
///
/// # Errors
/// Says for a person what is malformed.
pub fn numbers(key: &PublicKeyInfo) -> Result<Numbers<'_>, String> {
    if !pss::is_rsa_key(&key.algorithm) {
        return Err(String::from("the key is not an RSA key"));
    }
    Ok(read_numbers(&key.key)?)
}

/// `RSAPublicKey` of RFC 8017 §A.1.1.
fn read_numbers(der: &[u8]) -> Result<Numbers<'_>, Reason> {
    let mut fields = tlv::only(der, SEQUENCE)?;
    let numbers = Numbers {
        modulus: value::unsigned(fields.need(INTEGER)?)?,
        exponent: value::unsigned(fields.need(INTEGER)?)?,
    };
    fields.finish()?;
    Ok(numbers)
}

/// Writes a number that is not negative, with a byte that only says so where it needs one.
fn write_number(digits: &[u8], to: &mut Vec<u8>) -> Result<(), Reason> {
    if digits.first().is_some_and(|first| first & 0x80 != 0) {
        return tlv::write(INTEGER, &[&[0], digits].concat(), to);
    }
    tlv::write(INTEGER, digits, to)
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
    pub fn spki(&self) -> Result<Vec<u8>, Reason> {
        let mut numbers = Vec::new();
        write_number(self.modulus, &mut numbers)?;
        write_number(self.exponent, &mut numbers)?;
        let mut key = Vec::new();
        tlv::write(SEQUENCE, &numbers, &mut key)?;
        let algorithm = AlgorithmIdentifier {
            id: RSA_ENCRYPTION.to_vec(),
            parameters: Some(vec![NULL, 0]),
        };
        algorithm::encode_key(&algorithm, &key)
    }
}

impl RsaKey {
    /// Reads the key of a certificate.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(key: &PublicKeyInfo) -> Result<Self, String> {
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
        let key = casemate_arithmetic::RsaKey::of_modulus(numbers.modulus);
        let key = key.ok_or("the RSA modulus is even")?;
        Ok(Self { key, bits })
    }

    /// Size of a modulus and so of a signature, bytes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bits.div_ceil(8)
    }

    /// Whether a signature over a message is by this key, RSASSA-PKCS1-v1_5.
    #[must_use]
    pub fn verifies_pkcs1(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let raised = self.key.raised(signature);
        raised.is_some_and(|encoded| rsa_padding::is_pkcs1(&encoded, hash, message))
    }

    /// The same for RSASSA-PSS, with the same hash in MGF1.
    ///
    /// # Arguments
    /// `salt` is the one length of the salt that is taken, bytes.
    #[must_use]
    pub fn verifies_pss(&self, hash: Hash, salt: usize, message: &[u8], signature: &[u8]) -> bool {
        let raised = self.key.raised(signature);
        raised.is_some_and(|encoded| rsa_padding::is_pss(&encoded, self.bits, hash, salt, message))
    }

    /// The longest salt that a signature of this key has room for (RFC 8017 §9.1.1, step 3).
    #[must_use]
    pub const fn longest_salt(&self, hash: Hash) -> usize {
        self.bytes().saturating_sub(hash.size() + 2)
    }
}

#[cfg(test)]
mod tests {
    use super::{EXPONENT, Numbers, RsaKey, numbers, read_numbers};
    use crate::x509::structure::PublicKeyInfo;

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

    #[test]
    fn spki_writes_what_is_read() {
        for first in [0x7f, 0x80] {
            let modulus = [&[first][..], &[0xff; 255]].concat();
            let modulus = modulus.as_slice();
            let exponent = EXPONENT.as_slice();
            let der = Numbers { modulus, exponent }.spki().unwrap();
            let key = PublicKeyInfo::read(&der).unwrap();
            let read = numbers(&key).unwrap();
            assert_eq!((read.modulus, read.exponent), (modulus, exponent));
        }
    }

    #[test]
    fn numbers_have_one_encoding() {
        let read = read_numbers(&[0x30, 7, 2, 2, 0, 0x80, 2, 1, 3]).unwrap();
        assert_eq!(
            (read.modulus, read.exponent, read.bits()),
            (&[0x80][..], &[3][..], 8)
        );
        assert_eq!(
            read_numbers(&[0x30, 6, 2, 1, 0, 2, 1, 0]).unwrap().bits(),
            0
        );
        let refused: [&[u8]; 6] = [
            &[0x30, 3, 2, 1, 3],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 3],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 3],
            &[0x30, 9, 2, 1, 1, 2, 1, 3, 2, 1, 3],
            &[0x30, 6, 2, 1, 1, 2, 1, 3, 0],
            &[],
        ];
        for der in refused {
            assert!(read_numbers(der).is_err(), "{der:02x?}");
        }
    }
}

//! What an RSA signature is of (RFC 8017 §9): the two encodings of a hash.

use crate::x509::hash::Hash;

/// `DigestInfo` of RFC 8017 §9.2 before the hash itself (note 1).
const fn digest_info(hash: Hash) -> [u8; 19] {
    let (length, arc, size) = match hash {
        Hash::Sha256 => (0x31, 1, 0x20),
        Hash::Sha384 => (0x41, 2, 0x30),
        Hash::Sha512 => (0x51, 3, 0x40),
    };
    [
        0x30, length, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, arc,
        0x05, 0x00, 0x04, size,
    ]
}

/// Whether an encoded message is that of EMSA-PKCS1-v1_5: it is made anew and
/// compared whole, so that no byte of it is the signer's to choose.
///
/// # Arguments
/// `encoded` has as many bytes as the modulus.
#[must_use]
pub fn is_pkcs1(encoded: &[u8], hash: Hash, message: &[u8]) -> bool {
    let hashed = [digest_info(hash).as_slice(), &hash.digest(message)].concat();
    // At least eight bytes of 0xff between the two of the start and the zero.
    let Some(padding) = encoded.len().checked_sub(hashed.len() + 3) else {
        return false;
    };
    padding >= 8 && encoded == [[0, 1].as_slice(), &vec![0xff; padding], &[0], &hashed].concat()
}

/// Whether an encoded message is one of EMSA-PSS with MGF1 by the same hash
/// (RFC 8017 §9.1.2).
///
/// # Arguments
/// `encoded` has as many bytes as the modulus, of which `bits` are the bits;
/// `salt` is the length of the salt, bytes.
#[must_use]
pub fn is_pss(encoded: &[u8], bits: usize, hash: Hash, salt: usize, message: &[u8]) -> bool {
    let expected = hash.digest(message);
    read_pss(encoded, bits, hash, salt).is_some_and(|(salt, found)| {
        let zeros = [0; 8];
        hash.digest(&[zeros.as_slice(), &expected, &salt].concat()) == found
    })
}

/// The salt and the hash, where all around them is as it must be.
fn read_pss(encoded: &[u8], bits: usize, hash: Hash, salt: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    // The encoded message has a bit less than the modulus; where that makes a byte less, the first is zero.
    let used = bits.checked_sub(1)?;
    let start = encoded.len().checked_sub(used.div_ceil(8))?;
    let (before, encoded) = encoded.split_at_checked(start)?;
    let (body, last) = encoded.split_at_checked(encoded.len().checked_sub(1)?)?;
    let (masked, found) = body.split_at_checked(body.len().checked_sub(hash.size())?)?;
    let zeros = masked.len().checked_sub(salt + 1)?;
    let above = 0xff_u8.checked_shr(u32::try_from(8 * encoded.len() - used).ok()?)?;
    let mut block = masked.to_vec();
    let first_is_right = block.first().is_some_and(|first| first & !above == 0);
    for (byte, mask) in block.iter_mut().zip(mask(found, hash, masked.len())) {
        *byte ^= mask;
    }
    *block.first_mut()? &= above;
    let (padding, salt) = block.split_at_checked(zeros + 1)?;
    let (one, padding) = padding.split_last()?;
    let right = before.iter().all(|byte| *byte == 0)
        && last == [0xbc]
        && first_is_right
        && padding.iter().all(|byte| *byte == 0)
        && *one == 1;
    right.then(|| (salt.to_vec(), found.to_vec()))
}

/// MGF1 (RFC 8017 §B.2.1).
fn mask(seed: &[u8], hash: Hash, length: usize) -> Vec<u8> {
    let blocks = (0_u32..).map(|counter| hash.digest(&[seed, &counter.to_be_bytes()].concat()));
    blocks.flatten().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_pkcs1, is_pss, mask};
    use crate::x509::hash::Hash;

    const MESSAGE: &[u8] = b"message";
    const BITS: [usize; 4] = [2048, 2049, 2055, 2056];

    /// Made here, in the way of RFC 8017 §9.1.1.
    fn pss(bits: usize, hash: Hash, salt: &[u8]) -> Vec<u8> {
        let length = (bits - 1).div_ceil(8);
        let zeros = [0; 8];
        let found = hash.digest(&[&zeros, hash.digest(MESSAGE).as_slice(), salt].concat());
        let padding = vec![0; length - found.len() - salt.len() - 2];
        let block = [padding.as_slice(), &[1], salt].concat();
        let masked = block.iter().zip(mask(&found, hash, block.len()));
        let mut masked: Vec<u8> = masked.map(|(byte, mask)| byte ^ mask).collect();
        masked[0] &= 0xff >> (8 * length - (bits - 1));
        let start = vec![0; bits.div_ceil(8) - length];
        [start, masked, found, vec![0xbc]].concat()
    }

    #[test]
    fn is_pss_takes_moduli_of_any_size() {
        for bits in BITS {
            for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
                for salt in [0, 20, hash.size()] {
                    let encoded = pss(bits, hash, &vec![7; salt]);
                    assert!(
                        is_pss(&encoded, bits, hash, salt, MESSAGE),
                        "{bits} {hash:?}"
                    );
                    assert!(!is_pss(&encoded, bits, hash, salt + 1, MESSAGE));
                    assert!(!is_pss(&encoded, bits, hash, salt, b"massage"));
                }
            }
        }
    }

    #[test]
    fn is_pss_refuses_every_bit_that_is_turned() {
        for bits in BITS {
            let encoded = pss(bits, Hash::Sha384, &[7; 48]);
            for bit in 0..encoded.len() * 8 {
                let mut bent = encoded.clone();
                bent[bit / 8] ^= 0x80 >> (bit % 8);
                assert!(
                    !is_pss(&bent, bits, Hash::Sha384, 48, MESSAGE),
                    "{bits}: {bit}"
                );
            }
        }
    }

    #[test]
    fn is_pss_refuses_what_is_too_short() {
        for length in 0..100 {
            assert!(!is_pss(
                &vec![0; length],
                length * 8,
                Hash::Sha384,
                48,
                MESSAGE
            ));
        }
    }

    #[test]
    fn is_pkcs1_takes_one_encoding() {
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            let info = super::digest_info(hash);
            let hashed = hash.digest(MESSAGE);
            let padding = vec![0xff; 256 - 3 - info.len() - hashed.len()];
            let encoded = [&[0, 1], padding.as_slice(), &[0], &info, &hashed].concat();
            assert!(is_pkcs1(&encoded, hash, MESSAGE));
            for bit in 0..encoded.len() * 8 {
                let mut bent = encoded.clone();
                bent[bit / 8] ^= 0x80 >> (bit % 8);
                assert!(!is_pkcs1(&bent, hash, MESSAGE), "{bit}");
            }
            assert!(!is_pkcs1(&encoded[1..], hash, MESSAGE));
            let short = [&[0, 1], [0xff; 7].as_slice(), &[0], &info, &hashed].concat();
            assert!(!is_pkcs1(&short, hash, MESSAGE));
        }
    }
}

//! RSA's public operation (RFC 8017 §5.2.2).

use crate::limbs::{BITS, read, write};
use crate::montgomery::{MAX_LIMBS, Modulus};

/// The one exponent, 65537, big-endian.
const EXPONENT: [u8; 3] = [1, 0, 1];

/// A public key with the exponent 65537.
#[derive(Clone, Debug)]
pub struct RsaKey {
    modulus: Modulus<Vec<u64>>,
    limbs: usize,
    bytes: usize,
}

impl RsaKey {
    /// Makes a key of its modulus.
    ///
    /// # Arguments
    /// `modulus` is big-endian, without zeros before it, odd and at most 514 bytes long; none of another.
    #[must_use]
    pub fn of_modulus(modulus: &[u8]) -> Option<Self> {
        // One bit more, since sums of two numbers are kept.
        let limbs = (modulus.len() * 8 + 1).div_ceil(BITS);
        let odd = modulus.last().is_some_and(|last| last % 2 == 1);
        let large = modulus.first().is_some_and(|first| *first > 0) && modulus.len() > 8;
        if !odd || !large || limbs > MAX_LIMBS {
            return None;
        }
        let mut number = vec![0; limbs];
        read(modulus, &mut number);
        Some(Self {
            modulus: Modulus::new(number),
            limbs,
            bytes: modulus.len(),
        })
    }

    /// The message that a signature is of, as many bytes as the modulus has;
    /// none where the signature is of another length or not below the modulus.
    #[must_use]
    pub fn raised(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let mut number = vec![0; self.limbs];
        let fits = signature.len() == self.bytes && read(signature, &mut number);
        if !fits || !self.modulus.is_above(&number) {
            return None;
        }
        let entered = self.modulus.entered(&number);
        let raised = self.modulus.left(&self.modulus.power(&entered, &EXPONENT));
        let mut message = vec![0; self.bytes];
        write(&raised, &mut message);
        Some(message)
    }
}

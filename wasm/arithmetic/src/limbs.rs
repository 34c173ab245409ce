//! Whole numbers as limbs of 28 bits in 64-bit words, the lowest first.
//!
//! A product of two limbs has 56 bits, so that 255 of them are summed without
//! a carry: enough for RSA keys of 7,000 bits.

/// Bits of a limb.
pub(crate) const BITS: usize = 28;
/// A limb whose bits are all set.
pub(crate) const MASK: u64 = (1 << BITS) - 1;

/// Reads a big-endian number into limbs; false where it does not fit.
pub(crate) fn read(bytes: &[u8], limbs: &mut [u64]) -> bool {
    limbs.fill(0);
    let mut fits = true;
    for (place, byte) in bytes.iter().rev().enumerate() {
        let (limb, shift) = (place * 8 / BITS, place * 8 % BITS);
        let wide = u64::from(*byte) << shift;
        let parts = [wide & MASK, wide >> BITS];
        for (part, limb) in parts.into_iter().zip(limb..) {
            match limbs.get_mut(limb) {
                Some(found) => *found |= part,
                None => fits &= part == 0,
            }
        }
    }
    fits
}

/// Writes limbs below 2^28 as a big-endian number of as many bytes as there is room for.
pub(crate) fn write(limbs: &[u64], bytes: &mut [u8]) {
    for (place, byte) in bytes.iter_mut().rev().enumerate() {
        let (limb, shift) = (place * 8 / BITS, place * 8 % BITS);
        let low = limbs.get(limb).copied().unwrap_or_default();
        let high = limbs.get(limb + 1).copied().unwrap_or_default();
        let [.., last] = ((low | (high << BITS)) >> shift).to_be_bytes();
        *byte = last;
    }
}

/// Whether a number is at least another of as many limbs, all below 2^28.
pub(crate) fn at_least(number: &[u64], other: &[u64]) -> bool {
    number.iter().rev().ge(other.iter().rev())
}

/// Takes a number from one that is at least as large.
pub(crate) fn subtract(number: &mut [u64], other: &[u64]) {
    let mut borrow = 0;
    for (limb, taken) in number.iter_mut().zip(other) {
        let taken = taken + borrow;
        borrow = u64::from(*limb < taken);
        *limb = limb.wrapping_sub(taken) & MASK;
    }
}

/// Brings limbs below 2^28; what is carried out of the last one is lost.
#[inline(always)]
pub(crate) fn carry(limbs: &mut [u64]) {
    let mut carried = 0;
    for limb in limbs {
        carried += *limb;
        *limb = carried & MASK;
        carried >>= BITS;
    }
}

//! Arithmetic modulo odd numbers of any form (Montgomery, "Modular
//! multiplication without trial division", 1985): the orders of the curves'
//! groups, and RSA moduli.

use crate::limbs::{BITS, MASK, at_least, carry, subtract};

/// Most limbs of a modulus: of 4096 bits.
pub(crate) const MAX_LIMBS: usize = 147;

/// What is computed modulo: an odd number with room to spare in its highest limb.
#[derive(Clone, Debug)]
pub struct Modulus<L> {
    limbs: L,
    /// `-1 / modulus` modulo 2^28.
    inverse: u64,
    /// `R²` modulo the modulus, `R = 2^(28 · limbs)`.
    squared_radix: L,
}

/// A number of limbs: an array, so that loops over it are of a fixed length, or a vector.
pub(crate) trait Limbs: Clone + AsRef<[u64]> + AsMut<[u64]> {
    /// Room for a product.
    type Wide: AsMut<[u64]>;
    /// Zeros for a product.
    fn wide() -> Self::Wide;
}

impl<const N: usize> Limbs for [u64; N] {
    type Wide = [u64; 28];
    #[inline(always)]
    fn wide() -> Self::Wide {
        const { assert!(2 * N <= 28) };
        [0; 28]
    }
}

impl Limbs for Vec<u64> {
    type Wide = [u64; 2 * MAX_LIMBS];
    #[inline(always)]
    fn wide() -> Self::Wide {
        [0; 2 * MAX_LIMBS]
    }
}

impl<L: Limbs> Modulus<L> {
    /// Makes a modulus.
    ///
    /// # Arguments
    /// `limbs` is odd, above 1, at most [`MAX_LIMBS`] long, and its highest bit is not set.
    pub(crate) fn new(limbs: L) -> Self {
        let mut made = Self {
            inverse: negative_inverse(limbs.as_ref().first().copied().unwrap_or_default()),
            squared_radix: limbs.clone(),
            limbs,
        };
        made.squared_radix = made.square_of_radix();
        made
    }

    /// Whether a number is below the modulus.
    pub(crate) fn is_above(&self, number: &L) -> bool {
        !at_least(number.as_ref(), self.limbs.as_ref())
    }

    /// A number below the modulus, in Montgomery form.
    pub(crate) fn entered(&self, number: &L) -> L {
        self.multiply(number, &self.squared_radix)
    }

    /// A number out of Montgomery form.
    pub(crate) fn left(&self, number: &L) -> L {
        let mut one = self.limbs.clone();
        one.as_mut().fill(0);
        if let Some(first) = one.as_mut().first_mut() {
            *first = 1;
        }
        self.multiply(number, &one)
    }

    /// The product of two numbers below the modulus, in Montgomery form.
    #[inline(never)]
    pub(crate) fn multiply(&self, a: &L, b: &L) -> L {
        let mut wide = L::wide();
        let wide = &mut wide.as_mut()[..2 * self.limbs.as_ref().len()];
        for (place, factor) in a.as_ref().iter().enumerate() {
            add_multiple(&mut wide[place..], b.as_ref(), *factor);
        }
        self.reduce(wide)
    }

    /// The square of a number, as its product with itself.
    #[inline(never)]
    pub(crate) fn square(&self, a: &L) -> L {
        let mut wide = L::wide();
        let wide = &mut wide.as_mut()[..2 * self.limbs.as_ref().len()];
        for (place, factor) in a.as_ref().iter().enumerate() {
            wide[2 * place] += factor * factor;
            add_multiple(
                &mut wide[2 * place + 1..],
                &a.as_ref()[place + 1..],
                2 * factor,
            );
        }
        self.reduce(wide)
    }

    /// A power, by squaring; in Montgomery form, as its base.
    #[inline(never)]
    pub(crate) fn power(&self, base: &L, exponent: &[u8]) -> L {
        let bits = exponent
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
            .skip_while(|bit| !bit)
            .skip(1);
        bits.fold(base.clone(), |power, bit| {
            let squared = self.square(&power);
            if bit {
                self.multiply(&squared, base)
            } else {
                squared
            }
        })
    }

    /// The same for long exponents, four bits at a time.
    #[inline(never)]
    pub(crate) fn long_power(&self, base: &L, exponent: &[u8]) -> L {
        let mut powers = vec![self.radix(), base.clone()];
        for at in 2..16 {
            powers.push(self.multiply(&powers[at - 1], base));
        }
        let nibbles = exponent.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        nibbles.fold(self.radix(), |power, nibble| {
            let raised = (0..4).fold(power, |power, _| self.square(&power));
            if nibble == 0 {
                raised
            } else {
                self.multiply(&raised, &powers[usize::from(nibble)])
            }
        })
    }

    /// `wide / R` below the modulus, for `wide` below `R` times the modulus.
    #[inline(always)]
    fn reduce(&self, wide: &mut [u64]) -> L {
        let limbs = self.limbs.as_ref();
        let count = limbs.len();
        carry(wide);
        for place in 0..count {
            let factor = wide[place].wrapping_mul(self.inverse) & MASK;
            add_multiple(&mut wide[place..], limbs, factor);
            wide[place + 1] += wide[place] >> BITS;
        }
        let mut reduced = self.limbs.clone();
        reduced.as_mut().copy_from_slice(&wide[count..]);
        carry(reduced.as_mut());
        if at_least(reduced.as_ref(), limbs) {
            subtract(reduced.as_mut(), limbs);
        }
        reduced
    }

    /// From `R` by doubling and squaring, as many times as the exponent of `R` has bits.
    fn square_of_radix(&self) -> L {
        let count = self.limbs.as_ref().len();
        let radix = self.radix();
        let exponent = (count * BITS).to_be_bytes();
        // 2 in Montgomery form is 2·R; its power to the exponent of R is R·R.
        self.power(&self.double(&radix), &exponent)
    }

    /// One in Montgomery form, `R` modulo the modulus: the power of two above the modulus, less the modulus, doubled.
    #[inline(never)]
    fn radix(&self) -> L {
        let limbs = self.limbs.as_ref();
        let bits = bits_of(limbs);
        let mut radix = self.limbs.clone();
        radix.as_mut().fill(0);
        // 2^bits - modulus = (2^bits - 1 - modulus) + 1
        for (place, limb) in radix.as_mut().iter_mut().enumerate() {
            let above = bits.saturating_sub(place * BITS).min(BITS);
            *limb = ((1 << above) - 1) - limbs[place];
        }
        if let Some(first) = radix.as_mut().first_mut() {
            *first += 1;
        }
        (bits..limbs.len() * BITS).fold(radix, |radix, _| self.double(&radix))
    }

    /// Twice a number below the modulus.
    #[inline(never)]
    fn double(&self, number: &L) -> L {
        let mut doubled = number.clone();
        // The highest limb keeps what is carried: it has 64 bits.
        let mut carried = 0;
        let count = doubled.as_ref().len();
        for (place, limb) in doubled.as_mut().iter_mut().enumerate() {
            let sum = 2 * *limb + carried;
            let last = place + 1 == count;
            *limb = if last { sum } else { sum & MASK };
            carried = if last { 0 } else { sum >> BITS };
        }
        if at_least(doubled.as_ref(), self.limbs.as_ref()) {
            subtract(doubled.as_mut(), self.limbs.as_ref());
        }
        doubled
    }
}

/// `sum += number · factor`, without carries.
#[inline(always)]
fn add_multiple(sum: &mut [u64], number: &[u64], factor: u64) {
    for (limb, added) in sum.iter_mut().zip(number) {
        *limb += added * factor;
    }
}

/// Bits of a number up to its highest one.
fn bits_of(limbs: &[u64]) -> usize {
    let above = limbs.iter().rev().take_while(|limb| **limb == 0).count();
    let count = limbs.len() - above;
    let last = limbs[..count].last().copied().unwrap_or_default();
    let zeros = usize::try_from(last.leading_zeros()).unwrap_or_default();
    (count * BITS + 64).saturating_sub(BITS + zeros)
}

/// `-1 / odd` modulo 2^28 (Newton: each step doubles the bits that are right).
fn negative_inverse(odd: u64) -> u64 {
    let inverse = (0..5).fold(1_u64, |found, _| {
        found.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(found)))
    });
    inverse.wrapping_neg() & MASK
}

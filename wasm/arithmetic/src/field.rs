//! Numbers modulo the prime of a curve, in Montgomery form.
//!
//! Limbs are signed, so that differences need no carries. Both primes are -1
//! modulo 2^28 and have five terms: a step of Montgomery's reduction adds a
//! multiple of the prime by shifting, without a multiplication.
//!
//! What a product gives has limbs from 0 to 2^28 (its highest may be
//! negative) and lies between `-p` and `2p`. A sum or difference of two may be
//! multiplied with another such sum as it is: 14 products of 2^29 by 2^29 stay
//! below 2^62. What is larger is [`Element::carried`] first.

use crate::limbs;
use core::marker::PhantomData;
use core::ops::{Add, Mul, Sub};

const BITS: u32 = 28;
const MASK: i64 = (1 << BITS) - 1;
/// Limbs of the longest product.
const WIDE: usize = 28;

/// A multiple of a power of two: `sign · 2^(28 · limb + shift)`.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    pub(crate) limb: usize,
    pub(crate) shift: u32,
    pub(crate) sign: i64,
}

/// A prime of `N` limbs: -1 and the sum of four terms.
pub trait Prime<const N: usize>: Copy {
    /// The terms beside -1.
    const TERMS: [Term; 4];
    /// Limbs of the prime.
    const PRIME: [i64; N];
    /// Limbs of `2^(2 · 28 · N)` modulo the prime.
    const SQUARED_RADIX: [i64; N];
    /// Two less than the prime, big-endian: the exponent that inverts (Fermat).
    const INVERTING: &'static [u8];
}

macro_rules! columns {
    ($k:ident in $($value:literal)* => $body:block) => {
        $({ const $k: usize = $value; $body })*
    };
}

/// A number modulo a prime.
#[derive(Debug)]
pub struct Element<P, const N: usize> {
    limbs: [i64; N],
    prime: PhantomData<P>,
}

impl<P, const N: usize> Clone for Element<P, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, const N: usize> Copy for Element<P, N> {}

impl<P: Prime<N>, const N: usize> Element<P, N> {
    const fn of(limbs: [i64; N]) -> Self {
        Self {
            limbs,
            prime: PhantomData,
        }
    }

    /// One.
    pub(crate) fn one() -> Self {
        let mut limbs = [0; N];
        limbs[0] = 1;
        Self::of(limbs) * Self::of(P::SQUARED_RADIX)
    }

    /// Reads a big-endian number; none where it is not below the prime.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut read = [0; N];
        limbs::read(bytes, &mut read).then(|| Self::of_limbs(&read))?
    }

    /// The same of limbs below 2^28.
    pub(crate) fn of_limbs(number: &[u64; N]) -> Option<Self> {
        let below = !limbs::at_least(number, &P::PRIME.map(i64::cast_unsigned));
        below.then(|| Self::of(number.map(u64::cast_signed)) * Self::of(P::SQUARED_RADIX))
    }

    /// Whether it is a multiple of the prime. For what lies between -64 and 64 primes.
    #[inline(never)]
    pub(crate) fn is_zero(self) -> bool {
        // A multiple of the prime by k ends in -k.
        let carried = self.carried();
        let low = carried.limbs[0];
        if low > 64 && low < MASK - 64 {
            return false;
        }
        let mut one = [0; N];
        one[0] = 1;
        // Out of Montgomery form, where it lies between 0 and the prime, both included.
        let plain = (carried * Self::of(one)).limbs;
        plain == [0; N] || plain == P::PRIME
    }

    /// The same number with limbs from 0 to 2^28, but for the highest.
    #[inline]
    pub(crate) fn carried(self) -> Self {
        let mut limbs = self.limbs;
        let mut carry = 0;
        for limb in &mut limbs[..N - 1] {
            let sum = *limb + carry;
            *limb = sum & MASK;
            carry = sum >> BITS;
        }
        limbs[N - 1] += carry;
        Self::of(limbs)
    }

    /// Zero less the number.
    #[inline]
    pub(crate) fn negated(self) -> Self {
        Self::of(self.limbs.map(|limb| -limb))
    }

    /// Twice.
    #[inline]
    pub(crate) fn doubled(self) -> Self {
        self + self
    }

    /// The square.
    #[inline(never)]
    pub(crate) fn square(self) -> Self {
        let a = &self.limbs;
        let mut wide = [0; WIDE];
        columns!(K in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 => {
            if K < 2 * N - 1 {
                let mut sum = 0;
                let first = if K < N { 0 } else { K - (N - 1) };
                for i in first..K.div_ceil(2) {
                    sum += a[i] * a[K - i];
                }
                sum += sum;
                if K.is_multiple_of(2) {
                    sum += a[K / 2] * a[K / 2];
                }
                wide[K] = sum;
            }
        });
        Self::reduced(&mut wide)
    }

    /// The inverse; of zero, zero.
    #[inline(never)]
    pub(crate) fn inverse(self) -> Self {
        // Four bits of the exponent at a time.
        let mut powers = [Self::one(); 16];
        for i in 1..16 {
            powers[i] = powers[i - 1] * self;
        }
        let nibbles = P::INVERTING.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        nibbles.fold(Self::one(), |power, nibble| {
            let raised = power.square().square().square().square();
            raised * powers[usize::from(nibble)]
        })
    }

    /// Divides by `2^(28 · N)` modulo the prime.
    #[inline(always)]
    fn reduced(wide: &mut [i64; WIDE]) -> Self {
        for i in 0..N {
            let multiple = wide[i] & MASK;
            // The lowest limb of the multiple of the prime is minus that.
            wide[i + 1] += wide[i] >> BITS;
            for Term { limb, shift, sign } in P::TERMS {
                wide[i + limb] += sign * (multiple << shift);
            }
        }
        let mut limbs = [0; N];
        limbs.copy_from_slice(&wide[N..2 * N]);
        Self::of(limbs).carried()
    }
}

impl<P: Prime<N>, const N: usize> Add for Element<P, N> {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        let mut limbs = self.limbs;
        for (limb, added) in limbs.iter_mut().zip(other.limbs) {
            *limb += added;
        }
        Self::of(limbs)
    }
}

impl<P: Prime<N>, const N: usize> Sub for Element<P, N> {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        let mut limbs = self.limbs;
        for (limb, taken) in limbs.iter_mut().zip(other.limbs) {
            *limb -= taken;
        }
        Self::of(limbs)
    }
}

impl<P: Prime<N>, const N: usize> Mul for Element<P, N> {
    type Output = Self;
    #[inline(never)]
    fn mul(self, other: Self) -> Self {
        let (a, b) = (&self.limbs, &other.limbs);
        let mut wide = [0; WIDE];
        columns!(K in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 => {
            if K < 2 * N - 1 {
                let mut sum = 0;
                let first = if K < N { 0 } else { K - (N - 1) };
                let last = if K < N { K } else { N - 1 };
                for i in first..=last {
                    sum += a[i] * b[K - i];
                }
                wide[K] = sum;
            }
        });
        Self::reduced(&mut wide)
    }
}

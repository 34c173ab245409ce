//! Multiples of a point, and digits to multiply by them.

use crate::curve::Curve;
use crate::field::Element;
use crate::point::{Affine, Point, normalized};

/// Bits of a limb.
const BITS: usize = 28;

/// Odd multiples of a point: 1, 3, 5 and so on.
#[derive(Debug)]
pub struct Table<C, const N: usize> {
    points: Vec<Affine<C, N>>,
    width: u32,
}

impl<C: Curve<N>, const N: usize> Table<C, N> {
    /// Computes the multiples.
    ///
    /// # Arguments
    /// `width` is the bits of a digit, 3 to 8: there are `2^(width - 2)` points.
    #[inline(never)]
    pub(crate) fn new(x: Element<C, N>, y: Element<C, N>, width: u32) -> Self {
        let one = Affine { x, y };
        let mut all = vec![Point::from(one)];
        for multiple in 2..1_usize << (width - 1) {
            let half = all[multiple / 2 - 1].doubled();
            // The order of the group is prime and far larger: no sum is the point at infinity.
            let next = if multiple % 2 == 0 {
                Some(half)
            } else {
                half.plus(&one)
            };
            all.extend(next);
        }
        let odd: Vec<_> = all.into_iter().step_by(2).collect();
        Self {
            points: normalized(&odd),
            width,
        }
    }

    /// The digits of a number: `number = sum of digit[i] · 2^i`, each zero or
    /// odd and below `2^(width - 1)` on either side of zero.
    #[inline(never)]
    pub(crate) fn digits(&self, number: &[u64; N]) -> Vec<i32> {
        let bits = N * BITS;
        let mut digits = vec![0; bits + 1];
        let (mut carry, mut at) = (0, 0);
        while at < bits {
            if bit(number, at) == carry {
                at += 1;
                continue;
            }
            let window = (0..self.width).rev().fold(0, |window, place| {
                let place = usize::try_from(place).unwrap_or_default();
                2 * window + bit(number, at + place)
            }) + carry;
            carry = window >> (self.width - 1);
            digits[at] = window - (carry << self.width);
            at += usize::try_from(self.width).unwrap_or(1);
        }
        digits
    }

    /// A sum with a multiple of the point by a digit of [`Self::digits`].
    #[inline]
    pub(crate) fn add(&self, sum: Option<Point<C, N>>, digit: i32) -> Option<Point<C, N>> {
        if digit == 0 {
            return sum;
        }
        let place = usize::try_from(digit.unsigned_abs() / 2).unwrap_or_default();
        let point = self.points[place];
        let point = if digit < 0 { point.negated() } else { point };
        match sum {
            Some(sum) => sum.plus(&point),
            None => Some(point.into()),
        }
    }
}

/// A bit of a number; zero above it.
fn bit<const N: usize>(number: &[u64; N], at: usize) -> i32 {
    let limb = number.get(at / BITS).copied().unwrap_or_default();
    i32::from(limb >> (at % BITS) & 1 == 1)
}

//! Points of a curve, and their sums ("Guide to Elliptic Curve Cryptography",
//! §3.2.2: Jacobian coordinates, curves with a = -3).

use crate::curve::{Curve, kept};
use crate::field::Element;

/// A point `(x, y)`.
#[derive(Debug)]
pub struct Affine<C, const N: usize> {
    pub(crate) x: Element<C, N>,
    pub(crate) y: Element<C, N>,
}

/// The point `(x / z², y / z³)`; z is not zero.
#[derive(Debug)]
pub struct Point<C, const N: usize> {
    pub(crate) x: Element<C, N>,
    pub(crate) y: Element<C, N>,
    pub(crate) z: Element<C, N>,
}

impl<C, const N: usize> Clone for Affine<C, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C, const N: usize> Copy for Affine<C, N> {}
impl<C, const N: usize> Clone for Point<C, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C, const N: usize> Copy for Point<C, N> {}

impl<C: Curve<N>, const N: usize> Affine<C, N> {
    /// Whether the point is one of the curve.
    pub(crate) fn is_on_curve(&self) -> bool {
        let Self { x, y } = *self;
        let three = x.doubled() + x;
        let right = x.square() * x - three + kept::<C, N>().b;
        (y.square() - right).is_zero()
    }

    /// The point on the other side of the curve.
    #[inline]
    pub(crate) fn negated(self) -> Self {
        let Self { x, y } = self;
        Self { x, y: y.negated() }
    }
}

impl<C: Curve<N>, const N: usize> From<Affine<C, N>> for Point<C, N> {
    fn from(Affine { x, y }: Affine<C, N>) -> Self {
        let z = Element::one();
        Self { x, y, z }
    }
}

impl<C: Curve<N>, const N: usize> Point<C, N> {
    /// Twice the point. Of prime order, so that no y is zero.
    #[inline(never)]
    pub(crate) fn doubled(&self) -> Self {
        let Self { x, y, z } = *self;
        let delta = z.square();
        let gamma = y.square();
        let beta = x * gamma;
        let tangent = (x - delta) * (x + delta);
        let alpha = (tangent.doubled() + tangent).carried();
        let four = beta.doubled().doubled();
        let new_x = (alpha.square() - four.doubled()).carried();
        let eight = gamma.square().doubled().doubled().doubled();
        Self {
            x: new_x,
            y: (alpha * (four - new_x).carried() - eight).carried(),
            z: ((y + z).square() - gamma - delta).carried(),
        }
    }

    /// The sum with another point; none where that is the point at infinity.
    #[inline(never)]
    pub(crate) fn plus(&self, other: &Affine<C, N>) -> Option<Self> {
        let Self { x, y, z } = *self;
        let squared = z.square();
        let h = (other.x * squared - x).carried();
        let r = (other.y * (z * squared) - y).carried();
        if h.is_zero() {
            // The same point, or the one on the other side.
            return r.is_zero().then(|| self.doubled());
        }
        let h_squared = h.square();
        let h_cubed = h * h_squared;
        let v = x * h_squared;
        let new_x = (r.square() - h_cubed - v.doubled()).carried();
        Some(Self {
            x: new_x,
            y: (r * (v - new_x).carried() - y * h_cubed).carried(),
            z: z * h,
        })
    }
}

/// Points with z = 1, by one inversion for all of them.
pub(crate) fn normalized<C: Curve<N>, const N: usize>(points: &[Point<C, N>]) -> Vec<Affine<C, N>> {
    let mut product = Element::one();
    let before: Vec<_> = points
        .iter()
        .map(|point| {
            let before = product;
            product = product * point.z;
            before
        })
        .collect();
    let mut inverse = product.inverse();
    let mut normal: Vec<_> = points
        .iter()
        .zip(before)
        .rev()
        .map(|(point, before)| {
            let inverted = inverse * before;
            inverse = inverse * point.z;
            let squared = inverted.square();
            Affine {
                x: point.x * squared,
                y: point.y * (squared * inverted),
            }
        })
        .collect();
    normal.reverse();
    normal
}

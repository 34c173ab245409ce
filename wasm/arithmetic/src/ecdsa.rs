//! ECDSA (FIPS 186-5 §6.4): verifying alone.

use crate::curve::{Curve, Kept, P256, P384, kept};
use crate::field::Element;
use crate::limbs;
use crate::point::{Affine, Point};
use crate::table::Table;
use core::marker::PhantomData;

/// Bits of the digits by which a key is multiplied: 8 points.
const KEY_WIDTH: u32 = 5;

/// Names of a curve. Its functions are made here and called from elsewhere: made
/// where they are called, they would be compiled with the settings of the callers.
macro_rules! names {
    ($curve:ident, $limbs:literal, $key:ident, $signature:ident, $name:literal) => {
        #[doc = concat!("A key of ", $name, ": a point of the curve.")]
        #[derive(Clone, Debug)]
        pub struct $key(Key<$curve, $limbs>);

        #[doc = concat!("A signature by a key of ", $name, ": two numbers,")]
        /// each at least 1 and below the order of the group.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $signature(Signature<$curve, $limbs>);

        impl $key {
            /// Makes a key of its coordinates, big-endian, X and Y one after the other,
            /// each with all of its bytes; none where that is no point of the curve.
            #[must_use]
            #[inline(never)]
            pub fn of_coordinates(coordinates: &[u8]) -> Option<Self> {
                Key::of_coordinates(coordinates).map(Self)
            }

            /// Makes a key of an uncompressed point (SEC 1 §2.3.3): 4, X, Y.
            #[must_use]
            #[inline(never)]
            pub fn of_point(point: &[u8]) -> Option<Self> {
                let (form, coordinates) = point.split_first()?;
                (*form == 4).then(|| Self::of_coordinates(coordinates))?
            }

            /// Whether a signature over a hash is by this key.
            ///
            /// # Arguments
            /// `digest` is the hash of what was signed; of a longer one than the order the first bytes count.
            #[must_use]
            #[inline(never)]
            pub fn verifies(&self, digest: &[u8], signature: &$signature) -> bool {
                self.0.verifies(digest, &signature.0)
            }
        }

        impl $signature {
            /// Makes a signature of its numbers, big-endian, with zeros before them or
            /// without; none where one is longer than a coordinate, zero, or not below
            /// the order of the group.
            /// `n - s` is a signature as `s` is: nothing demands the lower one.
            #[must_use]
            #[inline(never)]
            pub fn of_numbers(r: &[u8], s: &[u8]) -> Option<Self> {
                Signature::of_numbers(r, s).map(Self)
            }
        }
    };
}

names!(P256, 10, P256Key, P256Signature, "P-256");
names!(P384, 14, P384Key, P384Signature, "P-384");

#[derive(Debug)]
struct Key<C, const N: usize> {
    point: Affine<C, N>,
}

impl<C, const N: usize> Clone for Key<C, N> {
    fn clone(&self) -> Self {
        let point = self.point;
        Self { point }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Signature<C, const N: usize> {
    r: [u64; N],
    s: [u64; N],
    curve: PhantomData<C>,
}

impl<C: Curve<N>, const N: usize> Signature<C, N> {
    fn of_numbers(r: &[u8], s: &[u8]) -> Option<Self> {
        Some(Self {
            r: number::<C, N>(r)?,
            s: number::<C, N>(s)?,
            curve: PhantomData,
        })
    }
}

/// A number from 1 to the order less 1.
fn number<C: Curve<N>, const N: usize>(bytes: &[u8]) -> Option<[u64; N]> {
    let mut read = [0; N];
    let right = bytes.len() <= C::BYTES
        && limbs::read(bytes, &mut read)
        && read != [0; N]
        && !limbs::at_least(&read, &kept::<C, N>().order_limbs);
    right.then_some(read)
}

impl<C: Curve<N>, const N: usize> Key<C, N> {
    fn of_coordinates(coordinates: &[u8]) -> Option<Self> {
        if coordinates.len() != 2 * C::BYTES {
            return None;
        }
        let (x, y) = coordinates.split_at(C::BYTES);
        let point = Affine {
            x: Element::read(x)?,
            y: Element::read(y)?,
        };
        point.is_on_curve().then_some(Self { point })
    }

    fn verifies(&self, digest: &[u8], signature: &Signature<C, N>) -> bool {
        let Kept {
            order, generator, ..
        } = kept::<C, N>();
        let mut hash = [0; N];
        limbs::read(digest.get(..C::BYTES).unwrap_or(digest), &mut hash);
        // In Montgomery form; the product with a plain number is plain.
        let inverse = order.long_power(&order.entered(&signature.s), C::INVERTING_ORDER);
        let of_generator = generator.digits(&order.multiply(&inverse, &hash));
        let of_key = order.multiply(&inverse, &signature.r);
        let key = Table::new(self.point.x, self.point.y, KEY_WIDTH);
        let of_key = key.digits(&of_key);
        let digits = of_generator.into_iter().zip(of_key).rev();
        let sum = digits.fold(None, |sum: Option<Point<C, N>>, (first, second)| {
            let doubled = sum.map(|sum| sum.doubled());
            key.add(generator.add(doubled, first), second)
        });
        sum.is_some_and(|sum| has_x(&sum, &signature.r))
    }
}

/// Whether the x of a point, modulo the order, is a number below the order.
fn has_x<C: Curve<N>, const N: usize>(point: &Point<C, N>, number: &[u64; N]) -> bool {
    let Kept { order_limbs, .. } = kept::<C, N>();
    let mut other = *number;
    for (limb, added) in other.iter_mut().zip(order_limbs) {
        *limb += added;
    }
    limbs::carry(&mut other);
    let squared = point.z.square();
    // The prime is below twice the order: x is the number itself, or that and the order.
    [Element::of_limbs(number), Element::of_limbs(&other)]
        .into_iter()
        .flatten()
        .any(|x| (x * squared - point.x).is_zero())
}

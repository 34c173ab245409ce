//! The two curves (SP 800-186 §3.2.1.3 and §3.2.1.4): `y² = x³ - 3x + b` over
//! a prime, with a group of prime order.

use crate::field::{Element, Prime, Term};
use crate::limbs;
use crate::montgomery::Modulus;
use crate::table::Table;
use std::sync::OnceLock;

/// A curve whose numbers have `N` limbs.
pub trait Curve<const N: usize>: Prime<N> + 'static {
    /// Bytes of a coordinate and of a number below the order; no curve has fewer than 8 bits more.
    const BYTES: usize;
    /// The coefficient b, big-endian.
    const B: &'static [u8];
    /// The generator's coordinates, big-endian.
    const GENERATOR: [&'static [u8]; 2];
    /// Order of the group, big-endian.
    const ORDER: &'static [u8];
    /// Two less than the order, big-endian: the exponent that inverts.
    const INVERTING_ORDER: &'static [u8];
    /// Where what is computed once is kept.
    fn kept() -> &'static OnceLock<Kept<Self, N>>;
}

/// What is computed once for a curve.
#[derive(Debug)]
pub struct Kept<C, const N: usize> {
    /// The order, to compute with.
    pub(crate) order: Modulus<[u64; N]>,
    /// Limbs of the order.
    pub(crate) order_limbs: [u64; N],
    /// The coefficient b.
    pub(crate) b: Element<C, N>,
    /// Multiples of the generator.
    pub(crate) generator: Table<C, N>,
}

/// Bits of the digits by which the generator is multiplied: 64 points are kept.
const GENERATOR_WIDTH: u32 = 8;

/// What is computed once for a curve; the first caller computes it.
pub(crate) fn kept<C: Curve<N>, const N: usize>() -> &'static Kept<C, N> {
    C::kept().get_or_init(|| {
        let mut order_limbs = [0; N];
        limbs::read(C::ORDER, &mut order_limbs);
        let [x, y] = C::GENERATOR.map(constant);
        Kept {
            order: Modulus::new(order_limbs),
            order_limbs,
            b: constant(C::B),
            generator: Table::new(x, y, GENERATOR_WIDTH),
        }
    })
}

/// A constant below the prime.
fn constant<C: Curve<N>, const N: usize>(bytes: &[u8]) -> Element<C, N> {
    Element::read(bytes).unwrap_or_else(Element::one)
}

/// P-256, also known as secp256r1 and prime256v1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct P256;

impl Prime<10> for P256 {
    // 2^256 - 2^224 + 2^192 + 2^96 - 1
    const TERMS: [Term; 4] = [term(96, 1), term(192, 1), term(224, -1), term(256, 1)];
    const PRIME: [i64; 10] = [
        0xfff_ffff, 0xfff_ffff, 0xfff_ffff, 0x000_0fff, 0, 0, 0x100_0000, 0, 0xfff_ffff, 0xf,
    ];
    const SQUARED_RADIX: [i64; 10] = [
        0x005_0000, 0x030_0000, 0, 0, 0xfff_fffa, 0xfff_ffbf, 0xfff_feff, 0xfff_afff, 0x002_ffff, 0,
    ];
    const INVERTING: &'static [u8] =
        &hex::<32>("ffffffff00000001000000000000000000000000fffffffffffffffffffffffd");
}

impl Curve<10> for P256 {
    const BYTES: usize = 32;
    const B: &'static [u8] =
        &hex::<32>("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    const GENERATOR: [&'static [u8]; 2] = [
        &hex::<32>("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
        &hex::<32>("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
    ];
    const ORDER: &'static [u8] =
        &hex::<32>("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const INVERTING_ORDER: &'static [u8] =
        &hex::<32>("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f");

    fn kept() -> &'static OnceLock<Kept<Self, 10>> {
        static KEPT: OnceLock<Kept<P256, 10>> = OnceLock::new();
        &KEPT
    }
}

/// P-384, also known as secp384r1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct P384;

impl Prime<14> for P384 {
    // 2^384 - 2^128 - 2^96 + 2^32 - 1
    const TERMS: [Term; 4] = [term(32, 1), term(96, -1), term(128, -1), term(384, 1)];
    const PRIME: [i64; 14] = [
        0xfff_ffff, 0xf, 0, 0xfff_f000, 0xffe_ffff, 0xfff_ffff, 0xfff_ffff, 0xfff_ffff, 0xfff_ffff,
        0xfff_ffff, 0xfff_ffff, 0xfff_ffff, 0xfff_ffff, 0xf_ffff,
    ];
    const SQUARED_RADIX: [i64; 14] = [
        0x001_0000, 0xfe0_0000, 0x0ff_ffff, 0, 2, 0, 0xfff_fe00, 0xfff, 0x002_0000, 0x010_0000, 0,
        0, 0, 0,
    ];
    const INVERTING: &'static [u8] = &hex::<48>(
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffd",
    );
}

impl Curve<14> for P384 {
    const BYTES: usize = 48;
    const B: &'static [u8] = &hex::<48>(
        "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
    );
    const GENERATOR: [&'static [u8]; 2] = [
        &hex::<48>(
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        ),
        &hex::<48>(
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        ),
    ];
    const ORDER: &'static [u8] = &hex::<48>(
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    );
    const INVERTING_ORDER: &'static [u8] = &hex::<48>(
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52971",
    );

    fn kept() -> &'static OnceLock<Kept<Self, 14>> {
        static KEPT: OnceLock<Kept<P384, 14>> = OnceLock::new();
        &KEPT
    }
}

const fn term(power: u32, sign: i64) -> Term {
    let mut limb = 0;
    let mut shift = power;
    while shift >= 28 {
        shift -= 28;
        limb += 1;
    }
    Term { limb, shift, sign }
}

/// Bytes of a constant; what is no digit stops the compiler.
const fn hex<const N: usize>(text: &str) -> [u8; N] {
    let text = text.as_bytes();
    assert!(text.len() == 2 * N);
    let mut bytes = [0; N];
    let mut at = 0;
    while at < N {
        bytes[at] = 16 * digit(text[2 * at]) + digit(text[2 * at + 1]);
        at += 1;
    }
    bytes
}

const fn digit(character: u8) -> u8 {
    match character {
        b'0'..=b'9' => character - b'0',
        b'a'..=b'f' => character - b'a' + 10,
        _ => panic!("no hexadecimal digit"),
    }
}

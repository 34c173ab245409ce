//! RSA and ECDSA out of whole numbers alone, to check signatures in another way
//! than the engine does. Slow, and for public numbers only.

use crate::certificate::{content, elements};
use crate::log::hash;
use num_bigint::BigUint;

/// How a signature is made; the hash by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Made {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1(&'static str),
    /// RSASSA-PSS with a salt as long as the hash; perhaps also with the longest.
    Pss(&'static str, bool),
    /// ECDSA; R and S one after the other, each as long as the curve's numbers.
    Ecdsa(&'static str),
}

impl Made {
    /// Name of the hash.
    #[must_use]
    pub const fn hash(self) -> &'static str {
        match self {
            Self::Pkcs1(name) | Self::Pss(name, _) | Self::Ecdsa(name) => name,
        }
    }
}

/// `DigestInfo` (RFC 8017 §9.2), where the size of hash and whole, and the last arc differ.
const DIGEST_INFO: [u8; 19] = [
    0x30, 0, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 0, 5, 0, 4, 0,
];
const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const P256: [u8; 8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: [u8; 5] = [0x2b, 0x81, 4, 0, 0x22];

/// A curve y² = x³ - 3x + b (FIPS 186-4 D.1.2).
#[derive(Clone, Debug)]
pub struct Curve {
    /// Bytes of its numbers.
    pub size: usize,
    prime: BigUint,
    order: BigUint,
    b: BigUint,
    base: [BigUint; 2],
}

/// X, Y, Z where x = X/Z² and y = Y/Z³; Z of zero is the neutral one.
type Point = [BigUint; 3];

/// A key.
#[derive(Clone, Debug)]
pub enum Public {
    /// Modulus, exponent.
    Rsa([BigUint; 2]),
    /// Curve and point.
    Ec(Curve, [BigUint; 2]),
}

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).expect("digits")
}

/// The curve of an identifier's content.
fn curve(id: &[u8]) -> Option<Curve> {
    let (size, parts) = if id == P256 {
        (
            32,
            [
                "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
                "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
                "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
                "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
                "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            ],
        )
    } else if id == P384 {
        (
            48,
            [
                "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
                "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
                "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
                "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
                "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
            ],
        )
    } else {
        return None;
    };
    let [prime, order, b, x, y] = parts.map(number);
    Some(Curve {
        size,
        prime,
        order,
        b,
        base: [x, y],
    })
}

impl Public {
    /// Reads a `SubjectPublicKeyInfo`; a point must be one of its curve.
    #[must_use]
    pub fn read(info: &[u8]) -> Option<Self> {
        let [algorithm, bits] = elements(content(info)?)?.try_into().ok()?;
        let algorithm = elements(content(algorithm)?)?;
        let ids: Vec<&[u8]> = algorithm.iter().filter_map(|one| content(one)).collect();
        let key = content(bits)?.strip_prefix(&[0])?;
        if ids.first() == Some(&RSA.as_slice()) {
            let numbers = elements(content(key)?)?.into_iter();
            let numbers: Vec<BigUint> = numbers
                .filter_map(content)
                .map(BigUint::from_bytes_be)
                .collect();
            return numbers.try_into().ok().map(Self::Rsa);
        }
        let curve = curve(ids.get(1)?)?;
        let point = key.strip_prefix(&[4])?;
        let (x, y) = point.split_at_checked(curve.size)?;
        let point = [x, y].map(BigUint::from_bytes_be);
        let is_point = y.len() == curve.size && curve.has(&point);
        is_point.then_some(Self::Ec(curve, point))
    }

    /// Length of its signatures, bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        match self {
            Self::Rsa([modulus, _]) => modulus.to_bytes_be().len(),
            Self::Ec(curve, _) => 2 * curve.size,
        }
    }

    /// Whether a signature over a message is this key's.
    #[must_use]
    pub fn verifies(&self, made: Made, message: &[u8], signature: &[u8]) -> bool {
        let found = match (self, made) {
            (Self::Rsa(key), Made::Pkcs1(name)) => rsa(key, signature).and_then(|block| {
                let digest = hash(name, message)?;
                Some(block == pkcs1(&digest, block.len())?)
            }),
            (Self::Rsa(key), Made::Pss(name, longest)) => {
                rsa(key, signature).and_then(|block| pss(name, longest, message, &block))
            }
            (Self::Ec(curve, point), Made::Ecdsa(name)) => {
                hash(name, message).and_then(|digest| curve.verifies(point, &digest, signature))
            }
            _ => None,
        };
        found.unwrap_or(false)
    }

    /// The signature that stands for itself and for all that are as good: ECDSA's with the smaller S.
    #[must_use]
    pub fn normal(&self, signature: &[u8]) -> Vec<u8> {
        let Self::Ec(curve, _) = self else {
            return signature.to_vec();
        };
        let (r, s) = signature.split_at(curve.size.min(signature.len()));
        let s = BigUint::from_bytes_be(s);
        let other = (&curve.order + &curve.order - &s % &curve.order) % &curve.order;
        [r, &s.min(other).to_bytes_be()].concat()
    }
}

/// The block that was signed, as long as the modulus.
fn rsa([modulus, exponent]: &[BigUint; 2], signature: &[u8]) -> Option<Vec<u8>> {
    let length = modulus.to_bytes_be().len();
    let number = BigUint::from_bytes_be(signature);
    if signature.len() != length || number >= *modulus {
        return None;
    }
    let block = number.modpow(exponent, modulus).to_bytes_be();
    crate::tpm::padded(&block, length)
}

/// What stands before a digest of a size (RFC 8017 §9.2).
#[must_use]
pub fn digest_info(size: usize) -> [u8; 19] {
    let mut info = DIGEST_INFO;
    let size = size as u8;
    info[1] = 17 + size;
    // The arcs of SHA-256, SHA-384 and SHA-512 are 1 to 3.
    info[14] = size / 16 - 1;
    info[18] = size;
    info
}

/// The block of PKCS#1 v1.5 (RFC 8017 §9.2).
fn pkcs1(digest: &[u8], length: usize) -> Option<Vec<u8>> {
    let info = digest_info(digest.len());
    let fill = length.checked_sub(3 + info.len() + digest.len())?;
    Some([&[0, 1][..], &vec![0xff; fill], &[0], &info, digest].concat())
}

/// EMSA-PSS-VERIFY (RFC 8017 §9.1.2), for a modulus of whole bytes.
fn pss(name: &str, longest: bool, message: &[u8], block: &[u8]) -> Option<bool> {
    let digest = hash(name, message)?;
    let split = block.len().checked_sub(digest.len() + 1)?;
    let (masked, rest) = block.split_at(split);
    let (seed, trailer) = rest.split_at(digest.len());
    let mask = (0_u32..).flat_map(|counter| {
        let seed = [seed, &counter.to_be_bytes()].concat();
        hash(name, &seed).unwrap_or_default()
    });
    let mut data: Vec<u8> = masked
        .iter()
        .zip(mask)
        .map(|(byte, mask)| byte ^ mask)
        .collect();
    // One bit less than the modulus has.
    data[0] &= 0x7f;
    let start = data.iter().position(|byte| *byte != 0)?;
    let salt = &data[start + 1..];
    let is_right = salt.len() == digest.len() || (longest && start == 0);
    let whole = [&[0; 8], digest.as_slice(), salt].concat();
    let is_clear = masked[0] & 0x80 == 0 && data[start] == 1 && trailer == [0xbc];
    Some(is_clear && is_right && hash(name, &whole)? == seed)
}

impl Curve {
    fn times(&self, one: &BigUint, other: &BigUint) -> BigUint {
        one * other % &self.prime
    }

    fn less(&self, one: &BigUint, other: &BigUint) -> BigUint {
        (one + &self.prime - other) % &self.prime
    }

    fn has(&self, [x, y]: &[BigUint; 2]) -> bool {
        let cube = self.times(&self.times(x, x), x);
        let right = self.less(&(cube + &self.b), &(x * 3_u32 % &self.prime));
        *x < self.prime && *y < self.prime && self.times(y, y) == right
    }

    fn double(&self, [x, y, z]: &Point) -> Point {
        let delta = self.times(z, z);
        let gamma = self.times(y, y);
        let beta = self.times(x, &gamma);
        let alpha = self.times(&(self.less(x, &delta) * 3_u32), &(x + &delta));
        let third = self.less(&self.times(&alpha, &alpha), &(&beta * 8_u32 % &self.prime));
        let sum = y + z;
        let last = self.less(&self.less(&self.times(&sum, &sum), &gamma), &delta);
        let fourth = self.less(&(&beta * 4_u32 % &self.prime), &third);
        let square = self.times(&gamma, &gamma) * 8_u32 % &self.prime;
        let second = self.less(&self.times(&alpha, &fourth), &square);
        [third, second, last]
    }

    fn add(&self, one: &Point, other: &Point) -> Point {
        let zero = BigUint::ZERO;
        if one[2] == zero {
            return other.clone();
        }
        if other[2] == zero {
            return one.clone();
        }
        let squares = [one, other].map(|point| self.times(&point[2], &point[2]));
        let u = [
            self.times(&one[0], &squares[1]),
            self.times(&other[0], &squares[0]),
        ];
        let s = [
            self.times(&one[1], &self.times(&other[2], &squares[1])),
            self.times(&other[1], &self.times(&one[2], &squares[0])),
        ];
        if u[0] == u[1] {
            return if s[0] == s[1] {
                self.double(one)
            } else {
                [zero.clone(), zero.clone(), zero]
            };
        }
        let h = self.less(&u[1], &u[0]);
        let r = self.less(&s[1], &s[0]);
        let square = self.times(&h, &h);
        let cube = self.times(&square, &h);
        let v = self.times(&u[0], &square);
        let x = self.less(
            &self.less(&self.times(&r, &r), &cube),
            &(&v * 2_u32 % &self.prime),
        );
        let y = self.less(
            &self.times(&r, &self.less(&v, &x)),
            &self.times(&s[0], &cube),
        );
        let z = self.times(&h, &self.times(&one[2], &other[2]));
        [x, y, z]
    }

    /// FIPS 186-4 §6.4.
    fn verifies(&self, key: &[BigUint; 2], digest: &[u8], signature: &[u8]) -> Option<bool> {
        let (r, s) = signature.split_at_checked(self.size)?;
        let (r, s) = (BigUint::from_bytes_be(r), BigUint::from_bytes_be(s));
        let is_in_range = |number: &BigUint| *number != BigUint::ZERO && *number < self.order;
        if signature.len() != 2 * self.size || !is_in_range(&r) || !is_in_range(&s) {
            return Some(false);
        }
        let digest = BigUint::from_bytes_be(&digest[..digest.len().min(self.size)]);
        let inverse = s.modinv(&self.order)?;
        let factors = [digest, r.clone()].map(|factor| factor * &inverse % &self.order);
        let [x, _, z] = self.combine(factors, [&self.base, key]);
        let inverse = z.modinv(&self.prime)?;
        let x = self.times(&x, &self.times(&inverse, &inverse));
        Some(x % &self.order == r)
    }

    /// The sum of two points, each so many times.
    fn combine(&self, factors: [BigUint; 2], points: [&[BigUint; 2]; 2]) -> Point {
        let one = BigUint::from(1_u32);
        let points = points.map(|[x, y]| [x.clone(), y.clone(), one.clone()]);
        let both = self.add(&points[0], &points[1]);
        let mut sum = [one.clone(), one, BigUint::ZERO];
        for place in (0..8 * self.size as u64).rev() {
            sum = self.double(&sum);
            match [factors[0].bit(place), factors[1].bit(place)] {
                [true, true] => sum = self.add(&sum, &both),
                [true, false] => sum = self.add(&sum, &points[0]),
                [false, true] => sum = self.add(&sum, &points[1]),
                [false, false] => {}
            }
        }
        sum
    }
}

//! Structures of a TPM as bytes, written apart from the code that reads them.

use super::key::{How, Key, digest};

/// A TPM2B.
pub fn sized(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    [&length.to_be_bytes(), bytes].concat()
}

fn hash_id(bits: u16) -> u16 {
    9 + bits / 128
}

fn scheme_id(how: How) -> (u16, u16) {
    match how {
        How::Pkcs1(bits) => (0x14, bits),
        How::Pss(bits, _) => (0x16, bits),
        How::Ecdsa(bits) => (0x18, bits),
    }
}

/// Algorithm and hash.
pub fn scheme(how: How) -> Vec<u8> {
    let (id, bits) = scheme_id(how);
    [id.to_be_bytes(), hash_id(bits).to_be_bytes()].concat()
}

/// A `TPMT_SIGNATURE` over a message.
pub fn signature(key: Key, how: How, message: &[u8]) -> Vec<u8> {
    let numbers = match key {
        Key::Rsa => sized(&key.sign(how, message)),
        _ => key
            .sign_numbers(how, message)
            .map(|one| sized(&one))
            .concat(),
    };
    [scheme(how), numbers].concat()
}

/// A public area before its parts are put together.
#[derive(Clone)]
pub struct Area {
    /// Algorithm of the name.
    pub name: u16,
    /// Attributes.
    pub attributes: u32,
    /// Policy.
    pub policy: Vec<u8>,
    /// Algorithm for children.
    pub symmetric: Vec<u8>,
    /// Scheme.
    pub scheme: Vec<u8>,
    /// Size and exponent, or curve and kdf.
    pub rest: Vec<u8>,
    /// Numbers of the key, each a TPM2B.
    pub numbers: Vec<u8>,
    /// Kind of key.
    pub kind: u16,
}

impl Area {
    /// An attestation key.
    pub fn new(key: Key, how: How) -> Self {
        let point = key.public();
        let half = point.len() / 2;
        let coordinates = || [sized(&point[1..=half]), sized(&point[half + 1..])].concat();
        let (kind, rest, numbers) = match key {
            Key::Rsa => (1, vec![8, 0, 0, 0, 0, 0], sized(&point)),
            Key::P256(_) => (0x23, vec![0, 3, 0, 0x10], coordinates()),
            Key::P384(_) => (0x23, vec![0, 4, 0, 0x10], coordinates()),
        };
        Self {
            name: 0x0b,
            attributes: 0x0005_0072,
            policy: vec![],
            symmetric: vec![0, 0x10],
            scheme: scheme(how),
            rest,
            numbers,
            kind,
        }
    }

    /// `TPMT_PUBLIC`.
    pub fn bytes(&self) -> Vec<u8> {
        let mut all = [self.kind.to_be_bytes(), self.name.to_be_bytes()].concat();
        all.extend(self.attributes.to_be_bytes());
        all.extend(sized(&self.policy));
        for part in [&self.symmetric, &self.scheme, &self.rest, &self.numbers] {
            all.extend(part);
        }
        all
    }
}

/// A quote over registers 0, 4 and 7 of SHA-256, each filled with its number.
#[derive(Clone)]
pub struct QuoteBytes {
    /// Selected registers.
    pub registers: Vec<u8>,
    /// Hash of the digest, bits.
    pub bits: u16,
}

impl QuoteBytes {
    /// `TPMS_ATTEST`.
    pub fn bytes(&self) -> Vec<u8> {
        let mut all = vec![0xff, 0x54, 0x43, 0x47, 0x80, 0x18];
        all.extend(sized(&[[0, 0x0b].as_slice(), &[0x51; 32]].concat()));
        all.extend(sized(b"nonce"));
        all.extend([0; 7]);
        all.extend([9, 0, 0, 0, 1, 0, 0, 0, 2, 1]);
        all.extend([0x20, 0x26, 0, 0, 0, 0, 0, 1]);
        all.extend([0, 0, 0, 1, 0, 0x0b, 3]);
        let bit = |bits: u32, register: &u8| bits | 1 << register;
        let bits = self.registers.iter().fold(0, bit);
        all.extend(&bits.to_le_bytes()[..3]);
        let values: Vec<u8> = self.registers.iter().flat_map(|one| [*one; 32]).collect();
        all.extend(sized(&digest(self.bits, &values)));
        all
    }

    /// Items of the list of values.
    pub fn values(&self) -> Vec<Vec<u8>> {
        let item = |register: &u8| [&[0, 0x0b, *register], [*register; 32].as_slice()].concat();
        self.registers.iter().map(item).collect()
    }
}

//! Logs, written apart from the code that reads them.

use casemate_core::answer::Refusal;
use casemate_core::frame;
use casemate_core::hex::encode;
use casemate_core::json::write::text;
use casemate_core::logs::read::operation;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Numbers of hash algorithms.
pub const SHA1: u16 = 0x04;
pub const SHA256: u16 = 0x0B;
pub const SHA384: u16 = 0x0C;
pub const SHA512: u16 = 0x0D;
/// Of SM3, which nothing here computes.
pub const SM3: u16 = 0x12;

/// Hash of some bytes.
pub fn hash(algorithm: u16, data: &[u8]) -> Vec<u8> {
    match algorithm {
        SHA1 => Sha1::digest(data).to_vec(),
        SHA256 => Sha256::digest(data).to_vec(),
        SHA384 => Sha384::digest(data).to_vec(),
        SHA512 => Sha512::digest(data).to_vec(),
        _ => vec![0x33; 32],
    }
}

/// A register of zeros, extended by digests.
pub fn extended(algorithm: u16, first: u8, digests: &[Vec<u8>]) -> String {
    let mut value = vec![0; hash(algorithm, b"").len()];
    *value.last_mut().unwrap() = first;
    for digest in digests {
        value = hash(algorithm, &[value.as_slice(), digest].concat());
    }
    encode(&value)
}

/// An event of SHA-1 alone, with the digest of its data.
pub fn event1(index: u32, kind: u32, data: &[u8]) -> Vec<u8> {
    event1_with(index, kind, &hash(SHA1, data), data)
}

/// An event of SHA-1 alone.
pub fn event1_with(index: u32, kind: u32, digest: &[u8], data: &[u8]) -> Vec<u8> {
    let size = u32::try_from(data.len()).unwrap();
    let numbers = [index, kind].map(u32::to_le_bytes).concat();
    [&numbers, digest, &size.to_le_bytes(), data].concat()
}

/// Data of the header of a crypto-agile log.
pub fn header_data(banks: &[u16]) -> Vec<u8> {
    let mut data = b"Spec ID Event03\0\x01\0\0\0\0\x02\x69\x02".to_vec();
    data.extend(u32::try_from(banks.len()).unwrap().to_le_bytes());
    for bank in banks {
        data.extend(bank.to_le_bytes());
        data.extend(u16::try_from(hash(*bank, b"").len()).unwrap().to_le_bytes());
    }
    data.extend([3, b'a', b'b', b'c']);
    data
}

/// Header of a crypto-agile log.
pub fn header(banks: &[u16]) -> Vec<u8> {
    event1_with(0, 3, &[0; 20], &header_data(banks))
}

/// A crypto-agile event, with digests of its data.
pub fn event2(banks: &[u16], index: u32, kind: u32, data: &[u8]) -> Vec<u8> {
    let digests: Vec<(u16, Vec<u8>)> = banks
        .iter()
        .map(|bank| (*bank, hash(*bank, data)))
        .collect();
    event2_with(index, kind, &digests, data)
}

/// A crypto-agile event.
pub fn event2_with(index: u32, kind: u32, digests: &[(u16, Vec<u8>)], data: &[u8]) -> Vec<u8> {
    let count = u32::try_from(digests.len()).unwrap();
    let mut event = [index, kind, count].map(u32::to_le_bytes).concat();
    for (bank, digest) in digests {
        event.extend(bank.to_le_bytes());
        event.extend(digest);
    }
    event.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    event.extend(data);
    event
}

/// A TLV of a CEL.
pub fn tlv(kind: u8, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).unwrap().to_be_bytes();
    [&[kind], length.as_slice(), value].concat()
}

/// A record of a CEL in TLVs.
pub fn record(number: u64, index: &[u8], digests: &[(u16, Vec<u8>)], content: &[u8]) -> Vec<u8> {
    let nested = digests
        .iter()
        .map(|(bank, digest)| tlv(u8::try_from(*bank).unwrap(), digest));
    let nested: Vec<Vec<u8>> = nested.collect();
    let digests = tlv(3, &nested.concat());
    [&tlv(0, &number.to_be_bytes()), index, &digests, content].concat()
}

/// What the operation answers.
pub fn answer(registers: &str, log: &[u8]) -> Result<Value, Refusal> {
    let input = frame::write(&[registers.as_bytes(), log]).unwrap();
    operation(&input).map(|log| serde_json::from_str(&text(&log)).unwrap())
}

/// Code of a refusal, and the number of the event that is to blame.
pub fn refused(registers: &str, log: &[u8]) -> (&'static str, Option<usize>) {
    let refusal = answer(registers, log).expect_err("a refusal");
    let event = refusal.field("event").map(|number| number.parse().unwrap());
    (refusal.code(), event)
}

//! Event logs of firmware and CEL in TLVs as lists of pieces, written and read
//! apart from the engine.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Sizes of digests by the number of their algorithm.
const SIZES: [(u16, usize); 4] = [(4, 20), (11, 32), (12, 48), (13, 64)];
/// Register, type.
const HEAD: usize = 8;

/// Hash of bytes by the name of an algorithm, or by its number.
#[must_use]
pub fn hash(algorithm: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        "sha1" | "4" => Some(Sha1::digest(bytes).to_vec()),
        "sha256" | "11" => Some(Sha256::digest(bytes).to_vec()),
        "sha384" | "12" => Some(Sha384::digest(bytes).to_vec()),
        "sha512" | "13" => Some(Sha512::digest(bytes).to_vec()),
        _ => None,
    }
}

/// An event of firmware.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Register and type.
    pub head: [u8; HEAD],
    /// Digests; in a log of SHA-1 alone one.
    pub digests: Vec<(u16, Vec<u8>)>,
    /// Data.
    pub data: Vec<u8>,
}

/// A log of firmware.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The header, whole; empty in a log of SHA-1 alone.
    pub header: Vec<u8>,
    /// Events.
    pub events: Vec<Event>,
    /// What follows them.
    pub rest: Vec<u8>,
}

impl Log {
    /// Takes a log apart, as far as it can be.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let data = sized(bytes.get(HEAD + 20..)?)?;
        let is_agile = data.starts_with(b"Spec ID Event03\0");
        let length = if is_agile { HEAD + 24 + data.len() } else { 0 };
        let (header, mut rest) = bytes.split_at(length);
        let mut events = Vec::new();
        while let Some((event, after)) = Event::read(rest, is_agile) {
            events.push(event);
            rest = after;
        }
        (!events.is_empty()).then(|| Self {
            header: header.to_vec(),
            events,
            rest: rest.to_vec(),
        })
    }

    /// Puts it together.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let events = self.events.iter();
        let events: Vec<Vec<u8>> = events
            .map(|event| event.write(!self.header.is_empty()))
            .collect();
        [self.header.as_slice(), &events.concat(), &self.rest].concat()
    }
}

impl Event {
    fn read(bytes: &[u8], is_agile: bool) -> Option<(Self, &[u8])> {
        let (head, mut rest) = bytes.split_first_chunk::<HEAD>()?;
        let mut digests = Vec::new();
        if is_agile {
            let (count, after) = rest.split_first_chunk()?;
            rest = after;
            for _ in 0..u32::from_le_bytes(*count).min(9) {
                let (algorithm, after) = rest.split_first_chunk()?;
                let algorithm = u16::from_le_bytes(*algorithm);
                let (_, size) = SIZES.iter().find(|(known, _)| *known == algorithm)?;
                let (digest, after) = after.split_at_checked(*size)?;
                digests.push((algorithm, digest.to_vec()));
                rest = after;
            }
        } else {
            let (digest, after) = rest.split_at_checked(20)?;
            digests.push((4, digest.to_vec()));
            rest = after;
        }
        let data = sized(rest)?.to_vec();
        let rest = &rest[4 + data.len()..];
        let event = Self {
            head: *head,
            digests,
            data,
        };
        Some((event, rest))
    }

    fn write(&self, is_agile: bool) -> Vec<u8> {
        let mut bytes = self.head.to_vec();
        if is_agile {
            bytes.extend((self.digests.len() as u32).to_le_bytes());
        }
        for (algorithm, digest) in &self.digests {
            if is_agile {
                bytes.extend(algorithm.to_le_bytes());
            }
            bytes.extend(digest);
        }
        bytes.extend((self.data.len() as u32).to_le_bytes());
        bytes.extend(&self.data);
        bytes
    }

    /// Gives it the digests of some bytes.
    pub fn rehash(&mut self, bytes: &[u8]) {
        for (algorithm, digest) in &mut self.digests {
            if let Some(hash) = hash(&algorithm.to_string(), bytes) {
                *digest = hash;
            }
        }
    }
}

fn sized(bytes: &[u8]) -> Option<&[u8]> {
    let (size, rest) = bytes.split_first_chunk()?;
    rest.get(..u32::from_le_bytes(*size) as usize)
}

/// A field of a CEL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tlv {
    /// Type.
    pub kind: u8,
    /// Value.
    pub value: Vec<u8>,
}

/// Takes TLVs apart; none where they do not fill the bytes.
#[must_use]
pub fn read_tlvs(mut bytes: &[u8]) -> Option<Vec<Tlv>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let (head, rest) = bytes.split_first_chunk::<5>()?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let (value, rest) = rest.split_at_checked(length as usize)?;
        fields.push(Tlv {
            kind: head[0],
            value: value.to_vec(),
        });
        bytes = rest;
    }
    Some(fields)
}

/// Puts TLVs together.
#[must_use]
pub fn write_tlvs(fields: &[Tlv]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in fields {
        bytes.push(field.kind);
        bytes.extend((field.value.len() as u32).to_be_bytes());
        bytes.extend(&field.value);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{Log, read_tlvs, write_tlvs};
    use crate::log_seeds;

    #[test]
    fn what_is_taken_apart_is_put_together_again() {
        let mut counts = [0; 2];
        for (_, log) in log_seeds::minted() {
            if let Some(tlvs) = read_tlvs(&log) {
                assert_eq!(write_tlvs(&tlvs), log);
                counts[0] += 1;
            } else if let Some(parts) = Log::read(&log) {
                assert!(parts.events.len() > 1);
                assert_eq!(parts.write(), log);
                counts[1] += 1;
            }
        }
        assert_eq!(counts, [2, 3]);
    }
}

//! Protocol buffers as a tree, read leniently: what was bent once can be bent
//! again. Written and read apart from the engine.

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub number: u64,
    /// Its tag as it stands there, where it is not the shortest of number and type.
    pub tag: Option<Vec<u8>>,
    /// Its value.
    pub value: Value,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, and as it stands there where it is not the shortest.
    Number(u64, Option<Vec<u8>>),
    /// 8 or 4 bytes.
    Fixed(Vec<u8>),
    /// Bytes, and their size as it stands there where it is another.
    Bytes(Vec<u8>, Option<Vec<u8>>),
    /// A message that is known to be one.
    Message(Vec<Record>),
}

/// Numbers of fields that are messages, and what is known of those.
#[derive(Clone, Copy, Debug)]
pub struct Known(pub &'static [(u64, Known)]);

const PLAIN: Known = Known(&[]);
const SEVERAL: Known = Known(&[(2, PLAIN)]);
const GOLDEN: Known = Known(&[(1, PLAIN), (7, SEVERAL), (8, SEVERAL)]);
/// A launch endorsement.
pub const ENVELOPE: Known = Known(&[(1, GOLDEN)]);

/// Reads a message; none where it has no end, or groups.
#[must_use]
pub fn read(mut bytes: &[u8], known: Known) -> Option<Vec<Record>> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let (tag, stands, rest) = varint(bytes)?;
        let number = tag >> 3;
        let within = known.0.iter().find(|(one, _)| *one == number);
        let (value, rest) = read_value(tag & 7, rest, within.map(|(_, known)| *known))?;
        records.push(Record {
            number,
            tag: stands,
            value,
        });
        bytes = rest;
    }
    Some(records)
}

fn read_value(wire: u64, bytes: &[u8], known: Option<Known>) -> Option<(Value, &[u8])> {
    match wire {
        0 => {
            let (number, stands, rest) = varint(bytes)?;
            Some((Value::Number(number, stands), rest))
        }
        1 | 5 => {
            let (fixed, rest) = bytes.split_at_checked(if wire == 1 { 8 } else { 4 })?;
            Some((Value::Fixed(fixed.to_vec()), rest))
        }
        2 => {
            let (size, stands, rest) = varint(bytes)?;
            let (content, rest) = rest.split_at_checked(usize::try_from(size).ok()?)?;
            let message = known.and_then(|known| read(content, known));
            let value = match message {
                Some(message) if stands.is_none() => Value::Message(message),
                _ => Value::Bytes(content.to_vec(), stands),
            };
            Some((value, rest))
        }
        _ => None,
    }
}

/// A number, how it stands there where that is not the shortest form, and what follows.
type Varint<'a> = (u64, Option<Vec<u8>>, &'a [u8]);

fn varint(bytes: &[u8]) -> Option<Varint<'_>> {
    let length = 1 + bytes.iter().take_while(|byte| **byte >= 0x80).count();
    let (digits, rest) = bytes.split_at_checked(length)?;
    let value = digits.iter().rev().try_fold(0_u64, |sum, byte| {
        let more = sum.checked_mul(128)?;
        Some(more | u64::from(byte & 0x7f))
    })?;
    let stands = (digits != shortest(value)).then(|| digits.to_vec());
    Some((value, stands, rest))
}

/// The shortest form of a number.
#[must_use]
pub fn shortest(mut value: u64) -> Vec<u8> {
    let mut digits = Vec::new();
    while value >= 0x80 {
        digits.push(value as u8 | 0x80);
        value >>= 7;
    }
    digits.push(value as u8);
    digits
}

/// The message as bytes.
#[must_use]
pub fn write(records: &[Record]) -> Vec<u8> {
    records.iter().flat_map(Record::write).collect()
}

impl Record {
    /// A field of a value.
    #[must_use]
    pub const fn of(number: u64, value: Value) -> Self {
        Self {
            number,
            tag: None,
            value,
        }
    }

    /// A number.
    #[must_use]
    pub const fn plain(number: u64, value: u64) -> Self {
        Self::of(number, Value::Number(value, None))
    }

    /// Bytes.
    #[must_use]
    pub fn bytes(number: u64, content: &[u8]) -> Self {
        Self::of(number, Value::Bytes(content.to_vec(), None))
    }

    fn write(&self) -> Vec<u8> {
        let (wire, value) = match &self.value {
            Value::Number(number, stands) => {
                (0, stands.clone().unwrap_or_else(|| shortest(*number)))
            }
            Value::Fixed(fixed) => (if fixed.len() == 8 { 1 } else { 5 }, fixed.clone()),
            Value::Bytes(content, stands) => (2, sized(content, stands.as_ref())),
            Value::Message(records) => (2, sized(&write(records), None)),
        };
        let tag = self.tag.clone();
        let tag = tag.unwrap_or_else(|| shortest(self.number << 3 | wire));
        [tag, value].concat()
    }

    /// Content of bytes or of a message.
    #[must_use]
    pub fn content(&self) -> Option<Vec<u8>> {
        match &self.value {
            Value::Bytes(content, _) => Some(content.clone()),
            Value::Message(records) => Some(write(records)),
            _ => None,
        }
    }
}

fn sized(content: &[u8], stands: Option<&Vec<u8>>) -> Vec<u8> {
    let size = stands.cloned();
    let size = size.unwrap_or_else(|| shortest(content.len() as u64));
    [&size, content].concat()
}

/// The first field of a number.
#[must_use]
pub fn find(records: &[Record], number: u64) -> Option<&Record> {
    records.iter().find(|one| one.number == number)
}

#[cfg(test)]
mod tests {
    use super::{ENVELOPE, Value, read, write};

    #[test]
    fn write_gives_what_read_read() {
        let bytes = [
            0x0a, 6, 0x0a, 2, 8, 1, 0x18, 0x80, 0x12, 0x81, 0, 9, 0x88, 0, 0x96, 1, 0x25, 1, 2, 3,
            4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8,
        ];
        let bytes = [&bytes[..7], &[1], &bytes[8..]].concat();
        let records = read(&bytes, ENVELOPE).unwrap();
        assert_eq!(write(&records), bytes);
        assert!(matches!(&records[0].value, Value::Message(inner) if inner.len() == 2));
        assert_eq!(read(&[0x0b], ENVELOPE), None);
        assert_eq!(read(&[0xff; 11], ENVELOPE), None);
    }
}

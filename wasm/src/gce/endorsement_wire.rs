//! Protocol buffers, read strictly: every number in its shortest form, no
//! field of another type than its own, none twice that may be there once.

/// Most numbers of fields (29 bits; the other 3 are the wire type).
const MAX_TAG: u64 = 0xffff_ffff;

/// What a known field of a message holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// A number.
    Number,
    /// Bytes, text or a message.
    Bytes,
    /// The same, any number of times.
    Repeated,
}

/// A known field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The known fields of a message in their order.
#[derive(Debug)]
pub struct Message<'a>(Vec<(u64, Value<'a>)>);

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], &'static str> {
        let count = usize::try_from(count).ok();
        let split = count.and_then(|count| self.rest.split_at_checked(count));
        let (taken, rest) = split.ok_or("it is cut short")?;
        self.rest = rest;
        Ok(taken)
    }

    fn varint(&mut self) -> Result<u64, &'static str> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?.first().copied().unwrap_or_default();
            if shift == 63 && byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte == 0 && shift > 0 {
                return Err("a number is longer than it must be");
            }
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err("a number has more than 64 bits")
    }

    /// A field's number and value, with no value where it is of no type that is read here.
    fn field(&mut self) -> Result<(u64, Option<Value<'a>>), &'static str> {
        let tag = self.varint()?;
        if !(8..=MAX_TAG).contains(&tag) {
            return Err("the number of a field is out of range");
        }
        let value = match tag & 7 {
            0 => Some(Value::Number(self.varint()?)),
            1 => self.take(8).map(|_| None)?,
            2 => {
                let size = self.varint()?;
                Some(Value::Bytes(self.take(size)?))
            }
            5 => self.take(4).map(|_| None)?,
            _ => return Err("a field is of no type that is used"),
        };
        Ok((tag >> 3, value))
    }
}

impl<'a> Message<'a> {
    /// Reads a message.
    ///
    /// # Arguments
    /// `known` are the types of the fields 1, 2 and so on; others are passed over.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(bytes: &'a [u8], known: &[Wire]) -> Result<Self, &'static str> {
        let mut reader = Reader { rest: bytes };
        let mut fields = Vec::new();
        while !reader.rest.is_empty() {
            let (number, value) = reader.field()?;
            let Some((_, wire)) = (1..).zip(known).find(|(known, _)| *known == number) else {
                continue;
            };
            let value = match (wire, value) {
                (Wire::Number, Some(value @ Value::Number(_)))
                | (Wire::Bytes | Wire::Repeated, Some(value @ Value::Bytes(_))) => value,
                _ => return Err("a field is of another type than its own"),
            };
            if *wire != Wire::Repeated && fields.iter().any(|(known, _)| *known == number) {
                return Err("a field is there twice");
            }
            fields.push((number, value));
        }
        Ok(Self(fields))
    }

    /// A number; zero where it is absent.
    #[must_use]
    pub fn number(&self, field: u64) -> u64 {
        let found = self.0.iter().find(|(number, _)| *number == field);
        match found {
            Some((_, Value::Number(value))) => *value,
            _ => 0,
        }
    }

    /// Bytes; none where the field is absent.
    #[must_use]
    pub fn get(&self, field: u64) -> Option<&'a [u8]> {
        self.all(field).next()
    }

    /// Bytes; empty where the field is absent, which means the same.
    #[must_use]
    pub fn bytes(&self, field: u64) -> &'a [u8] {
        self.get(field).unwrap_or_default()
    }

    /// All values of a repeated field.
    pub fn all(&self, field: u64) -> impl Iterator<Item = &'a [u8]> {
        let found = self.0.iter().filter(move |(number, _)| *number == field);
        found.filter_map(|(_, value)| match value {
            Value::Bytes(bytes) => Some(*bytes),
            Value::Number(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, Wire};

    const KNOWN: [Wire; 3] = [Wire::Number, Wire::Bytes, Wire::Repeated];

    fn reason(bytes: &[u8]) -> &'static str {
        Message::read(bytes, &KNOWN).err().unwrap_or("")
    }

    #[test]
    fn read_takes_fields_in_any_order_and_passes_over_unknown_ones() {
        let bytes = [
            0x1a, 1, 7, 0x08, 0x96, 0x01, 0x1a, 0, 0x20, 1, 0x2a, 1, 0, 0x25, 1, 2, 3, 4, 0x21, 1,
            2, 3, 4, 5, 6, 7, 8, 0x1a, 1, 9,
        ];
        let found = Message::read(&bytes, &KNOWN).unwrap();
        assert_eq!((found.number(1), found.get(2)), (150, None));
        assert_eq!(found.all(3).collect::<Vec<_>>(), [&[7][..], &[], &[9]]);
        let most = [&[8][..], &[0xff; 9], &[1]].concat();
        assert_eq!(Message::read(&most, &KNOWN).unwrap().number(1), u64::MAX);
    }

    #[test]
    fn read_refuses_numbers_that_are_not_shortest_or_too_long() {
        for bytes in [
            &[8, 0x80, 0][..],
            &[0x88, 0, 1],
            &[0x12, 0x80, 0],
            &[0x20, 0x81, 0],
            &[8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0],
        ] {
            assert!(reason(bytes).contains("longer"), "{bytes:?}");
        }
        for last in [&[2][..], &[0x80, 1], &[0x81, 0], &[0x7f]] {
            let bytes = [&[8][..], &[0xff; 9], last].concat();
            assert!(reason(&bytes).contains("64 bits"), "{bytes:?}");
        }
    }

    #[test]
    fn read_refuses_other_types_and_repeated_fields() {
        for bytes in [
            &[0x0a, 0][..],
            &[0x0d, 0, 0, 0, 0],
            &[0x10, 0],
            &[0x18, 0],
            &[0x11, 0, 0, 0, 0, 0, 0, 0, 0],
        ] {
            assert!(reason(bytes).contains("another type"), "{bytes:?}");
        }
        for bytes in [&[8, 0, 8, 0][..], &[0x12, 0, 0x12, 0]] {
            assert!(reason(bytes).contains("twice"), "{bytes:?}");
        }
        for bytes in [&[0x0b, 0x0c][..], &[0x23, 0x24], &[0x26], &[0x27]] {
            assert!(reason(bytes).contains("no type"), "{bytes:?}");
        }
        for bytes in [&[0, 0][..], &[2, 0], &[0x80, 0x80, 0x80, 0x80, 0x10, 0]] {
            assert!(reason(bytes).contains("out of range"), "{bytes:?}");
        }
        assert_eq!(reason(&[0xf8, 0xff, 0xff, 0xff, 0x0f, 0]), "");
    }

    #[test]
    fn read_refuses_what_is_cut_short() {
        for bytes in [
            &[0x08][..],
            &[0x80],
            &[0x12],
            &[0x12, 1],
            &[
                0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,
            ],
            &[0x25, 0, 0, 0],
            &[0x21, 0],
        ] {
            assert!(reason(bytes).contains("cut short"), "{bytes:?}");
        }
    }
}

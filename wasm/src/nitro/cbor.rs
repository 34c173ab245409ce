//! CBOR (RFC 8949) in its one preferred form: definite lengths, shortest
//! heads, no tags, no floats, no repeated keys. What a signature covers must
//! have one reading.

use crate::answer::Refusal;
use crate::nitro::codes::Code;

/// Most arrays and maps inside each other; genuine documents have 2.
const MAX_DEPTH: usize = 8;
/// Most items in all, so that bytes of one each do not become thirty times as
/// many; genuine documents have fewer than 100.
const MAX_ITEMS: usize = 1024;

/// A data item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// Number from zero up.
    Unsigned(u64),
    /// `-1 - n`.
    Negative(u64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a str),
    /// Array.
    Array(Vec<Self>),
    /// Map; its keys differ.
    Map(Vec<(Self, Self)>),
    /// False or true.
    Boolean,
    /// Null.
    Null,
}

struct Reader<'a> {
    rest: &'a [u8],
    /// How many more items there may be.
    left: usize,
}

/// Reads one item that fills its bytes.
///
/// # Errors
/// `nitro.cbor`
pub fn read(bytes: &[u8]) -> Result<Item<'_>, Refusal> {
    let mut reader = Reader {
        rest: bytes,
        left: MAX_ITEMS,
    };
    let item = reader.item(0).and_then(|item| match reader.rest {
        [] => Ok(item),
        _ => Err("bytes follow it"),
    });
    item.map_err(|reason| Refusal::from(Code::Cbor).with("reason", reason))
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], &'static str> {
        let count = usize::try_from(count).ok();
        let split = count.and_then(|count| self.rest.split_at_checked(count));
        let (taken, rest) = split.ok_or("it is cut short")?;
        self.rest = rest;
        Ok(taken)
    }

    /// Bytes of a number, big-endian.
    fn number(&mut self, size: u64) -> Result<u64, &'static str> {
        let bytes = self.take(size)?.iter();
        Ok(bytes.fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// Major type and argument (§3).
    fn head(&mut self) -> Result<(u64, u64), &'static str> {
        let first = self.number(1)?;
        let (major, short) = (first >> 5, first & 31);
        let (size, least) = match short {
            0..=23 => return Ok((major, short)),
            24 => (1, 24),
            25 => (2, 0x100),
            26 => (4, 0x1_0000),
            27 => (8, 0x1_0000_0000),
            _ => return Err("a length is not definite"),
        };
        if major == 7 {
            return Err("a float, or an unknown simple value");
        }
        let value = self.number(size)?;
        if value < least {
            return Err("a head is longer than it must be");
        }
        Ok((major, value))
    }

    fn item(&mut self, depth: usize) -> Result<Item<'a>, &'static str> {
        let left = self.left.checked_sub(1);
        self.left = left.ok_or("it has too many items")?;
        let (major, value) = self.head()?;
        if matches!(major, 4 | 5) {
            return self.items(major == 5, value, depth);
        }
        match (major, value) {
            (0, _) => Ok(Item::Unsigned(value)),
            (1, _) => Ok(Item::Negative(value)),
            (2, _) => self.take(value).map(Item::Bytes),
            (3, _) => {
                let text = core::str::from_utf8(self.take(value)?);
                text.map(Item::Text).map_err(|_| "a text is not UTF-8")
            }
            (6, _) => Err("a tag"),
            (_, 20 | 21) => Ok(Item::Boolean),
            (_, 22) => Ok(Item::Null),
            _ => Err("an unknown simple value"),
        }
    }

    /// Items are read one by one: a count that lies reserves nothing.
    fn items(&mut self, is_map: bool, count: u64, depth: usize) -> Result<Item<'a>, &'static str> {
        if depth >= MAX_DEPTH {
            return Err("it is nested too deeply");
        }
        let (mut items, mut entries, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..count {
            let before = self.rest;
            let item = self.item(depth + 1)?;
            if !is_map {
                items.push(item);
                continue;
            }
            let end = before.len() - self.rest.len();
            let key = before.get(..end).unwrap_or_default();
            keys.push(key);
            entries.push((item, self.item(depth + 1)?));
        }
        // Sorted, since pair by pair many keys would take long.
        keys.sort_unstable();
        if keys.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err("a key is there twice");
        }
        Ok(if is_map {
            Item::Map(entries)
        } else {
            Item::Array(items)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, MAX_DEPTH, read};

    fn reason(bytes: &[u8]) -> String {
        let refusal = read(bytes).unwrap_err();
        assert_eq!(refusal.code(), "nitro.cbor");
        String::from(refusal.field("reason").unwrap())
    }

    #[test]
    fn read_knows_every_kind() {
        let bytes = [
            0x87, 0x17, 0x38, 34, 0x41, 7, 0x61, b'a', 0xa1, 1, 0x80, 0xf6, 0xf5,
        ];
        let expected = Item::Array(vec![
            Item::Unsigned(23),
            Item::Negative(34),
            Item::Bytes(&[7]),
            Item::Text("a"),
            Item::Map(vec![(Item::Unsigned(1), Item::Array(vec![]))]),
            Item::Null,
            Item::Boolean,
        ]);
        assert_eq!(read(&bytes).unwrap(), expected);
        let most = [0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(read(&most).unwrap(), Item::Unsigned(u64::MAX));
    }

    #[test]
    fn read_refuses_lengths_that_are_not_definite() {
        for bytes in [
            &[0x5f, 0x41, 0, 0xff][..],
            &[0x7f, 0xff],
            &[0x9f, 0xff],
            &[0xbf, 0xff],
            &[0xff],
            &[0x1f],
            &[0x1c],
            &[0xdf, 0],
        ] {
            assert!(reason(bytes).contains("definite"), "{bytes:?}");
        }
    }

    #[test]
    fn read_refuses_long_heads() {
        for bytes in [
            &[0x18, 23][..],
            &[0x19, 0, 0xff],
            &[0x1a, 0, 0, 0xff, 0xff],
            &[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
            &[0x38, 0],
            &[0x58, 1, 7],
            &[0x78, 0],
            &[0x98, 0],
            &[0xb9, 0, 1, 1, 1],
        ] {
            assert!(reason(bytes).contains("longer"), "{bytes:?}");
        }
        for bytes in [&[0x18, 24][..], &[0x19, 1, 0], &[0x1a, 0, 1, 0, 0]] {
            assert!(read(bytes).is_ok(), "{bytes:?}");
        }
    }

    #[test]
    fn read_refuses_repeated_keys_of_every_kind() {
        for key in [
            &[1][..],
            &[0x61, b'a'],
            &[0x41, b'a'],
            &[0x81, 0xa0],
            &[0xf6],
        ] {
            let twice = [&[0xa2], key, &[0], key, &[1]].concat();
            assert!(reason(&twice).contains("twice"), "{key:?}");
        }
        assert!(
            read(&[0xa2, 0x61, b'a', 0, 0x41, b'a', 0]).is_ok(),
            "another type"
        );
    }

    #[test]
    fn read_refuses_cuts_and_leftovers() {
        let whole = [0x83, 0x19, 1, 0, 0x42, 1, 2, 0xa1, 0x61, b'a', 0xf6];
        assert!(read(&whole).is_ok());
        for end in 0..whole.len() {
            assert!(reason(&whole[..end]).contains("cut short"), "{end}");
        }
        assert!(reason(&[&whole[..], &[0]].concat()).contains("follow"));
    }

    #[test]
    fn read_refuses_tags_floats_and_other_simple_values() {
        for bytes in [
            &[0xc0, 0][..],
            &[0xd2, 0],
            &[0xd8, 24, 0x40],
            &[0xf9, 0, 0],
            &[0xfa, 0, 0, 0, 0],
            &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
            &[0xf7],
            &[0xe0],
            &[0xf8, 22],
            &[0xf8, 255],
            &[0x62, 0xc3, 0x28],
            &[0x63, 0xed, 0xa0, 0x80],
        ] {
            reason(bytes);
        }
    }

    #[test]
    fn read_refuses_counts_that_lie_at_once() {
        for major in [2, 3, 4, 5] {
            for size in 0..4 {
                let head = [&[major << 5 | (24 + size)][..], &vec![0xff; 1 << size]].concat();
                reason(&head);
            }
        }
    }

    #[test]
    fn read_takes_so_many_items_in_all() {
        let array = |count: u16| {
            let head = [&[0x99][..], &count.to_be_bytes()].concat();
            [head, vec![0x80; usize::from(count)]].concat()
        };
        assert!(read(&array(1023)).is_ok(), "and the array itself");
        assert!(reason(&array(1024)).contains("many"));
        let both = [&[0x82][..], &array(510), &array(511)].concat();
        assert!(read(&both).is_ok());
        let both = [&[0x82][..], &array(511), &array(511)].concat();
        assert!(reason(&both).contains("many"));
    }

    #[test]
    fn read_compares_many_keys() {
        let mut map = vec![0xb9, 0x01, 0xf4];
        let entry = |key: u16| [&[0x19][..], &key.to_be_bytes(), &[0]].concat();
        map.extend((1000..1500).flat_map(entry));
        assert!(read(&map).is_ok());
        let end = map.len() - 4;
        map.splice(end.., entry(1000));
        assert!(reason(&map).contains("twice"));
    }

    #[test]
    fn read_refuses_deep_nesting() {
        for (head, last) in [(&[0x81][..], 0x80), (&[0xa1, 0], 0xa0)] {
            let nested = |levels: usize| [head.repeat(levels - 1), vec![last]].concat();
            assert!(read(&nested(MAX_DEPTH)).is_ok());
            assert!(reason(&nested(MAX_DEPTH + 1)).contains("deeply"));
            reason(&nested(100_000));
        }
    }
}

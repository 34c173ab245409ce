//! CBOR (RFC 8949) as a tree, read leniently: what was bent once can be bent
//! again. Written and read apart from the engine.

/// Deepest nesting that is taken apart.
const MAX_DEPTH: usize = 64;
/// Deepest bytes that are taken apart: a payload stands in an array, perhaps in a tag.
const MAX_INNER: usize = 2;

/// A data item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Major type, 0 to 7.
    pub major: u8,
    /// Argument, where it is none of what the body tells.
    pub value: u64,
    /// Head as it stands there, where it is not the shortest for its body.
    pub head: Option<Vec<u8>>,
    /// What follows the head.
    pub body: Body,
}

/// What follows a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// Bytes or text.
    Bytes(Vec<u8>),
    /// Bytes that are a map again.
    Inner(Box<Item>),
    /// Items; of a map keys and values in turn, of a tag one.
    Items(Vec<Item>),
}

/// Reads an item that fills its bytes.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Item> {
    let (item, rest) = read_one(bytes, 0)?;
    rest.is_empty().then_some(item)
}

/// The shortest head.
#[must_use]
pub fn shortest(major: u8, value: u64) -> Vec<u8> {
    let all = value.to_be_bytes();
    let (info, size) = match value {
        0..24 => (value as u8, 0),
        24..0x100 => (24, 1),
        0x100..0x1_0000 => (25, 2),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 8),
    };
    [&[major << 5 | info], &all[8 - size..]].concat()
}

fn read_one(bytes: &[u8], depth: usize) -> Option<(Item, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (major, info) = (first >> 5, first & 31);
    let size = match info {
        0..=23 => 0,
        24..=27 => 1 << (info - 24),
        _ => return None,
    };
    let (digits, rest) = rest.split_at_checked(size)?;
    let value = digits
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let value = if size == 0 { info.into() } else { value };
    let stands = &bytes[..1 + size];
    let (body, rest) = read_body(major, value, rest, depth)?;
    let item = Item {
        major,
        value,
        head: (stands != shortest(major, value)).then(|| stands.to_vec()),
        body,
    };
    Some((item, rest))
}

fn read_body(major: u8, value: u64, bytes: &[u8], depth: usize) -> Option<(Body, &[u8])> {
    let count = match major {
        2 | 3 => {
            let (content, rest) = bytes.split_at_checked(usize::try_from(value).ok()?)?;
            let is_map = content.first().is_some_and(|first| first >> 5 == 5);
            let may_hold = major == 2 && is_map && depth <= MAX_INNER;
            let inner = may_hold.then(|| read_one(content, depth + 1)).flatten();
            let body = match inner {
                Some((item, [])) => Body::Inner(Box::new(item)),
                _ => Body::Bytes(content.to_vec()),
            };
            return Some((body, rest));
        }
        4 => value,
        5 => value.checked_mul(2)?,
        6 => 1,
        _ => return Some((Body::None, bytes)),
    };
    if depth == MAX_DEPTH {
        return None;
    }
    let (mut items, mut rest) = (Vec::new(), bytes);
    for _ in 0..count {
        let (item, after) = read_one(rest, depth + 1)?;
        items.push(item);
        rest = after;
    }
    Some((Body::Items(items), rest))
}

impl Item {
    /// An item with a head of its own.
    #[must_use]
    pub const fn of(major: u8, body: Body) -> Self {
        Self {
            major,
            value: 0,
            head: None,
            body,
        }
    }

    /// A number or a word.
    #[must_use]
    pub const fn plain(major: u8, value: u64) -> Self {
        Self {
            major,
            value,
            head: None,
            body: Body::None,
        }
    }

    /// Bytes.
    #[must_use]
    pub fn bytes(content: &[u8]) -> Self {
        Self::of(2, Body::Bytes(content.to_vec()))
    }

    /// Text.
    #[must_use]
    pub fn text(content: &str) -> Self {
        Self::of(3, Body::Bytes(content.as_bytes().to_vec()))
    }

    /// The item as bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let content = match &self.body {
            Body::None => Vec::new(),
            Body::Bytes(bytes) => bytes.clone(),
            Body::Inner(item) => item.write(),
            Body::Items(items) => items.iter().flat_map(Self::write).collect(),
        };
        let argument = match &self.body {
            Body::Bytes(_) | Body::Inner(_) => content.len() as u64,
            Body::Items(items) if self.major != 6 => {
                items.len() as u64 / if self.major == 5 { 2 } else { 1 }
            }
            _ => self.value,
        };
        let head = self.head.clone();
        let head = head.unwrap_or_else(|| shortest(self.major, argument));
        [head, content].concat()
    }

    /// Content of bytes or text.
    #[must_use]
    pub fn content(&self) -> Option<Vec<u8>> {
        match &self.body {
            Body::Bytes(bytes) => Some(bytes.clone()),
            Body::Inner(item) => Some(item.write()),
            _ => None,
        }
    }

    /// Items directly within.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.body {
            Body::Items(items) => items,
            _ => &[],
        }
    }

    /// Items directly within, those of bytes that hold a map too.
    pub fn inner(&mut self) -> Vec<&mut Self> {
        match &mut self.body {
            Body::Items(items) => items.iter_mut().collect(),
            Body::Inner(item) => vec![item],
            _ => Vec::new(),
        }
    }

    /// Value of a map by a key that is text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let mut pairs = self.items().chunks_exact(2);
        let is_it =
            |key: &Self| key.major == 3 && key.content().as_deref() == Some(name.as_bytes());
        pairs.find(|pair| is_it(&pair[0])).map(|pair| &pair[1])
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        let Body::Items(items) = &mut self.body else {
            return None;
        };
        let mut pairs = items.chunks_exact_mut(2);
        let is_it =
            |key: &Self| key.major == 3 && key.content().as_deref() == Some(name.as_bytes());
        let pair = pairs.find(|pair| is_it(&pair[0]))?;
        pair.get_mut(1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Item, read};

    #[test]
    fn write_gives_what_read_read() {
        let bytes = [
            0x86, 0x18, 7, 0x42, 0xa1, 1, 0x61, b'a', 0xa1, 0x61, b'b', 0x80, 0xd8, 18, 0xf6, 0xfb,
            1, 2, 3, 4, 5, 6, 7, 8,
        ];
        let item = read(&bytes).unwrap();
        assert_eq!(item.write(), bytes);
        assert_eq!(item.items()[0].head, Some(vec![0x18, 7]));
        assert_eq!(item.items()[3].get("b").unwrap().write(), [0x80]);
        let holds = Item::bytes(&[0xa1, 1, 2]).write();
        assert!(matches!(read(&holds).unwrap().body, Body::Inner(_)));
        assert_eq!(read(&holds).unwrap().write(), holds);
        for cut in 0..bytes.len() {
            assert_eq!(read(&bytes[..cut]), None);
        }
        assert_eq!(read(&[0x81; 100_000]), None);
        assert_eq!(read(&[0x5f, 0xff]), None);
    }
}

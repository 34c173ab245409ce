//! Elements of DER (X.690 §8.1) taken one by one, for structures that are read
//! in one place only. Tags have one byte, lengths as few as possible.

/// Why bytes are no elements, for a person.
pub type Reason = &'static str;

/// `BOOLEAN`
pub const BOOLEAN: u8 = 0x01;
/// `INTEGER`
pub const INTEGER: u8 = 0x02;
/// `OCTET STRING`
pub const OCTET_STRING: u8 = 0x04;
/// `NULL`
pub const NULL: u8 = 0x05;
/// `OBJECT IDENTIFIER`
pub const OBJECT_IDENTIFIER: u8 = 0x06;
/// `UTF8String`
pub const UTF8_STRING: u8 = 0x0c;
/// `SEQUENCE`
pub const SEQUENCE: u8 = 0x30;
/// `SET`
pub const SET: u8 = 0x31;
/// `[0]`, constructed; `[1]` follows it, and so on.
pub const CONTEXT: u8 = 0xa0;

/// Bit of a tag: the element consists of elements.
pub const CONSTRUCTED: u8 = 0x20;
/// Bits of a tag that are all set where it has more bytes.
const LONG_TAG: u8 = 0x1f;
/// Length that says: up to the end mark (§8.1.3.6). Not DER.
const INDEFINITE: u8 = 0x80;

/// Tag and length of an element.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Tag.
    pub tag: u8,
    /// Length of its content; none where it is indefinite.
    pub length: Option<usize>,
    /// What follows.
    pub rest: &'a [u8],
}

/// An element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// Tag.
    pub tag: u8,
    /// Content.
    pub content: &'a [u8],
    /// The same with tag and length.
    pub whole: &'a [u8],
}

/// Elements that were not taken yet.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a>(&'a [u8]);

impl<'a> Head<'a> {
    /// Reads tag and length.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Reason> {
        let [tag, first, rest @ ..] = bytes else {
            return Err("an element is cut short");
        };
        let tag = *tag;
        if tag == 0 || tag & LONG_TAG == LONG_TAG {
            return Err("a tag is none that is known here");
        }
        let (length, rest) = match *first {
            INDEFINITE => (None, rest),
            short @ 0..INDEFINITE => (Some(usize::from(short)), rest),
            more => {
                let (length, rest) = long_length(usize::from(more & !INDEFINITE), rest)?;
                (Some(length), rest)
            }
        };
        Ok(Self { tag, length, rest })
    }
}

/// §10.1: as few bytes as possible; three say more than any file here has.
fn long_length(count: usize, bytes: &[u8]) -> Result<(usize, &[u8]), Reason> {
    let wrong = "a length is not the shortest, or too large";
    let (digits, rest) = bytes.split_at_checked(count).ok_or(wrong)?;
    let least = match digits {
        [_] => INDEFINITE,
        [_, _] | [_, _, _] => 1,
        _ => return Err(wrong),
    };
    if digits.first().is_none_or(|first| *first < least) {
        return Err(wrong);
    }
    let length = digits
        .iter()
        .fold(0, |sum, digit| sum << 8 | usize::from(*digit));
    Ok((length, rest))
}

impl<'a> Elements<'a> {
    /// Elements that stand one after the other.
    #[must_use]
    pub const fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether none is left.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the next element.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn take(&mut self) -> Result<Element<'a>, Reason> {
        let head = Head::read(self.0)?;
        let length = head.length.ok_or("a length is indefinite")?;
        let split = head.rest.split_at_checked(length);
        let (content, rest) = split.ok_or("an element is cut short")?;
        let whole = self.0.get(..self.0.len().saturating_sub(rest.len()));
        self.0 = rest;
        Ok(Element {
            tag: head.tag,
            content,
            whole: whole.unwrap_or_default(),
        })
    }

    /// Takes the content of the next element, where its tag is this one.
    ///
    /// # Errors
    /// Says what is wrong with the element.
    pub fn may(&mut self, tag: u8) -> Result<Option<&'a [u8]>, Reason> {
        if self.0.first() != Some(&tag) {
            return Ok(None);
        }
        self.take().map(|element| Some(element.content))
    }

    /// Takes the content of the next element, whose tag must be this one.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn need(&mut self, tag: u8) -> Result<&'a [u8], Reason> {
        self.may(tag)?
            .ok_or("an element is missing, or of another type")
    }

    /// Takes the next element, whose tag must be this one, and the elements in it.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn open(&mut self, tag: u8) -> Result<Self, Reason> {
        self.need(tag).map(Self)
    }

    /// Refuses elements that were not taken.
    ///
    /// # Errors
    /// That there is one.
    pub fn finish(&self) -> Result<(), Reason> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err("something stands where nothing may")
    }
}

/// The one element that bytes are, by its tag, and the elements in it.
///
/// # Errors
/// Says what is wrong.
pub fn only(bytes: &[u8], tag: u8) -> Result<Elements<'_>, Reason> {
    let mut all = Elements::of(bytes);
    let found = all.open(tag)?;
    all.finish()?;
    Ok(found)
}

/// Whether the content of an `INTEGER` has as few bytes as possible (§8.3.2).
#[must_use]
pub const fn is_minimal(content: &[u8]) -> bool {
    match content {
        [] | [0, 0..0x80, ..] | [0xff, 0x80..=0xff, ..] => false,
        [..] => true,
    }
}

/// The number that the content of an `INTEGER` is, where it is from 0 to 2^63 - 1.
///
/// # Errors
/// Says what is wrong.
pub fn number(content: &[u8]) -> Result<u64, Reason> {
    let is_negative = content.first().is_none_or(|first| first & 0x80 != 0);
    if is_negative || !is_minimal(content) || content.len() > 8 {
        return Err("a number is none from 0 to 2^63 - 1, or not the shortest");
    }
    Ok(content
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// Writes an element.
///
/// # Errors
/// Where it is longer than any file here.
pub fn write(tag: u8, content: &[u8], to: &mut Vec<u8>) -> Result<(), Reason> {
    let length = u16::try_from(content.len()).map_err(|_| "an element is too long")?;
    to.push(tag);
    match length.to_be_bytes() {
        [0, short @ 0..INDEFINITE] => to.push(short),
        [0, long] => to.extend([0x81, long]),
        [high, low] => to.extend([0x82, high, low]),
    }
    to.extend_from_slice(content);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{CONTEXT, Elements, INTEGER, OCTET_STRING, SEQUENCE, number, only, write};

    #[test]
    fn elements_are_taken_in_their_order() {
        let mut elements = only(&[0x30, 7, 2, 1, 5, 0xa0, 2, 5, 0], SEQUENCE).unwrap();
        assert_eq!(elements.may(OCTET_STRING), Ok(None));
        assert_eq!(elements.need(INTEGER), Ok(&[5][..]));
        assert!(elements.finish().is_err());
        let last = elements.take().unwrap();
        assert_eq!((last.tag, last.content), (CONTEXT, &[5, 0][..]));
        assert_eq!(last.whole, [0xa0, 2, 5, 0]);
        assert!(elements.is_empty() && elements.finish().is_ok());
        assert!(elements.take().is_err());
    }

    #[test]
    fn elements_have_one_encoding() {
        let refused: [&[u8]; 13] = [
            &[],
            &[4],
            &[4, 1],
            &[4, 0x80, 0, 0],
            &[4, 0x81, 1, 0],
            &[4, 0x81, 0x7f],
            &[4, 0x82, 0, 0x80],
            &[4, 0x84, 0, 0, 0, 1, 0],
            &[4, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[4, 0xff],
            &[4, 0x83, 0xff, 0xff, 0xff],
            &[0, 0],
            &[0x1f, 1, 0],
        ];
        for bytes in refused {
            assert!(Elements::of(bytes).take().is_err(), "{bytes:?}");
        }
        assert!(only(&[0x30, 0, 0x30, 0], SEQUENCE).is_err());
    }

    #[test]
    fn write_is_read_again_at_every_length() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff] {
            let mut bytes = Vec::new();
            write(OCTET_STRING, &vec![7; length], &mut bytes).unwrap();
            let element = Elements::of(&bytes).take().unwrap();
            assert_eq!(element.content.len(), length);
            assert_eq!(element.whole, bytes);
        }
        assert!(write(OCTET_STRING, &[0; 0x1_0000], &mut Vec::new()).is_err());
    }

    #[test]
    fn number_is_minimal_and_not_negative() {
        assert_eq!(number(&[0]), Ok(0));
        assert_eq!(number(&[0, 0x80]), Ok(128));
        let most = [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(number(&most), Ok((1 << 63) - 1));
        let refused: [&[u8]; 5] = [
            &[],
            &[0, 1],
            &[0x80],
            &[0, 0],
            &[0, 0x80, 0, 0, 0, 0, 0, 0, 0],
        ];
        for content in refused {
            assert!(number(content).is_err(), "{content:?}");
        }
    }
}

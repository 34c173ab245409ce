//! DER (X.690 §8.1, §10) read so strictly that an element has one encoding:
//! identifiers of known types, lengths in as few bytes as possible, nothing
//! left over. Nothing is read unless it is asked for, so nesting costs no stack.

/// Why bytes are no elements, for a person.
pub type Reason = &'static str;

/// `BOOLEAN`
pub const BOOLEAN: u8 = 0x01;
/// `INTEGER`
pub const INTEGER: u8 = 0x02;
/// `BIT STRING`
pub const BIT_STRING: u8 = 0x03;
/// `OCTET STRING`
pub const OCTET_STRING: u8 = 0x04;
/// `NULL`
pub const NULL: u8 = 0x05;
/// `OBJECT IDENTIFIER`
pub const OBJECT_IDENTIFIER: u8 = 0x06;
/// `UTF8String`
pub const UTF8_STRING: u8 = 0x0c;
/// `PrintableString`
pub const PRINTABLE_STRING: u8 = 0x13;
/// `IA5String`
pub const IA5_STRING: u8 = 0x16;
/// `UTCTime`
pub const UTC_TIME: u8 = 0x17;
/// `GeneralizedTime`
pub const GENERALIZED_TIME: u8 = 0x18;
/// `SEQUENCE`
pub const SEQUENCE: u8 = 0x30;
/// `SET`
pub const SET: u8 = 0x31;
/// `[0]`, primitive; `[1]` follows it, and so on.
pub const CONTEXT_PRIMITIVE: u8 = 0x80;
/// `[0]`, constructed; `[1]` follows it, and so on.
pub const CONTEXT: u8 = 0xa0;

/// First identifier beyond the universal types.
const OTHER_CLASS: u8 = 0x40;
/// Bits of an identifier that are all set where its number has bytes of its own.
const LONG_NUMBER: u8 = 0x1f;
/// Length that says: up to the end mark (§8.1.3.6). Not DER.
const INDEFINITE: u8 = 0x80;

const CUT_SHORT: Reason = "an element is cut short";
const UNKNOWN_TYPE: Reason = "an element is of no type that is known here";
const WRONG_LENGTH: Reason = "a length is not the shortest, or too large";

/// An element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// First byte of the identifier. No type here has a number above 30, so it tells them apart.
    pub tag: u8,
    /// Content.
    pub content: &'a [u8],
    /// The same with identifier and length.
    pub whole: &'a [u8],
}

/// Elements that were not taken yet.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a>(&'a [u8]);

/// Whether an identifier is one of the universal types that certificates have.
/// DER leaves strings in one piece, so no other one is constructed (§10.2).
const fn is_universal(tag: u8) -> bool {
    matches!(
        tag,
        0x01..=0x06 | 0x09 | 0x0a | 0x0c | 0x0d | 0x12..=0x18 | 0x1a | 0x1b | 0x1e | SEQUENCE | SET
    )
}

/// First byte of an identifier (§8.1.2), and what follows the whole of it.
fn identifier(bytes: &[u8]) -> Result<(u8, &[u8]), Reason> {
    let (tag, rest) = bytes.split_first().ok_or(CUT_SHORT)?;
    match *tag {
        tag @ 0..OTHER_CLASS if is_universal(tag) => Ok((tag, rest)),
        0..OTHER_CLASS => Err(UNKNOWN_TYPE),
        tag if tag & LONG_NUMBER == LONG_NUMBER => Ok((tag, after_number(rest)?)),
        tag => Ok((tag, rest)),
    }
}

/// §8.1.2.4: bytes of seven bits, the first of them not zero, for numbers from 31 on; here up to 32 bits.
fn after_number(bytes: &[u8]) -> Result<&[u8], Reason> {
    let mut number: u32 = 0;
    let mut left = bytes;
    loop {
        let (byte, rest) = left.split_first().ok_or(CUT_SHORT)?;
        number = number.checked_mul(0x80).ok_or(UNKNOWN_TYPE)? | u32::from(byte & 0x7f);
        let is_last = byte & 0x80 == 0;
        if number == 0 || is_last && number < u32::from(LONG_NUMBER) {
            return Err(UNKNOWN_TYPE);
        }
        if is_last {
            return Ok(rest);
        }
        left = rest;
    }
}

/// Reads a length; none where it is indefinite. Gives what follows it too.
///
/// # Errors
/// Says what is wrong.
pub fn length(bytes: &[u8]) -> Result<(Option<usize>, &[u8]), Reason> {
    let (first, rest) = bytes.split_first().ok_or(CUT_SHORT)?;
    match *first {
        INDEFINITE => Ok((None, rest)),
        short @ 0..INDEFINITE => Ok((Some(usize::from(short)), rest)),
        more => {
            let (length, rest) = long_length(usize::from(more & !INDEFINITE), rest)?;
            Ok((Some(length), rest))
        }
    }
}

/// §10.1: as few bytes as possible; three say more than any file here has.
fn long_length(count: usize, bytes: &[u8]) -> Result<(usize, &[u8]), Reason> {
    let (digits, rest) = bytes.split_at_checked(count).ok_or(WRONG_LENGTH)?;
    let least = match digits {
        [_] => INDEFINITE,
        [_, _] | [_, _, _] => 1,
        _ => return Err(WRONG_LENGTH),
    };
    if digits.first().is_none_or(|first| *first < least) {
        return Err(WRONG_LENGTH);
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

    /// Tag of the next element.
    ///
    /// # Errors
    /// Where there is none, or it is of no type that is known here.
    pub fn peek(&self) -> Result<u8, Reason> {
        identifier(self.0).map(|(tag, _)| tag)
    }

    /// Takes the next element.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn take(&mut self) -> Result<Element<'a>, Reason> {
        let (tag, rest) = identifier(self.0)?;
        let (length, rest) = length(rest)?;
        let length = length.ok_or("a length is indefinite")?;
        let (content, rest) = rest.split_at_checked(length).ok_or(CUT_SHORT)?;
        let size = self.0.len().saturating_sub(rest.len());
        let whole = self.0.get(..size).ok_or(CUT_SHORT)?;
        self.0 = rest;
        Ok(Element {
            tag,
            content,
            whole,
        })
    }

    /// Takes the next element, where its tag is this one.
    ///
    /// # Errors
    /// Says what is wrong with the element.
    pub fn may_take(&mut self, tag: u8) -> Result<Option<Element<'a>>, Reason> {
        if self.0.first() != Some(&tag) {
            return Ok(None);
        }
        self.take().map(Some)
    }

    /// Takes the next element, whose tag must be this one.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn need_take(&mut self, tag: u8) -> Result<Element<'a>, Reason> {
        self.may_take(tag)?
            .ok_or("an element is missing, or of another type")
    }

    /// Takes the content of the next element, where its tag is this one.
    ///
    /// # Errors
    /// Says what is wrong with the element.
    pub fn may(&mut self, tag: u8) -> Result<Option<&'a [u8]>, Reason> {
        let found = self.may_take(tag)?;
        Ok(found.map(|element| element.content))
    }

    /// Takes the content of the next element, whose tag must be this one.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn need(&mut self, tag: u8) -> Result<&'a [u8], Reason> {
        self.need_take(tag).map(|element| element.content)
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

/// Content of the one element that bytes are, by its tag.
///
/// # Errors
/// Says what is wrong.
pub fn content(bytes: &[u8], tag: u8) -> Result<&[u8], Reason> {
    let mut all = Elements::of(bytes);
    let found = all.need(tag)?;
    all.finish()?;
    Ok(found)
}

/// The one element that bytes are, by its tag, and the elements in it.
///
/// # Errors
/// Says what is wrong.
pub fn only(bytes: &[u8], tag: u8) -> Result<Elements<'_>, Reason> {
    content(bytes, tag).map(Elements::of)
}

/// Writes an element.
///
/// # Errors
/// Where it is longer than any that is written here.
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
    use super::{CONTEXT, Elements, INTEGER, OCTET_STRING, SEQUENCE, only, write};

    #[test]
    fn elements_are_taken_in_their_order() {
        let mut elements = only(&[0x30, 7, 2, 1, 5, 0xa0, 2, 5, 0], SEQUENCE).unwrap();
        assert_eq!(elements.may(OCTET_STRING), Ok(None));
        assert_eq!(elements.need(INTEGER), Ok(&[5][..]));
        assert!(elements.finish().is_err());
        assert_eq!(elements.peek(), Ok(CONTEXT));
        let last = elements.take().unwrap();
        assert_eq!((last.tag, last.content), (CONTEXT, &[5, 0][..]));
        assert_eq!(last.whole, [0xa0, 2, 5, 0]);
        assert!(elements.is_empty() && elements.finish().is_ok());
        assert!(elements.take().is_err() && elements.peek().is_err());
    }

    #[test]
    fn elements_have_one_encoding() {
        let refused: [&[u8]; 11] = [
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
        ];
        for bytes in refused {
            assert!(Elements::of(bytes).take().is_err(), "{bytes:?}");
        }
        assert!(only(&[0x30, 0, 0x30, 0], SEQUENCE).is_err());
    }

    /// Table 1 of X.680 §8.4, but for types that no certificate has, and for
    /// strings and times in pieces.
    #[test]
    fn elements_are_of_known_types() {
        let known = [
            1, 2, 3, 4, 5, 6, 9, 10, 12, 13, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x1a, 0x1b,
            0x1e, 0x30, 0x31,
        ];
        for tag in 0..=0xff {
            let is_short = tag >= 0x40 && tag & 0x1f != 0x1f;
            let bytes = [tag, 0];
            let taken = Elements::of(&bytes).take();
            assert_eq!(taken.is_ok(), known.contains(&tag) || is_short, "{tag:02x}");
            assert_eq!(taken.is_ok(), Elements::of(&bytes).peek().is_ok());
        }
    }

    #[test]
    fn elements_of_long_numbers_have_one_encoding() {
        let taken: [&[u8]; 4] = [
            &[0xbf, 31, 0],
            &[0x9f, 0x81, 0, 0],
            &[0x5f, 0x7f, 1, 9],
            &[0xdf, 0x8f, 0xff, 0xff, 0xff, 0x7f, 0],
        ];
        for bytes in taken {
            let element = Elements::of(bytes).take().unwrap();
            assert_eq!((element.tag, element.whole), (bytes[0], bytes));
        }
        let refused: [&[u8]; 7] = [
            &[0xbf],
            &[0xbf, 0x81],
            &[0xbf, 0, 0],
            &[0xbf, 30, 0],
            &[0xbf, 0x80, 31, 0],
            &[0xbf, 0x90, 0x80, 0x80, 0x80, 0, 0],
            &[0x1f, 31, 0],
        ];
        for bytes in refused {
            assert!(Elements::of(bytes).take().is_err(), "{bytes:02x?}");
        }
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
}

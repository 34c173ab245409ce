//! Contents of DER's simple types (X.690 §8 and §11), each of which has one encoding.

use crate::x509::tlv::{IA5_STRING, PRINTABLE_STRING, Reason, UTF8_STRING};

/// A `BIT STRING`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits<'a> {
    /// Its bytes; unused bits of the last one are as they stand.
    pub bytes: &'a [u8],
    /// How many bits of the last byte do not count, 0 to 7.
    pub unused: u8,
}

/// A `BOOLEAN`: one byte stands for true (§11.1).
///
/// # Errors
/// Where it is neither true nor false.
pub const fn boolean(content: &[u8]) -> Result<bool, Reason> {
    match content {
        [0] => Ok(false),
        [0xff] => Ok(true),
        _ => Err("a flag is neither true nor false"),
    }
}

/// A `BOOLEAN DEFAULT FALSE`, which is left out where it is false (§11.5).
///
/// # Errors
/// Where it is written out, or no `BOOLEAN`.
pub fn flag(content: Option<&[u8]>) -> Result<bool, Reason> {
    match content.map(boolean).transpose()? {
        Some(false) => Err("a default is written out"),
        found => Ok(found.is_some()),
    }
}

/// An `INTEGER` as it stands, two's complement, in as few bytes as possible (§8.3.2).
///
/// # Errors
/// Where there are more, or none.
pub const fn integer(content: &[u8]) -> Result<&[u8], Reason> {
    match content {
        [] | [0, 0..0x80, ..] | [0xff, 0x80..=0xff, ..] => Err("a number is not the shortest"),
        [..] => Ok(content),
    }
}

/// An `INTEGER` from zero up, big-endian, without the byte that only says its sign.
///
/// # Errors
/// Where it is negative or not the shortest.
pub fn unsigned(content: &[u8]) -> Result<&[u8], Reason> {
    match integer(content)? {
        [0x80..=0xff, ..] => Err("a number is negative"),
        [0, number @ ..] if !number.is_empty() => Ok(number),
        number => Ok(number),
    }
}

/// An `INTEGER` from 0 to 2^63 - 1.
///
/// # Errors
/// Where it is another or not the shortest.
pub fn number(content: &[u8]) -> Result<u64, Reason> {
    let digits = unsigned(content)?;
    if content.len() > 8 {
        return Err("a number is larger than 2^63 - 1");
    }
    Ok(digits
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// An `INTEGER` from 0 to 255.
///
/// # Errors
/// Where it is another or not the shortest.
pub fn byte(content: &[u8]) -> Result<u8, Reason> {
    match unsigned(content)? {
        [number] => Ok(*number),
        _ => Err("a number is larger than 255"),
    }
}

/// A `BIT STRING` (§8.6.2). Whether unused bits are zero (§11.2.1) is asked
/// where bits are read; signatures and keys have none.
///
/// # Errors
/// Where the number of unused bits cannot be.
pub const fn bits(content: &[u8]) -> Result<Bits<'_>, Reason> {
    match content {
        [unused @ 1..=7, bytes @ ..] if !bytes.is_empty() => Ok(Bits {
            bytes,
            unused: *unused,
        }),
        [0, bytes @ ..] => Ok(Bits { bytes, unused: 0 }),
        _ => Err("a bit string says an impossible number of unused bits"),
    }
}

/// Bytes of a `BIT STRING`; none where it does not end with a byte, so that
/// no signature and no key is in it.
///
/// # Errors
/// Those of [`bits`].
pub fn whole_bytes(content: &[u8]) -> Result<&[u8], Reason> {
    let found = bits(content)?;
    Ok(if found.unused == 0 { found.bytes } else { &[] })
}

/// An `IA5String`, which is ASCII (X.680 §41).
///
/// # Errors
/// Where it has other characters.
pub fn ia5(content: &[u8]) -> Result<&str, Reason> {
    let text = core::str::from_utf8(content).ok();
    text.filter(|text| text.is_ascii())
        .ok_or("a text is not ASCII")
}

/// Text of an element of one of the three types that names are written in today
/// (RFC 5280 §4.1.2.4; `IA5String` for domain components); none where it is of
/// another type, or has characters that its type has not.
#[must_use]
pub fn text(tag: u8, content: &[u8]) -> Option<&str> {
    match tag {
        UTF8_STRING => core::str::from_utf8(content).ok(),
        PRINTABLE_STRING if !content.iter().all(is_printable) => None,
        PRINTABLE_STRING | IA5_STRING => ia5(content).ok(),
        _ => None,
    }
}

/// X.680 §41.4.
fn is_printable(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(byte)
}

#[cfg(test)]
mod tests {
    use super::{Bits, bits, boolean, byte, flag, ia5, integer, number, text, unsigned};
    use super::{is_printable, whole_bytes};

    #[test]
    fn boolean_has_one_truth() {
        assert_eq!(boolean(&[0]), Ok(false));
        assert_eq!(boolean(&[0xff]), Ok(true));
        let refused: [&[u8]; 4] = [&[], &[1], &[0xfe], &[0xff, 0xff]];
        for content in refused {
            assert!(boolean(content).is_err(), "{content:?}");
        }
    }

    #[test]
    fn flag_is_absent_where_it_is_false() {
        assert_eq!(flag(None), Ok(false));
        assert_eq!(flag(Some(&[0xff])), Ok(true));
        assert!(flag(Some(&[0])).is_err() && flag(Some(&[1])).is_err());
    }

    #[test]
    fn integer_has_as_few_bytes_as_possible() {
        let taken: [&[u8]; 6] = [&[0], &[0x7f], &[0, 0x80], &[0x80], &[0xff], &[0xff, 0x7f]];
        for content in taken {
            assert_eq!(integer(content), Ok(content));
        }
        let refused: [&[u8]; 4] = [&[], &[0, 0], &[0, 0x7f], &[0xff, 0x80]];
        for content in refused {
            assert!(integer(content).is_err(), "{content:?}");
        }
    }

    #[test]
    fn unsigned_is_without_its_sign() {
        assert_eq!(unsigned(&[0]), Ok(&[0][..]));
        assert_eq!(unsigned(&[0, 0x80]), Ok(&[0x80][..]));
        assert_eq!(unsigned(&[1, 0]), Ok(&[1, 0][..]));
        for content in [&[0x80][..], &[0xff], &[0, 1], &[]] {
            assert!(unsigned(content).is_err(), "{content:?}");
        }
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

    #[test]
    fn byte_ends_at_255() {
        assert_eq!(byte(&[0]), Ok(0));
        assert_eq!(byte(&[0, 0xff]), Ok(255));
        for content in [&[1, 0][..], &[0xff], &[0, 1], &[]] {
            assert!(byte(content).is_err(), "{content:?}");
        }
    }

    #[test]
    fn bits_end_in_their_last_byte() {
        let bytes = [0x80].as_slice();
        assert_eq!(bits(&[7, 0x80]), Ok(Bits { bytes, unused: 7 }));
        assert_eq!(whole_bytes(&[7, 0x80]), Ok(&[][..]));
        assert_eq!(whole_bytes(&[0, 0x80]), Ok(bytes));
        assert_eq!(whole_bytes(&[0]), Ok(&[][..]));
        for content in [&[][..], &[1], &[7], &[8, 0], &[0xff, 0]] {
            assert!(bits(content).is_err(), "{content:?}");
        }
    }

    #[test]
    fn text_has_the_characters_of_its_type() {
        assert_eq!(text(0x0c, "é".as_bytes()), Some("é"));
        assert_eq!(text(0x0c, &[0xff]), None);
        assert_eq!(
            text(0x13, b"A (b) '1' +,-./:=?"),
            Some("A (b) '1' +,-./:=?")
        );
        for content in [&b"a@b"[..], b"a*", b"a&b", b"a\n", &[0x80]] {
            assert_eq!(text(0x13, content), None);
        }
        assert_eq!(text(0x16, b"a@b\n"), Some("a@b\n"));
        assert_eq!(text(0x16, "é".as_bytes()), None);
        assert_eq!(text(0x14, b"a"), None);
        assert!(ia5(b"\x7f").is_ok() && ia5(b"\x80").is_err());
        assert_eq!((0..=0xff).filter(is_printable).count(), 74);
    }
}

//! BER whose lengths are indefinite, as makers write it that do not know a
//! length beforehand (X.690 §8.1.3.6, §8.7.3), in the form of DER. Everything
//! else must have this form already.

use crate::x509::tlv::{self, Elements, OCTET_STRING, Reason};

/// Deepest nesting; a signed message with certificates has 12.
const MAX_DEPTH: usize = 16;
/// End of an element of indefinite length.
const END: [u8; 2] = [0, 0];
/// Bit of a tag: the element consists of elements.
const CONSTRUCTED: u8 = 0x20;
/// Bits of a tag that are all set where it has more bytes; nothing here has one.
const LONG_TAG: u8 = 0x1f;

/// Tag and length of an element.
#[derive(Clone, Copy, Debug)]
struct Head<'a> {
    tag: u8,
    /// None where it is indefinite.
    length: Option<usize>,
    /// What follows.
    rest: &'a [u8],
}

impl<'a> Head<'a> {
    /// Unlike in DER, a string may be constructed; what is in the message is read strictly afterwards.
    fn read(bytes: &'a [u8]) -> Result<Self, Reason> {
        let (tag, rest) = bytes.split_first().ok_or("an element is cut short")?;
        let tag = *tag;
        if tag == 0 || tag & LONG_TAG == LONG_TAG {
            return Err("a tag is none that is known here");
        }
        let (length, rest) = tlv::length(rest)?;
        Ok(Self { tag, length, rest })
    }
}

/// Writes the one element that bytes are with definite lengths, and each OCTET
/// STRING in one piece.
///
/// # Errors
/// Says for a person what is wrong.
pub fn definite(bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let mut written = Vec::new();
    let rest = element(bytes, MAX_DEPTH, &mut written)?;
    if rest.is_empty() {
        return Ok(written);
    }
    Err("something follows the end")
}

/// Writes the element at the start; gives what follows it.
fn element<'a>(bytes: &'a [u8], depth: usize, to: &mut Vec<u8>) -> Result<&'a [u8], Reason> {
    let head = Head::read(bytes)?;
    if head.tag & CONSTRUCTED == 0 {
        let (content, rest) = split(&head)?;
        tlv::write(head.tag, content, to)?;
        return Ok(rest);
    }
    let depth = depth.checked_sub(1).ok_or("it is nested too deep")?;
    let mut content = Vec::new();
    let rest = match head.length {
        None => until_end(head.rest, depth, &mut content)?,
        Some(_) => {
            let (mut inner, rest) = split(&head)?;
            while !inner.is_empty() {
                inner = element(inner, depth, &mut content)?;
            }
            rest
        }
    };
    if head.tag == OCTET_STRING | CONSTRUCTED {
        tlv::write(OCTET_STRING, &join(&content)?, to)?;
    } else {
        tlv::write(head.tag, &content, to)?;
    }
    Ok(rest)
}

fn split<'a>(head: &Head<'a>) -> Result<(&'a [u8], &'a [u8]), Reason> {
    let length = head.length.ok_or("a length is indefinite")?;
    let split = head.rest.split_at_checked(length);
    split.ok_or("an element is cut short")
}

fn until_end<'a>(bytes: &'a [u8], depth: usize, to: &mut Vec<u8>) -> Result<&'a [u8], Reason> {
    let mut rest = bytes;
    loop {
        if let Some(after) = rest.strip_prefix(&END) {
            return Ok(after);
        }
        rest = element(rest, depth, to)?;
    }
}

/// Pieces of an OCTET STRING, each in one piece already.
fn join(pieces: &[u8]) -> Result<Vec<u8>, Reason> {
    let mut pieces = Elements::of(pieces);
    let mut joined = Vec::new();
    while !pieces.is_empty() {
        joined.extend_from_slice(pieces.need(OCTET_STRING)?);
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::definite;

    #[test]
    fn definite_leaves_der_as_it_is() {
        let der = [0x30, 8, 2, 1, 5, 0xa0, 3, 4, 1, 9];
        assert_eq!(definite(&der), Ok(der.to_vec()));
    }

    #[test]
    fn definite_writes_lengths_and_joins_pieces() {
        let ber = [
            0x30, 0x80, 2, 1, 5, 0xa0, 0x80, 0x24, 0x80, 4, 1, 9, 0x24, 4, 4, 2, 8, 7, 0, 0, 0, 0,
            0, 0,
        ];
        let der = [0x30, 10, 2, 1, 5, 0xa0, 5, 4, 3, 9, 8, 7];
        assert_eq!(definite(&ber), Ok(der.to_vec()));
        assert_eq!(definite(&[0x24, 0x80, 0, 0]), Ok(vec![4, 0]));
    }

    #[test]
    fn definite_refuses_everything_else() {
        let refused: [&[u8]; 13] = [
            &[],
            &[0x30, 2, 0x1f, 0],
            &[0xbf, 31, 0],
            &[4, 0x80, 1, 0, 0],
            &[0x30, 0x80],
            &[0x30, 0x80, 0],
            &[0x30, 0x80, 0, 1, 0, 0, 0],
            &[0x30, 2, 0, 0],
            &[0x30, 3, 2, 1],
            &[0x24, 3, 2, 1, 5],
            &[0x30, 0x81, 3, 2, 1, 5],
            &[0x30, 0, 0],
            &[0x30, 2, 0x30, 0x80, 0, 0],
        ];
        for bytes in refused {
            assert!(definite(bytes).is_err(), "{bytes:02x?}");
        }
    }

    #[test]
    fn definite_nests_sixteen_deep_at_most() {
        let nested = |depth: usize| [vec![[0x30, 0x80]; depth], vec![[0, 0]; depth]].concat();
        assert!(definite(&nested(16).concat()).is_ok());
        assert!(definite(&nested(17).concat()).is_err());
        assert!(definite(&nested(8000).concat()).is_err());
    }
}

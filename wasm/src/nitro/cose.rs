//! The signed message around a document: `COSE_Sign1` of RFC 9052 §4.2, with
//! ECDSA of P-384 and SHA-384 (RFC 9053 §2.1) and nothing else in its headers.

use crate::answer::Refusal;
use crate::nitro::cbor::{self, Item};
use crate::nitro::codes::Code;

/// First byte of a message with its tag, 18, which AWS leaves out.
const TAG: u8 = 0xd2;
/// Label of the algorithm (RFC 9052 §3.1).
const ALGORITHM: Item<'_> = Item::Unsigned(1);
/// ES384: -35.
const ES384: Item<'_> = Item::Negative(34);
/// Array of four and "Signature1" (RFC 9052 §4.4).
const CONTEXT: &[u8] = b"\x84\x6aSignature1";

/// A message; nothing was verified.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    protected: &'a [u8],
    /// What is signed.
    pub payload: &'a [u8],
    /// R and S, as long as each other.
    pub signature: &'a [u8; 96],
}

fn refuse(reason: &'static str) -> Refusal {
    Refusal::from(Code::Cose).with("reason", reason)
}

impl<'a> Message<'a> {
    /// Reads a message.
    ///
    /// # Errors
    /// `nitro.cbor`, `nitro.cose`, `nitro.algorithm`
    pub fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let bytes = bytes.strip_prefix(&[TAG]).unwrap_or(bytes);
        let Item::Array(items) = cbor::read(bytes)? else {
            return Err(refuse("it is no array"));
        };
        let [protected, unprotected, payload, signature] = items.as_slice() else {
            return Err(refuse("it has not four parts"));
        };
        let Item::Bytes(protected) = *protected else {
            return Err(refuse("its protected header is not bytes"));
        };
        check_header(protected)?;
        if *unprotected != Item::Map(Vec::new()) {
            return Err(refuse("its unprotected header is not an empty map"));
        }
        let Item::Bytes(payload) = *payload else {
            return Err(refuse("its payload is not bytes"));
        };
        let signature = match *signature {
            Item::Bytes(signature) => signature.try_into().ok(),
            _ => None,
        };
        Ok(Self {
            protected,
            payload,
            signature: signature.ok_or_else(|| refuse("its signature is not 96 bytes"))?,
        })
    }

    /// The bytes that the signature covers (§4.4), with no external data.
    #[must_use]
    pub fn signed(&self) -> Vec<u8> {
        let mut bytes = CONTEXT.to_vec();
        for part in [self.protected, &[], self.payload] {
            bytes.extend(head(part.len()));
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

/// Exactly the algorithm: a header that is not understood could change what the signature means.
fn check_header(header: &[u8]) -> Result<(), Refusal> {
    let entries = match cbor::read(header) {
        Ok(Item::Map(entries)) => entries,
        _ => Vec::new(),
    };
    match entries.as_slice() {
        [(ALGORITHM, ES384)] => Ok(()),
        [(ALGORITHM, _)] => Err(Refusal::from(Code::Algorithm)),
        _ => Err(refuse("its protected header is not the algorithm alone")),
    }
}

/// Head of bytes with a length; a document's are at most 32 KiB.
fn head(length: usize) -> Vec<u8> {
    let [.., high, low] = length.to_be_bytes();
    match length {
        0..24 => vec![0x40 | low],
        24..0x100 => vec![0x58, low],
        _ => vec![0x59, high, low],
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, head};
    use crate::nitro::cbor::{self, Item};

    const HEADER: [u8; 4] = [0xa1, 1, 0x38, 34];

    /// A message of its four encoded parts.
    fn message(parts: [&[u8]; 4]) -> Vec<u8> {
        [&[0x84], parts.concat().as_slice()].concat()
    }

    fn bytes(content: &[u8]) -> Vec<u8> {
        [head(content.len()), content.to_vec()].concat()
    }

    fn code(whole: &[u8]) -> &'static str {
        Message::read(whole)
            .err()
            .map_or("", |refusal| refusal.code())
    }

    fn code_of(header: &[u8]) -> &'static str {
        code(&message([
            &bytes(header),
            &[0xa0],
            &[0x40],
            &bytes(&[7; 96]),
        ]))
    }

    #[test]
    fn read_takes_a_message_with_its_tag_and_without() {
        let bare = message([&bytes(&HEADER), &[0xa0], &[0x41, 9], &bytes(&[7; 96])]);
        for whole in [bare.clone(), [&[0xd2], bare.as_slice()].concat()] {
            let found = Message::read(&whole).unwrap();
            assert_eq!((found.payload, found.signature), (&[9][..], &[7; 96]));
            let signed = b"\x84\x6aSignature1\x44\xa1\x01\x38\x22\x40\x41\x09";
            assert_eq!(found.signed(), signed);
        }
        for prefix in [&[0xd2, 0xd2][..], &[0xd8, 18], &[0xd1], &[0xd8, 61, 0xd2]] {
            assert_eq!(code(&[prefix, &bare].concat()), "nitro.cbor", "{prefix:?}");
        }
    }

    #[test]
    fn nitro_algorithm_of_others_and_nitro_cose_of_other_headers() {
        assert_eq!(code_of(&HEADER), "");
        for header in [
            &[0xa1, 1, 0x26][..],
            &[0xa1, 1, 0x38, 35],
            &[0xa1, 1, 0x18, 34],
            &[0xa1, 1, 0],
            &[0xa1, 1, 0x65, b'E', b'S', b'3', b'8', b'4'],
        ] {
            assert_eq!(code_of(header), "nitro.algorithm", "{header:?}");
        }
        for header in [
            &[0xa0][..],
            &[0x38, 34],
            &[0xa1, 2, 0x38, 34],
            &[0xa1, 0x20, 0x38, 34],
            &[],
            &[0xa2, 1, 0x38, 34, 1, 0x38, 34],
            &[0xa1, 1, 0x38, 34, 0],
            &[0xa1, 0x18, 1, 0x38, 34],
            &[0xa2, 1, 0x38, 34, 4, 0x40],
            &[0x82, 1, 0x38, 34],
        ] {
            assert_eq!(code_of(header), "nitro.cose", "{header:?}");
        }
    }

    #[test]
    fn nitro_cose_of_other_parts() {
        let (header, signature) = (bytes(&HEADER), bytes(&[7; 96]));
        let parts: [&[u8]; 4] = [&header, &[0xa0], &[0x40], &signature];
        let swap = |index: usize, part: &[u8]| {
            let mut parts = parts;
            parts[index] = part;
            code(&message(parts))
        };
        for (index, part) in [
            (0, &HEADER[..]),
            (1, &[0xa1, 4, 0x40]),
            (1, &[0x40]),
            (1, &[0x80]),
            (2, &[0xf6]),
            (2, &[0x60]),
            (2, &[0xa0]),
            (3, &[0x40]),
            (3, &[0xf6]),
            (3, &bytes(&[7; 95])),
            (3, &bytes(&[7; 97])),
        ] {
            assert_eq!(swap(index, part), "nitro.cose", "part {index}: {part:?}");
        }
        for whole in [
            &[0x80][..],
            &[0xa0],
            &[0x40],
            &[0x83, 0x40, 0xa0, 0x40],
            &[0],
        ] {
            assert_eq!(code(whole), "nitro.cose", "{whole:?}");
        }
    }

    #[test]
    fn head_is_what_the_reader_takes() {
        for length in [0, 1, 23, 24, 255, 256, 32_768] {
            let whole = [head(length), vec![7; length]].concat();
            let Item::Bytes(content) = cbor::read(&whole).unwrap() else {
                panic!("bytes")
            };
            assert_eq!(content.len(), length);
        }
    }
}

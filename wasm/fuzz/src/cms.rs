//! Signed messages of identity documents (RFC 5652), read and written apart
//! from the engine: their file, and what in them is signed.

use crate::certificate::{content, element, elements};
use crate::der;
use crate::pem::{self, Item};
use base64ct::{Base64, Encoding};

/// Deepest nesting of constructed elements.
const MAX_DEPTH: usize = 16;
/// Most signed attributes.
const MAX_ATTRIBUTES: usize = 16;
/// Characters in a line of base64.
const LINE: usize = 64;

const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const CONTENT_TYPE: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
/// Identifier of the attribute with the document's hash.
pub const MESSAGE_DIGEST: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
const SHA256: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";
const RSA: [&[u8]; 2] = [
    b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",
    b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b",
];

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Form {
    Binary,
    Pem,
    Base64,
}

/// A signature over a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Issuer and serial number of the signer's certificate, DER.
    pub signer: [Vec<u8>; 2],
    /// Signed attributes as they are signed, and the hash that they name.
    pub attributes: Option<(Vec<u8>, Vec<u8>)>,
    /// Signature.
    pub signature: Vec<u8>,
}

/// The message in a file; none where there is none. PEM is read leniently.
#[must_use]
pub fn read(file: &[u8]) -> Option<(Form, Vec<u8>)> {
    if file.first() == Some(&0x30) {
        return Some((Form::Binary, file.to_vec()));
    }
    let text = core::str::from_utf8(file).ok()?.trim_ascii();
    if text.starts_with("-----BEGIN ") {
        let [item] = pem::items(text.as_bytes())?.try_into().ok()?;
        return Some((Form::Pem, item.der));
    }
    let lines = text.split('\n');
    let joined: String = lines
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .collect();
    Some((Form::Base64, Base64::decode_vec(&joined).ok()?))
}

/// A file of a form.
#[must_use]
pub fn write(form: Form, message: &[u8]) -> Vec<u8> {
    match form {
        Form::Binary => message.to_vec(),
        Form::Pem => pem::file(&[Item {
            label: Some("PKCS7".to_owned()),
            der: message.to_vec(),
        }]),
        Form::Base64 => {
            let text = Base64::encode_string(message);
            let lines = text.as_bytes().chunks(LINE);
            lines.collect::<Vec<_>>().join(&b'\n')
        }
    }
}

/// BER as DER: lengths are definite, OCTET STRINGs in one piece; none for all
/// else that DER would not have.
#[must_use]
pub fn definite(bytes: &[u8]) -> Option<Vec<u8>> {
    let (der, rest) = definite_one(bytes, 0)?;
    rest.is_empty().then_some(der)
}

fn definite_one(bytes: &[u8], depth: usize) -> Option<(Vec<u8>, &[u8])> {
    let (tag, after) = bytes.split_first()?;
    let is_constructed = tag & 0x20 != 0;
    let depth = depth + usize::from(is_constructed);
    if *tag == 0 || tag & 0x1f == 0x1f || depth > MAX_DEPTH {
        return None;
    }
    let (parts, rest) = match after.split_first()? {
        (0x80, inner) if is_constructed => until_end(inner, depth)?,
        _ => {
            let (start, end) = der::measure(bytes)?;
            let is_shortest = bytes[1..start] == der::canonical(end - start);
            let inner = bytes.get(start..end).filter(|_| is_shortest)?;
            let parts = if is_constructed {
                all_of(inner, depth)?
            } else {
                vec![inner.to_vec()]
            };
            (parts, &bytes[end..])
        }
    };
    if *tag != 0x24 {
        return Some((element(*tag, &parts.concat()), rest));
    }
    let pieces = parts
        .iter()
        .map(|part| content(part).filter(|_| part[0] == 4));
    let pieces: Vec<&[u8]> = pieces.collect::<Option<_>>()?;
    Some((element(4, &pieces.concat()), rest))
}

fn until_end(mut bytes: &[u8], depth: usize) -> Option<(Vec<Vec<u8>>, &[u8])> {
    let mut parts = Vec::new();
    loop {
        if let Some(rest) = bytes.strip_prefix(&[0, 0]) {
            return Some((parts, rest));
        }
        let (part, rest) = definite_one(bytes, depth)?;
        parts.push(part);
        bytes = rest;
    }
}

fn all_of(mut bytes: &[u8], depth: usize) -> Option<Vec<Vec<u8>>> {
    let mut parts = Vec::new();
    while !bytes.is_empty() {
        let (part, rest) = definite_one(bytes, depth)?;
        parts.push(part);
        bytes = rest;
    }
    Some(parts)
}

/// The parts of an element of a tag.
fn within(element: &[u8], tag: u8) -> Option<Vec<&[u8]>> {
    elements(content(element).filter(|_| element[0] == tag)?)
}

/// A signed message about a document, in definite form; none where it is not
/// made as RFC 5652 and AWS have it.
#[must_use]
pub fn message(der: &[u8], document: &[u8]) -> Option<Message> {
    let outer = within(der, 0x30)?;
    let [kind, wrapped] = outer.as_slice() else {
        return None;
    };
    let [data] = within(wrapped, 0xa0)?.try_into().ok()?;
    let data = within(data, 0x30)?;
    let [version, digests, about, middle @ .., signers] = data.as_slice() else {
        return None;
    };
    let [digest] = within(digests, 0x31)?.try_into().ok()?;
    let [signer] = within(signers, 0x31)?.try_into().ok()?;
    let tags: Vec<u8> = middle.iter().map(|one| one[0]).collect();
    let is_known = *kind == SIGNED_DATA
        && *version == [2, 1, 1]
        && is_algorithm(digest, &[SHA256])
        && is_about(about, document)
        && matches!(tags.as_slice(), [] | [0xa0] | [0xa1] | [0xa0, 0xa1]);
    is_known.then(|| read_signer(signer)).flatten()
}

fn is_algorithm(element: &[u8], known: &[&[u8]]) -> bool {
    match within(element, 0x30).as_deref() {
        Some([id]) | Some([id, [5, 0]]) => known.contains(id),
        _ => false,
    }
}

fn is_about(element: &[u8], document: &[u8]) -> bool {
    let parts = within(element, 0x30).unwrap_or_default();
    match parts.as_slice() {
        [kind] => *kind == DATA,
        [kind, content] => {
            let expected = crate::certificate::element(4, document);
            *kind == DATA && *content == crate::certificate::element(0xa0, &expected)
        }
        _ => false,
    }
}

fn read_signer(element: &[u8]) -> Option<Message> {
    let parts = within(element, 0x30)?;
    let [version, name, digest, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let (attributes, rest) = match rest {
        [first, rest @ ..] if first[0] == 0xa0 => (Some(read_attributes(first)?), rest),
        _ => (None, rest),
    };
    let (way, signature) = match rest {
        [way, signature] => (way, signature),
        [way, signature, more] if more[0] == 0xa1 => (way, signature),
        _ => return None,
    };
    let [issuer, serial] = within(name, 0x30)?.try_into().ok()?;
    let is_minimal = !matches!(
        content(serial)?,
        [] | [0, 0..0x80, ..] | [0xff, 0x80..=0xff, ..]
    );
    let is_known = *version == [2, 1, 1]
        && (issuer[0], serial[0], signature[0]) == (0x30, 2, 4)
        && is_minimal
        && is_algorithm(digest, &[SHA256])
        && is_algorithm(way, &RSA);
    is_known.then(|| Message {
        signer: [issuer, serial].map(<[u8]>::to_vec),
        attributes,
        signature: content(signature).unwrap_or_default().to_vec(),
    })
}

/// The SET of attributes, and the hash in them.
fn read_attributes(element: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let all = within(element, 0xa0)?;
    let read = all.iter().map(|one| {
        let [id, values] = within(one, 0x30)?.try_into().ok()?;
        let is_known = id[0] == 6 && is_identifier(content(id)?) && values[0] == 0x31;
        is_known.then_some((id, values))
    });
    let read: Vec<_> = read.collect::<Option<_>>()?;
    let mut ids: Vec<&[u8]> = read.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let is_sorted = all.is_sorted() && ids.len() == all.len() && all.len() <= MAX_ATTRIBUTES;
    let value = |wanted: &[u8]| {
        let (_, values) = read.iter().find(|(id, _)| *id == wanted)?;
        let [value] = within(values, 0x31)?.try_into().ok()?;
        Some(value)
    };
    let digest = value(MESSAGE_DIGEST).filter(|digest| digest[0] == 4)?;
    let is_data = value(CONTENT_TYPE)? == DATA;
    let signed = crate::certificate::element(0x31, content(element)?);
    (is_sorted && is_data).then(|| (signed, content(digest).unwrap_or_default().to_vec()))
}

/// X.690 §8.19.2.
fn is_identifier(arcs: &[u8]) -> bool {
    let starts = [&[0], arcs].concat();
    let is_padded = starts
        .windows(2)
        .any(|pair| pair[0] < 0x80 && pair[1] == 0x80);
    arcs.last().is_some_and(|last| *last < 0x80) && !is_padded
}

#[cfg(test)]
mod tests {
    use super::{Form, definite, is_identifier, read, write};

    #[test]
    fn definite_is_der_of_ber() {
        let ber = [
            0x30, 0x80, 2, 1, 5, 0xa0, 0x80, 0x24, 0x80, 4, 1, 9, 0x24, 4, 4, 2, 8, 7, 0, 0, 0, 0,
            0, 0,
        ];
        let der = vec![0x30, 10, 2, 1, 5, 0xa0, 5, 4, 3, 9, 8, 7];
        assert_eq!(definite(&ber), Some(der));
        for bytes in [
            &[4, 0x80, 0, 0][..],
            &[0x30, 2, 0, 0],
            &[0x30, 0x81, 0],
            &[0x1f, 1, 0],
        ] {
            assert_eq!(definite(bytes), None);
        }
    }

    #[test]
    fn write_is_read_in_every_form() {
        let message: Vec<u8> = (0x30..=0xff).collect();
        for form in [Form::Binary, Form::Pem, Form::Base64] {
            assert_eq!(read(&write(form, &message)), Some((form, message.clone())));
        }
    }

    #[test]
    fn is_identifier_takes_shortest_arcs() {
        assert!(is_identifier(&[0x2a, 0x86, 0x48]));
        for arcs in [&[][..], &[0x80, 1], &[0x2a, 0x80, 1], &[0x2a, 0x86]] {
            assert!(!is_identifier(arcs));
        }
    }
}

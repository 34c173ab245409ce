//! The few parts of certificates and lists that judging an accepted input needs.
//! Written anew, so that a mistake of the engine's reader is not made twice.

use crate::der;
use sha2::{Digest, Sha256};

/// A signed structure of X.509: a certificate or a revocation list.
#[derive(Clone, Debug)]
pub struct Signed<'a> {
    /// What is signed, with its header.
    pub content: &'a [u8],
    /// Its elements, each with its header.
    pub fields: Vec<&'a [u8]>,
    /// Bits of the signature.
    pub signature: &'a [u8],
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lowercase hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Elements, each with its header.
#[must_use]
pub fn elements(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let (_, end) = der::measure(bytes)?;
        let (one, rest) = bytes.split_at(end);
        all.push(one);
        bytes = rest;
    }
    Some(all)
}

/// An element of a tag and a content.
#[must_use]
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag][..], &der::canonical(content.len()), content].concat()
}

/// Content of an element.
#[must_use]
pub fn content(element: &[u8]) -> Option<&[u8]> {
    let (start, end) = der::measure(element)?;
    element.get(start..end)
}

impl<'a> Signed<'a> {
    /// Reads one; none where it could be written differently outside of what is
    /// signed: another length, another algorithm, unused bits, leftovers.
    #[must_use]
    pub fn read(der: &'a [u8]) -> Option<Self> {
        let [_, algorithm, signature] = elements(content(der)?)?.try_into().ok()?;
        let read = Self::read_unsigned(der)?;
        let is_whole = content(signature)?.first() == Some(&0);
        (is_whole && read.fields.contains(&algorithm)).then_some(read)
    }

    /// Reads one whose signature is of no interest.
    #[must_use]
    pub fn read_unsigned(der: &'a [u8]) -> Option<Self> {
        let [signed, algorithm, signature] = elements(content(der)?)?.try_into().ok()?;
        let whole = [signed, algorithm, signature].concat();
        let again = [&[0x30][..], &der::canonical(whole.len()), &whole].concat();
        let fields = elements(content(signed)?)?;
        let (_, bits) = content(signature)?.split_first()?;
        (again == der && signature[0] == 3).then_some(Self {
            content: signed,
            fields,
            signature: bits,
        })
    }

    /// Place of the first field behind the version.
    fn start(&self) -> usize {
        usize::from(self.fields.first().is_some_and(|first| first[0] == 0xa0))
    }

    /// `SubjectPublicKeyInfo` of a certificate.
    #[must_use]
    pub fn key(&self) -> &'a [u8] {
        self.fields
            .get(self.start() + 5)
            .copied()
            .unwrap_or_default()
    }

    /// The sequences, with their headers: algorithm, issuer; of a certificate also validity, subject, key.
    #[must_use]
    pub fn sequences(&self) -> Vec<&'a [u8]> {
        let all = self.fields.iter().copied();
        all.filter(|field| field[0] == 0x30).collect()
    }

    /// Issuer, with its header.
    #[must_use]
    pub fn issuer(&self) -> &'a [u8] {
        self.sequences().get(1).copied().unwrap_or_default()
    }

    /// Subject of a certificate, with its header.
    #[must_use]
    pub fn subject(&self) -> &'a [u8] {
        self.fields
            .get(self.start() + 4)
            .copied()
            .unwrap_or_default()
    }

    /// Serial number of a certificate, with its header.
    #[must_use]
    pub fn serial(&self) -> &'a [u8] {
        self.fields.get(self.start()).copied().unwrap_or_default()
    }

    /// Serial numbers that a list revokes. They stand behind one or two times.
    #[must_use]
    pub fn revoked(&self) -> Vec<&'a [u8]> {
        let is_time = |field: &&&[u8]| matches!(field[0], 0x17 | 0x18);
        let times = self.fields.iter().filter(is_time).count();
        let lists = self.fields.iter().skip(3 + times);
        let entries = lists
            .filter(|field| field[0] == 0x30)
            .filter_map(|field| content(field));
        let entries = entries.filter_map(elements).flatten();
        entries
            .filter_map(|entry| elements(content(entry)?)?.first().copied())
            .collect()
    }

    /// Value of an extension, by the content of its identifier.
    #[must_use]
    pub fn extension(&self, id: &[u8]) -> Option<&'a [u8]> {
        let mut all = self.extensions().into_iter();
        all.find(|(known, ..)| *known == id)
            .map(|(_, _, value)| value)
    }

    /// Extensions: content of the identifier, whether it is critical, value.
    #[must_use]
    pub fn extensions(&self) -> Vec<(&'a [u8], bool, &'a [u8])> {
        let is_last = |field: &&&[u8]| matches!(field[0], 0xa0 | 0xa3);
        let last = self.fields.iter().skip(1).rfind(is_last);
        let listed = last.and_then(|last| elements(content(content(last)?)?));
        let listed = listed.unwrap_or_default().into_iter();
        let parts = listed.filter_map(|one| elements(content(one)?));
        let read = |parts: Vec<&'a [u8]>| {
            let [id, .., value] = parts.as_slice() else {
                return None;
            };
            Some((content(id)?, parts.len() == 3, content(value)?))
        };
        parts.filter_map(read).collect()
    }
}

//! The form of Intel's extension: a list of items, each an identifier and a
//! value, of which some are lists again. Every item has one place and one
//! encoding; one that is unknown could be one more part of the TCB, which would
//! then go unchecked.

use crate::x509::strict;
use der::asn1::{AnyRef, ObjectIdentifier, OctetString};
use der::{Reader, SliceReader, Tag};

/// Most items of one list; the longest has 18.
const MAX_ITEMS: usize = 32;

struct Item<'a> {
    id: ObjectIdentifier,
    /// DER, with tag and length.
    value: &'a [u8],
}

/// Items that were not taken yet.
pub struct Items<'a> {
    parent: ObjectIdentifier,
    left: Vec<Item<'a>>,
}

impl<'a> Items<'a> {
    /// Reads a list.
    ///
    /// # Arguments
    /// `parent` is its identifier; those of its items have one number more.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(der: &'a [u8], parent: ObjectIdentifier) -> Result<Self, String> {
        let left = read_items(der).map_err(|error| wrong(parent, &error.to_string()))?;
        if left.len() > MAX_ITEMS {
            return Err(wrong(parent, "it has too many items"));
        }
        Ok(Self { parent, left })
    }

    /// Takes the item with the last number of its identifier; where it stands
    /// twice, the second is left.
    fn take(&mut self, arc: u32) -> Result<(ObjectIdentifier, Option<&'a [u8]>), String> {
        let id = self.parent.push_arc(arc);
        let id = id.map_err(|error| error.to_string())?;
        let index = self.left.iter().position(|item| item.id == id);
        Ok((id, index.map(|index| self.left.remove(index).value)))
    }

    /// Takes an item that may be missing.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn may<T>(
        &mut self,
        arc: u32,
        read: fn(&'a [u8]) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        let (id, value) = self.take(arc)?;
        let read = |value| read(value).map_err(|reason| wrong(id, &reason));
        value.map(read).transpose()
    }

    /// Takes an item that must be there.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn need<T>(
        &mut self,
        arc: u32,
        read: fn(&'a [u8]) -> Result<T, String>,
    ) -> Result<T, String> {
        let value = self.may(arc, read)?;
        value.ok_or_else(|| format!("item {}.{arc}: it is missing", self.parent))
    }

    /// Takes an item that is a list and must be there.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn list(&mut self, arc: u32) -> Result<Self, String> {
        let (id, value) = self.take(arc)?;
        Self::read(value.ok_or_else(|| wrong(id, "it is missing"))?, id)
    }

    /// Refuses items that were not taken: unknown, repeated, or out of place.
    ///
    /// # Errors
    /// Says which.
    pub fn finish(&self) -> Result<(), String> {
        match self.left.first() {
            None => Ok(()),
            Some(item) => Err(wrong(item.id, "it is there twice, or has no place here")),
        }
    }
}

fn wrong(id: ObjectIdentifier, reason: &str) -> String {
    format!("item {id}: {reason}")
}

fn read_items(der: &[u8]) -> der::Result<Vec<Item<'_>>> {
    let mut reader = SliceReader::new(contents(der)?)?;
    let mut items = Vec::new();
    while !reader.is_finished() {
        let mut item = SliceReader::new(contents(reader.tlv_bytes()?)?)?;
        let id = item.decode()?;
        let value = item.tlv_bytes()?;
        item.finish()?;
        items.push(Item { id, value });
    }
    Ok(items)
}

/// Content of a SEQUENCE.
fn contents(der: &[u8]) -> der::Result<&[u8]> {
    let any = AnyRef::try_from(der)?;
    any.header().tag().assert_eq(Tag::Sequence)?;
    Ok(any.value())
}

/// An OCTET STRING of a fixed length.
///
/// # Errors
/// Says for a person what is wrong.
pub fn octets<const N: usize>(der: &[u8]) -> Result<[u8; N], String> {
    let octets: OctetString = strict::decode(der)?;
    let bytes = octets.as_bytes();
    bytes
        .try_into()
        .map_err(|_| format!("it has {} bytes, not {N}", bytes.len()))
}

/// An ENUMERATED of one byte.
///
/// # Errors
/// Says for a person what is wrong.
pub fn enumerated(der: &[u8]) -> Result<u8, String> {
    match der {
        [0x0a, 1, number @ 0..=0x7f] => Ok(*number),
        _ => Err(String::from("it is not an ENUMERATED of one byte")),
    }
}

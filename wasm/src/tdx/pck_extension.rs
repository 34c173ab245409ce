//! The form of Intel's extension: a list of items, each an identifier and a
//! value, of which some are lists again. Every item has one place and one
//! encoding; one that is unknown could be one more part of the TCB, which would
//! then go unchecked.

use crate::x509::tlv::{
    self, BOOLEAN, Elements, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reason, SEQUENCE,
};
use crate::x509::{oid, value};

/// Most items of one list; the longest has 18.
const MAX_ITEMS: usize = 32;

struct Item<'a> {
    id: &'a [u8],
    /// DER, with tag and length.
    value: &'a [u8],
}

/// Items that were not taken yet.
pub struct Items<'a> {
    parent: Vec<u8>,
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
    pub fn read(der: &'a [u8], parent: Vec<u8>) -> Result<Self, String> {
        let left = read_items(der).map_err(|reason| wrong(&parent, reason))?;
        if left.len() > MAX_ITEMS {
            return Err(wrong(&parent, "it has too many items"));
        }
        Ok(Self { parent, left })
    }

    /// Takes the item with the last number of its identifier; where it stands
    /// twice, the second is left.
    ///
    /// # Arguments
    /// `arc` is that number, below 128, and so one byte.
    fn take(&mut self, arc: u8) -> (Vec<u8>, Option<&'a [u8]>) {
        let id = [self.parent.as_slice(), &[arc]].concat();
        let index = self.left.iter().position(|item| item.id == id);
        (id, index.map(|index| self.left.remove(index).value))
    }

    /// Takes an item that may be missing.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn may<T>(
        &mut self,
        arc: u8,
        read: fn(&'a [u8]) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        let (id, value) = self.take(arc);
        let read = |value| read(value).map_err(|reason| wrong(&id, &reason));
        value.map(read).transpose()
    }

    /// Takes an item that must be there.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn need<T>(
        &mut self,
        arc: u8,
        read: fn(&'a [u8]) -> Result<T, String>,
    ) -> Result<T, String> {
        let value = self.may(arc, read)?;
        value.ok_or_else(|| format!("item {}.{arc}: it is missing", oid::text(&self.parent)))
    }

    /// Takes an item that is a list and must be there.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn list(&mut self, arc: u8) -> Result<Self, String> {
        let (id, value) = self.take(arc);
        Self::read(value.ok_or_else(|| wrong(&id, "it is missing"))?, id)
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

fn wrong(id: &[u8], reason: &str) -> String {
    format!("item {}: {reason}", oid::text(id))
}

fn read_items(der: &[u8]) -> Result<Vec<Item<'_>>, Reason> {
    let mut left = tlv::only(der, SEQUENCE)?;
    let mut items = Vec::new();
    while !left.is_empty() {
        items.push(read_item(left.open(SEQUENCE)?)?);
    }
    Ok(items)
}

fn read_item(mut fields: Elements<'_>) -> Result<Item<'_>, Reason> {
    let item = Item {
        id: oid::short(fields.need(OBJECT_IDENTIFIER)?)?,
        value: fields.take()?.whole,
    };
    fields.finish()?;
    Ok(item)
}

/// An OCTET STRING of a fixed length.
///
/// # Errors
/// Says for a person what is wrong.
pub fn octets<const N: usize>(der: &[u8]) -> Result<[u8; N], String> {
    let bytes = tlv::content(der, OCTET_STRING)?;
    bytes
        .try_into()
        .map_err(|_| format!("it has {} bytes, not {N}", bytes.len()))
}

/// An INTEGER from 0 to 255.
///
/// # Errors
/// Says for a person what is wrong.
pub fn byte(der: &[u8]) -> Result<u8, String> {
    Ok(value::byte(tlv::content(der, INTEGER)?)?)
}

/// An INTEGER from 0 to 65535.
///
/// # Errors
/// Says for a person what is wrong.
pub fn word(der: &[u8]) -> Result<u16, String> {
    let number = value::number(tlv::content(der, INTEGER)?)?;
    u16::try_from(number).map_err(|_| format!("{number} is larger than 65535"))
}

/// A BOOLEAN.
///
/// # Errors
/// Says for a person what is wrong.
pub fn flag(der: &[u8]) -> Result<bool, String> {
    Ok(value::boolean(tlv::content(der, BOOLEAN)?)?)
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

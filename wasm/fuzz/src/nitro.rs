//! Nitro documents in their parts: what signing them again and judging need of
//! them. Read leniently, apart from the engine.

use crate::cbor::{self, Body, Item};

/// First byte of a message with its tag.
pub const TAG: u8 = 0xd2;

/// A document: `COSE_Sign1` (RFC 9052 §4.2) of four items.
#[derive(Clone, Debug)]
pub struct Document {
    /// The message, with its tag where it has one.
    pub whole: Item,
}

impl Document {
    /// Takes a document apart.
    #[must_use]
    pub fn read(file: &[u8]) -> Option<Self> {
        let document = Self {
            whole: cbor::read(file)?,
        };
        (document.parts().len() == 4).then_some(document)
    }

    fn message(&self) -> &Item {
        match (self.whole.major, self.whole.items()) {
            (6, [message]) => message,
            _ => &self.whole,
        }
    }

    /// Header, unprotected header, payload, signature.
    #[must_use]
    pub fn parts(&self) -> &[Item] {
        match self.message() {
            message if message.major == 4 => message.items(),
            _ => &[],
        }
    }

    /// A part, to change it.
    pub fn part(&mut self, index: usize) -> Option<&mut Item> {
        let mut message = &mut self.whole;
        if message.major == 6 {
            message = message.inner().into_iter().next()?;
        }
        match &mut message.body {
            Body::Items(items) => items.get_mut(index),
            _ => None,
        }
    }

    /// The payload, where it is a map.
    #[must_use]
    pub fn payload(&self) -> Option<&Item> {
        match &self.parts()[2].body {
            Body::Inner(payload) => Some(payload),
            _ => None,
        }
    }

    /// The payload, to change it.
    pub fn payload_mut(&mut self) -> Option<&mut Item> {
        match &mut self.part(2)?.body {
            Body::Inner(payload) => Some(payload),
            _ => None,
        }
    }

    /// Certificates: the document's own, then those above it, the root first.
    #[must_use]
    pub fn certificates(&self) -> Vec<Vec<u8>> {
        let Some(payload) = self.payload() else {
            return Vec::new();
        };
        let own = payload.get("certificate").into_iter();
        let above = payload.get("cabundle").map_or(&[][..], Item::items);
        own.chain(above).filter_map(Item::content).collect()
    }

    /// What the signature is over (RFC 9052 §4.4).
    #[must_use]
    pub fn signed(&self) -> Option<Vec<u8>> {
        let [protected, _, payload, _] = self.parts() else {
            return None;
        };
        let parts = vec![
            Item::text("Signature1"),
            Item::bytes(&protected.content()?),
            Item::bytes(&[]),
            Item::bytes(&payload.content()?),
        ];
        Some(Item::of(4, Body::Items(parts)).write())
    }

    /// R and S.
    #[must_use]
    pub fn signature(&self) -> Option<Vec<u8>> {
        self.parts().get(3)?.content()
    }
}

//! Intel's extension of a PCK certificate, item by item.

use crate::part::{extension, oid, sequence, tlv};
use crate::x509::structure::Extension;

const ID: &str = "1.2.840.113741.1.13.1";

/// Last number of an item's identifier, and the DER of its value.
pub type Item = (u32, Vec<u8>);

/// Items of the extension. Those of 2 and 7 are lists of their own.
#[derive(Clone)]
pub struct Platform {
    pub items: Vec<Item>,
    pub tcb: Vec<Item>,
    pub configuration: Vec<Item>,
    /// Added to the DER of the whole.
    pub end: Vec<u8>,
    /// Whether the extension is there.
    pub is_there: bool,
}

impl Platform {
    pub fn new() -> Self {
        let mut tcb: Vec<Item> = (1..=16).map(|arc| (arc, number(9))).collect();
        tcb.push((17, number(13)));
        tcb.push((18, tlv(4, &[9; 16])));
        Self {
            items: vec![
                (1, tlv(4, &[0x99; 16])),
                (2, vec![]),
                (3, tlv(4, &[0x0A, 0x0B])),
                (4, tlv(4, &[0, 0x90, 0x6E, 0xD5, 0, 0])),
                (5, vec![0x0A, 1, 1]),
                (6, tlv(4, &[0x66; 16])),
                (7, vec![]),
            ],
            tcb,
            configuration: (1..=3).map(|arc| (arc, vec![1, 1, 0xFF])).collect(),
            end: vec![],
            is_there: true,
        }
    }

    /// What the Processor CA certifies.
    pub fn of_processor() -> Self {
        let mut platform = Self::new();
        platform.items.truncate(5);
        platform
    }

    /// Puts another value into an item.
    pub fn set(&mut self, arc: u32, value: &[u8]) {
        set(&mut self.items, arc, value);
    }

    /// Puts another value into an item of the TCB.
    pub fn set_tcb(&mut self, arc: u32, value: &[u8]) {
        set(&mut self.tcb, arc, value);
    }

    /// The extension.
    pub fn extension(&self) -> Option<Extension> {
        let lists = self
            .items
            .iter()
            .map(|(arc, value)| match (arc, value.is_empty()) {
                (2, true) => (2, list(&format!("{ID}.2"), &self.tcb)),
                (7, true) => (7, list(&format!("{ID}.7"), &self.configuration)),
                _ => (*arc, value.clone()),
            });
        let value = list(ID, &lists.collect::<Vec<_>>());
        let value = [value, self.end.clone()].concat();
        self.is_there.then(|| extension(ID, false, &value))
    }
}

fn set(items: &mut [Item], arc: u32, value: &[u8]) {
    let found = items.iter_mut().find(|(known, _)| *known == arc);
    found.unwrap().1 = value.to_vec();
}

fn list(parent: &str, items: &[Item]) -> Vec<u8> {
    let items = items.iter().map(|(arc, value)| {
        let id = tlv(6, &oid(&format!("{parent}.{arc}")));
        sequence(&[&id, value])
    });
    tlv(0x30, &items.collect::<Vec<_>>().concat())
}

/// An INTEGER of one byte.
pub fn number(value: u8) -> Vec<u8> {
    vec![2, 1, value]
}

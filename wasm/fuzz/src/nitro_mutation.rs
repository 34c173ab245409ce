//! Changes of Nitro documents: of their CBOR item by item, of their fields, and
//! of the certificates in them.

use crate::bytes;
use crate::cbor::{self, Body, Item};
use crate::der_mutation;
use crate::extension_mutation;
use crate::nitro::{Document, TAG};
use crate::pool::Pool;
use crate::random::Random;
use crate::shape::Kind;

/// Names of fields, and one that is none.
const NAMES: [&str; 11] = [
    "module_id",
    "digest",
    "timestamp",
    "pcrs",
    "nitrotpm_pcrs",
    "certificate",
    "cabundle",
    "public_key",
    "user_data",
    "nonce",
    "other",
];
/// Lengths about which there are rules, and what is near.
const SIZES: [usize; 15] = [
    0, 1, 47, 48, 49, 64, 95, 96, 97, 255, 256, 257, 512, 513, 1025,
];
/// Numbers about which there are rules, and what is near.
const NUMBERS: [u64; 12] = [
    0,
    1,
    23,
    31,
    32,
    34,
    255,
    1 << 32,
    (1 << 53) - 1,
    1 << 53,
    1_767_225_600_000,
    u64::MAX,
];
/// Most bytes that a repetition may make of a document; it may have 32 KiB.
const MAX_GROWN: usize = 40 * 1024;

/// Changes a document.
pub fn mutate(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    match random.below(24) {
        0 => bytes::mutate(file, random),
        1 if file.first() == Some(&TAG) => drop(file.remove(0)),
        1 => file.splice(0..0, vec![TAG; random.power(3)]).for_each(drop),
        2 => file.extend(vec![random.choose([0, 0xf6]); random.power(15)]),
        3..=12 => mutate_payload(file, random, pool),
        _ => mutate_items(file, random, pool),
    }
}

/// Any item of the tree.
fn mutate_items(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let Some(mut whole) = cbor::read(file) else {
        bytes::mutate(file, random);
        return;
    };
    let size = file.len();
    descend(&mut whole, random, pool, size);
    *file = whole.write();
}

/// Goes down by chance, so that items of every depth are changed alike often.
fn descend(item: &mut Item, random: &mut Random, pool: &Pool, size: usize) {
    let mut inner = item.inner();
    if !inner.is_empty() && !random.once_in(5) {
        let index = random.below(inner.len());
        descend(inner[index], random, pool, size);
        return;
    }
    match random.below(12) {
        0 => item.major = random.below(8) as u8,
        1 => item.head = Some(other_head(item, random)),
        2 => wrap(item, random),
        3 => *item = Item::plain(7, random.choose([20, 21, 22, 23, 0, 31])),
        4 => *item = Item::bytes(&vec![7; random.choose(SIZES)]),
        _ => mutate_body(item, random, pool, size),
    }
}

/// Longer than it must be, indefinite, lying.
fn other_head(item: &Item, random: &mut Random) -> Vec<u8> {
    let value = match &item.body {
        Body::None => item.value,
        Body::Bytes(bytes) => bytes.len() as u64,
        Body::Inner(inner) => inner.write().len() as u64,
        Body::Items(items) => items.len() as u64 / if item.major == 5 { 2 } else { 1 },
    };
    let start = item.major << 5;
    let value = value.wrapping_add(random.choose([0, 0, 0, 1, u64::MAX]));
    let all = value.to_be_bytes();
    match random.below(6) {
        0 => vec![start | 31],
        1 => [&[start | 24], &all[7..]].concat(),
        2 => [&[start | 25], &all[6..]].concat(),
        3 => [&[start | 26], &all[4..]].concat(),
        4 => [&[start | 27], &all[..]].concat(),
        _ => cbor::shortest(item.major, random.choose(NUMBERS)),
    }
}

fn wrap(item: &mut Item, random: &mut Random) {
    for _ in 0..random.power(8) {
        let inner = core::mem::replace(item, Item::plain(0, 0));
        *item = match random.below(3) {
            0 => Item::of(4, Body::Items(vec![inner])),
            1 => Item::of(5, Body::Items(vec![Item::plain(0, 1), inner])),
            _ => Item {
                value: 18,
                ..Item::of(6, Body::Items(vec![inner]))
            },
        };
    }
}

fn mutate_body(item: &mut Item, random: &mut Random, pool: &Pool, size: usize) {
    let is_map = item.major == 5;
    match &mut item.body {
        Body::None => item.value = random.choose(NUMBERS),
        Body::Bytes(bytes) => mutate_bytes(bytes, random, pool),
        Body::Inner(inner) => {
            let mut bytes = inner.write();
            bytes::mutate(&mut bytes, random);
            item.body = Body::Bytes(bytes);
        }
        Body::Items(items) => rearrange(items, is_map, random, size),
    }
}

fn mutate_bytes(content: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    if content.starts_with(&[0x30, 0x82]) && !random.once_in(8) {
        let is_done = match random.below(3) {
            0 => extension_mutation::mutate(content, random),
            _ => der_mutation::mutate(content, random, pool),
        };
        if is_done {
            return;
        }
    }
    match random.below(4) {
        0 => content.resize(random.choose(SIZES), 0x61),
        1 => *content = random.choose(NAMES).as_bytes().to_vec(),
        _ => bytes::mutate(content, random),
    }
}

/// Drops, doubles, swaps or repeats items, of a map by pairs.
fn rearrange(items: &mut Vec<Item>, is_map: bool, random: &mut Random, size: usize) {
    let step = if is_map { 2 } else { 1 };
    let count = items.len() / step;
    let (one, other) = (step * random.below(count), step * random.below(count));
    let Some(found) = items.get(one..one + step).map(<[Item]>::to_vec) else {
        items.extend(vec![Item::plain(0, 1); step]);
        return;
    };
    match random.below(6) {
        0 => drop(items.drain(one..one + step)),
        1 => drop(items.splice(other..other, found)),
        2 => (0..step).for_each(|place| items.swap(one + place, other + place)),
        3 if is_map => repeat(items, &found[1], random, size),
        3 => {
            let length = found[0].write().len().max(1);
            let most = (MAX_GROWN.saturating_sub(size) / length).min(1 << random.below(15));
            items.extend(vec![found[0].clone(); most]);
        }
        4 => drop(items.remove(one)),
        _ => items.reverse(),
    }
}

/// Pairs with keys of their own, mostly.
fn repeat(items: &mut Vec<Item>, value: &Item, random: &mut Random, size: usize) {
    let value = if random.once_in(2) {
        value
    } else {
        &Item::plain(0, 0)
    };
    let length = value.write().len() + 3;
    let most = (MAX_GROWN.saturating_sub(size) / length).min(1 << random.below(15));
    let first = random.choose([0, 1, 100]);
    for number in 0..most as u64 {
        items.extend([Item::plain(0, first + number), value.clone()]);
    }
}

/// Fields of the payload.
fn mutate_payload(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let other = pool
        .field(Kind::Nitro, random)
        .and_then(|file| Document::read(file));
    let mut document = Document::read(file);
    let payload = document.as_mut().and_then(Document::payload_mut);
    let Some(payload) = payload else {
        mutate_items(file, random, pool);
        return;
    };
    let name = random.choose(NAMES);
    let taken = other.as_ref().and_then(|other| other.payload()?.get(name));
    let value = match (random.below(4), taken) {
        (0, Some(taken)) => taken.clone(),
        _ => value_of(name, random),
    };
    if let Some(place) = payload.get_mut(name) {
        *place = value;
    } else if let Body::Items(items) = &mut payload.body {
        items.extend([Item::text(name), value]);
    }
    if let Some(document) = document {
        *file = document.whole.write();
    }
}

/// A value that a field may have, or nearly.
fn value_of(name: &str, random: &mut Random) -> Item {
    match name {
        "module_id" => Item::text(
            &random
                .choose(["a", "é", "\u{1b}"])
                .repeat(random.choose(SIZES)),
        ),
        "digest" => Item::text(random.choose(["SHA384", "SHA256", "sha384"])),
        "timestamp" => Item::plain(random.choose([0, 0, 0, 1]), random.choose(NUMBERS)),
        "pcrs" | "nitrotpm_pcrs" => {
            let count = random.choose([0, 1, 16, 31, 32, 33]);
            let pairs = (0..count).flat_map(|number| {
                let size = if random.once_in(64) { 47 } else { 48 };
                [Item::plain(0, number), Item::bytes(&vec![9; size])]
            });
            Item::of(5, Body::Items(pairs.collect()))
        }
        _ if random.once_in(3) => Item::plain(7, 22),
        _ => Item::bytes(&vec![0x30; random.choose(SIZES)]),
    }
}

//! Changes of launch endorsements: field by field, and of what is in them.

use crate::bytes;
use crate::der_mutation;
use crate::extension_mutation;
use crate::pool::Pool;
use crate::proto::{self, ENVELOPE, Record, Value};
use crate::random::Random;
use crate::shape::Kind;

/// Lengths about which there are rules, and what is near.
const SIZES: [usize; 9] = [0, 1, 15, 16, 17, 47, 48, 49, 256];
/// Numbers about which there are rules, and what is near.
const NUMBERS: [u64; 10] = [
    0,
    1,
    2,
    127,
    999_999_999,
    1_000_000_000,
    253_402_300_799,
    253_402_300_800,
    1 << 32,
    u64::MAX,
];
/// Most bytes that a repetition may make of an endorsement; it may have 256 KiB.
const MAX_GROWN: usize = 200 * 1024;
/// Where certificates stand in what is signed.
const CERTIFICATE: u64 = 4;
const BUNDLE: u64 = 6;

/// Changes an endorsement.
pub fn mutate(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let Some(mut records) = proto::read(file, ENVELOPE).filter(|_| !random.once_in(24)) else {
        bytes::mutate(file, random);
        return;
    };
    let size = file.len();
    descend(&mut records, random, pool, size);
    *file = proto::write(&records);
}

/// Goes down by chance, so that fields of every depth are changed alike often.
fn descend(records: &mut Vec<Record>, random: &mut Random, pool: &Pool, size: usize) {
    let inner = records
        .iter_mut()
        .filter_map(|record| match &mut record.value {
            Value::Message(inner) => Some(inner),
            _ => None,
        });
    let mut inner: Vec<_> = inner.collect();
    if !inner.is_empty() && !random.once_in(4) {
        let index = random.below(inner.len());
        descend(inner[index], random, pool, size);
        return;
    }
    let index = random.below(records.len());
    if records.is_empty() {
        records.push(Record::plain(1, 1));
        return;
    }
    match random.below(12) {
        0 => drop(records.remove(index)),
        1 => records.insert(index, records[index].clone()),
        2 => {
            let other = random.below(records.len());
            records.swap(index, other);
        }
        3 => repeat(records, index, random, size),
        4 => records.insert(index, unknown(random)),
        5 => exchange(records, random, pool),
        6 => mutate_head(&mut records[index], random),
        _ => mutate_value(&mut records[index], random, pool),
    }
}

fn unknown(random: &mut Random) -> Record {
    let number = random.choose([0, 2, 3, 7, 9, 15, 16, (1 << 29) - 1, 1 << 29, 1 << 40]);
    let value = match random.below(4) {
        0 => Value::Number(random.choose(NUMBERS), None),
        1 => Value::Fixed(vec![1; random.choose([4, 8])]),
        _ => Value::Bytes(vec![1; random.choose(SIZES)], None),
    };
    Record::of(number, value)
}

/// Many of the same, those that have a key mostly with another one each.
fn repeat(records: &mut Vec<Record>, index: usize, random: &mut Random, size: usize) {
    let record = records[index].clone();
    let length = proto::write(core::slice::from_ref(&record)).len() + 2;
    let most = (MAX_GROWN.saturating_sub(size) / length).min(random.power(14));
    let is_same = random.once_in(3);
    for number in 0..most as u64 {
        let mut copy = record.clone();
        if let (Value::Message(inner), false) = (&mut copy.value, is_same) {
            inner.retain(|one| one.number != 1);
            inner.insert(0, Record::plain(1, 1000 + number));
        }
        records.insert(index, copy);
    }
}

/// A field of another seed's message, on whatever level it stands.
fn exchange(records: &mut [Record], random: &mut Random, pool: &Pool) {
    let other = pool.field(Kind::Endorsement, random);
    let other = other.and_then(|file| proto::read(file, ENVELOPE));
    let mut all = Vec::new();
    collect(&other.unwrap_or_default(), &mut all);
    let index = random.below(records.len());
    if let (Some(found), Some(place)) = (random.pick(&all), records.get_mut(index)) {
        *place = found.clone();
    }
}

fn collect(records: &[Record], into: &mut Vec<Record>) {
    for record in records {
        into.push(record.clone());
        if let Value::Message(inner) = &record.value {
            collect(inner, into);
        }
    }
}

/// Another number, another type, or a longer form.
fn mutate_head(record: &mut Record, random: &mut Random) {
    let tag = record.number << 3 | random.below(8) as u64;
    match random.below(4) {
        0 => record.number = random.choose([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        1 => record.tag = Some(proto::shortest(tag)),
        2 => record.tag = Some(longer(tag, random)),
        _ => {
            let content = record.content().unwrap_or_default();
            record.value = match random.below(2) {
                0 => Value::Number(content.len() as u64, None),
                _ => Value::Bytes(content, None),
            };
        }
    }
}

/// The same number in more bytes than it takes.
fn longer(value: u64, random: &mut Random) -> Vec<u8> {
    let mut digits = proto::shortest(value);
    for _ in 0..random.choose([1, 1, 2, 9]) {
        if let Some(last) = digits.last_mut() {
            *last |= 0x80;
        }
        digits.push(0);
    }
    digits
}

fn mutate_value(record: &mut Record, random: &mut Random, pool: &Pool) {
    let number = record.number;
    match &mut record.value {
        Value::Number(value, stands) => match random.below(3) {
            0 => *stands = Some(longer(*value, random)),
            _ => *value = random.choose(NUMBERS),
        },
        Value::Fixed(fixed) => bytes::step(fixed, random),
        Value::Message(inner) => {
            let mut content = proto::write(inner);
            bytes::mutate(&mut content, random);
            record.value = Value::Bytes(content, None);
        }
        Value::Bytes(content, stands) => match random.below(8) {
            0 => *stands = Some(longer(content.len() as u64, random)),
            1 => content.resize(random.choose(SIZES), 7),
            2 => bytes::mutate(content, random),
            _ if number == CERTIFICATE && random.once_in(3) => {
                extension_mutation::mutate(content, random);
            }
            _ if matches!(number, CERTIFICATE | BUNDLE) => {
                der_mutation::mutate_file(content, random, pool);
            }
            _ => bytes::step(content, random),
        },
    }
}

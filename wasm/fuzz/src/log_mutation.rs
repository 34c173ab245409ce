//! Changes of event logs, event by event.

use crate::bytes;
use crate::json_mutation;
use crate::log::{Event, Log, Tlv, read_tlvs, write_tlvs};
use crate::pool::Pool;
use crate::random::Random;
use crate::shape::Kind;

/// Types that something is known of.
const TYPES: [u32; 12] = [
    0,
    3,
    4,
    5,
    8,
    0xD,
    0x8000_0001,
    0x8000_0002,
    0x8000_0006,
    0x8000_0007,
    0x8000_000C,
    0x8000_00E0,
];
/// Beginnings and wholes of data that something is known of.
const DATA: [&[u8]; 9] = [
    b"StartupLocality\0\x03",
    b"Spec ID Event03\0",
    b"grub_cmd: ",
    b"grub_cmd ",
    b"kernel_cmdline: ",
    b"a\0b\0\0\0",
    b"\0\0\0\0",
    b"\x01\0\0\0",
    b"",
];
/// Most copies of an event.
const MAX_POWER: usize = 13;

/// Changes a log.
pub fn mutate(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    if file
        .first()
        .is_some_and(|first| b"{[ \x1e\n".contains(first))
    {
        json_mutation::mutate_file(file, random, pool);
    } else if let Some(mut fields) = read_tlvs(file) {
        mutate_fields(&mut fields, random, 3);
        *file = write_tlvs(&fields);
    } else if let Some(mut log) = Log::read(file) {
        mutate_log(&mut log, random, pool);
        *file = log.write();
    } else {
        bytes::mutate(file, random);
    }
}

fn mutate_log(log: &mut Log, random: &mut Random, pool: &Pool) {
    match random.below(12) {
        0 => bytes::step(&mut log.header, random),
        1 => bytes::mutate(&mut log.header, random),
        2 => log.rest = vec![random.choose([0, 0xFF, 1]); 1 << random.below(14)],
        3 => bytes::mutate(&mut log.rest, random),
        4 => {
            let other = pool.field(Kind::EventLog, random);
            if let Some(other) = other.and_then(|file| Log::read(file)) {
                log.header = other.header;
            }
        }
        5 | 6 => rearrange(&mut log.events, random),
        _ => {
            let index = random.below(log.events.len());
            if let Some(event) = log.events.get_mut(index) {
                mutate_event(event, random);
            }
        }
    }
}

fn rearrange<T: Clone>(items: &mut Vec<T>, random: &mut Random) {
    if items.is_empty() {
        return;
    }
    let (one, other) = (random.below(items.len()), random.below(items.len()));
    match random.below(4) {
        0 => drop(items.remove(one)),
        1 => items.swap(one, other),
        2 => {
            let copies = vec![items[one].clone(); random.power(MAX_POWER)];
            items.splice(other..other, copies);
        }
        _ => items.truncate(one),
    }
}

fn mutate_event(event: &mut Event, random: &mut Random) {
    match random.below(8) {
        0 => bytes::step(&mut event.head[..4], random),
        1 => bytes::step(&mut event.head[4..], random),
        2 => event.head[4..].copy_from_slice(&random.choose(TYPES).to_le_bytes()),
        3 => rearrange(&mut event.digests, random),
        4 => {
            let index = random.below(event.digests.len());
            if let Some((algorithm, digest)) = event.digests.get_mut(index) {
                if random.once_in(4) {
                    *algorithm = random.choose([4, 11, 12, 13, 0x12]);
                }
                bytes::step(digest, random);
            }
        }
        5 => event.data = random.choose(DATA).to_vec(),
        _ => bytes::mutate(&mut event.data, random),
    }
    if random.once_in(3) {
        let at = random.choose([0, 0, 0, 9, 10, 32]).min(event.data.len());
        let cut = random.choose([0, 0, 1]);
        let end = event.data.len().saturating_sub(cut).max(at);
        let hashed = event.data[at..end].to_vec();
        event.rehash(&hashed);
    }
}

fn mutate_fields(fields: &mut Vec<Tlv>, random: &mut Random, depth: usize) {
    let index = random.below(fields.len());
    if random.once_in(6) {
        return rearrange(fields, random);
    }
    let Some(field) = fields.get_mut(index) else {
        return;
    };
    if random.once_in(5) {
        field.kind = random.choose([0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 0x50, 108, 255]);
    }
    let nested = read_tlvs(&field.value).filter(|nested| !nested.is_empty() && depth > 0);
    match nested {
        Some(mut nested) => {
            mutate_fields(&mut nested, random, depth - 1);
            field.value = write_tlvs(&nested);
        }
        None if random.once_in(2) => bytes::step(&mut field.value, random),
        None => bytes::mutate(&mut field.value, random),
    }
}

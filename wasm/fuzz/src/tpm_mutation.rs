//! Changes of a TPM's structures, field by field.

use crate::bytes;
use crate::der_mutation;
use crate::pem::{self, Item};
use crate::pool::Pool;
use crate::random::Random;
use crate::shape::Kind;
use crate::tpm::{Area, Attest, Select, Sized2, Tpmt};
use crate::tpm_keys;

/// Hashes, those that are known first; schemes; kinds of keys; symmetric ones.
const HASHES: [u16; 7] = [4, 0xb, 0xc, 0xd, 0x12, 0x27, 0x10];
const SCHEMES: [u16; 8] = [0x10, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a];
const KINDS: [u16; 4] = [1, 0x23, 8, 0x25];
const SIZES: [usize; 12] = [0, 1, 2, 20, 32, 34, 48, 50, 64, 66, 67, 68];
/// `TPM_ST_ATTEST_*` but the quote's, and what is near.
const TYPES: [u8; 8] = [0x14, 0x15, 0x16, 0x17, 0x19, 0x1a, 0x1c, 0x00];

/// Changes a quote.
pub fn mutate_attest(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let Some(mut attest) = Attest::read(file) else {
        bytes::mutate(file, random);
        return;
    };
    match random.below(16) {
        0 if random.once_in(3) => bytes::step(&mut attest.head, random),
        0 => attest.head[5] = random.choose(TYPES),
        1 => mutate_sized(&mut attest.signer, random),
        2 => mutate_sized(&mut attest.data, random),
        3 => mutate_clock(&mut attest.clock, random),
        4 => attest.rest = vec![random.choose([0, 1, 0xff]); random.power(10)],
        5 => attest.count = Some(random.choose([0, 1, 2, 8, 9, 0xffff, u32::MAX, 1 << 24])),
        6 | 7 => mutate_sized(&mut attest.digest, random),
        8 => {
            let other = pool.field(Kind::Attest, random);
            if let Some(other) = other.and_then(|file| Attest::read(file)) {
                exchange(&mut attest, other, random);
            }
        }
        9 => bytes::mutate(file, random),
        _ => mutate_selection(&mut attest.selected, random),
    }
    *file = attest.write();
}

fn exchange(attest: &mut Attest, other: Attest, random: &mut Random) {
    match random.below(5) {
        0 => attest.signer = other.signer,
        1 => attest.data = other.data,
        2 => attest.clock = other.clock,
        3 => attest.selected = other.selected,
        _ => attest.digest = other.digest,
    }
}

/// Bytes, their length, or the size before them.
fn mutate_sized(field: &mut Sized2, random: &mut Random) {
    match random.below(8) {
        0 => field.size = Some(random.choose([0, 1, 0x20, 0x22, 0x40, 0xff, 0x7fff, 0xffff])),
        1 => {
            let length = field.bytes.len() as u16;
            field.size = Some(length.wrapping_add(random.choose([1, 0xffff])));
        }
        2 | 3 => field.bytes.resize(random.choose(SIZES), 0),
        4 => bytes::mutate(&mut field.bytes, random),
        5 => {
            let zeros = field.bytes.iter().take_while(|byte| **byte == 0).count();
            field.bytes.drain(..zeros);
        }
        6 => drop(field.bytes.splice(0..0, vec![0; random.power(6)])),
        _ => bytes::step(&mut field.bytes, random),
    }
    if let ([_, id, ..], true) = (field.bytes.as_mut_slice(), random.once_in(4)) {
        *id = random.choose(HASHES) as u8;
    }
}

fn mutate_clock(clock: &mut [u8; 25], random: &mut Random) {
    match random.below(5) {
        0 => bytes::step(&mut clock[..8], random),
        1 => bytes::step(&mut clock[8..12], random),
        2 => bytes::step(&mut clock[12..16], random),
        3 => clock[16] = random.choose([0, 1, 2, 0xff]),
        _ => bytes::step(&mut clock[17..], random),
    }
}

fn mutate_selection(selected: &mut Vec<Select>, random: &mut Random) {
    let index = random.below(selected.len());
    let Some(one) = selected.get_mut(index) else {
        selected.push(Select {
            bank: 0xb,
            bitmap: vec![1, 0, 0],
        });
        return;
    };
    match random.below(10) {
        0 => drop(selected.remove(index)),
        1 => {
            let mut other = selected[index].clone();
            other.bank = random.choose(HASHES);
            selected.push(other);
        }
        2 => {
            let other = random.below(selected.len());
            selected.swap(index, other);
        }
        3 => {
            let copies = vec![one.clone(); random.power(8)];
            selected.splice(index..index, copies);
        }
        4 => one.bank = random.choose(HASHES),
        5 => one
            .bitmap
            .resize(random.choose([0, 1, 2, 3, 4, 32, 255]), 0),
        6 => one.bitmap.fill(random.choose([0, 0xff])),
        _ => {
            let place = random.below(one.bitmap.len());
            if let Some(byte) = one.bitmap.get_mut(place) {
                *byte ^= 1 << random.below(8);
            }
        }
    }
}

/// Changes a public area or a key alone.
pub fn mutate_key(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    if matches!(file.first(), Some(b'0' | b'-')) {
        let chance = random.below(8);
        if let (0, Some(mut items)) = (chance, pem::items(file)) {
            let is_pem = items[0].label.is_some();
            items[0].label = (!is_pem).then(|| "PUBLIC KEY".to_owned());
            *file = pem::file(&items);
        } else {
            der_mutation::mutate_file(file, random, pool);
        }
        return;
    }
    let Some(mut area) = Area::read(file) else {
        bytes::mutate(file, random);
        return;
    };
    match random.below(16) {
        0 => area.head[random.clone().below(2)] = random.choose(KINDS),
        1 => area.head[1] = random.choose(HASHES),
        2 | 3 => area.attributes ^= 1 << random.below(32),
        4 => mutate_sized(&mut area.policy, random),
        5 => {
            area.symmetric = match random.below(4) {
                0 => vec![0x10],
                1 => vec![6, 128, 0x43],
                2 => vec![random.choose([0x13, 6, 0x26]), 256, 0x42],
                _ => vec![6],
            }
        }
        6 | 7 => mutate_scheme(&mut area.scheme, random),
        8 => mutate_kind(&mut area.kind, random),
        9 => area.size = random.choose([None, Some(None), Some(Some(0)), Some(Some(0xffff))]),
        10 => area.rest = vec![0; random.power(11)],
        11 => {
            let other = pool.field(Kind::TpmKey, random);
            if let Some(other) = other.and_then(|file| Area::read(file)) {
                (area.kind, area.numbers) = (other.kind, other.numbers);
            }
        }
        12 => {
            let numbers: Vec<_> = area.numbers.into_iter().map(|one| one.bytes).collect();
            let label = random.once_in(2).then(|| "PUBLIC KEY".to_owned());
            if let Some(der) = tpm_keys::info(&numbers) {
                *file = pem::file(&[Item { label, der }]);
            }
            return;
        }
        _ => {
            let index = random.below(area.numbers.len());
            mutate_sized(&mut area.numbers[index], random);
        }
    }
    *file = area.write();
}

fn mutate_scheme(scheme: &mut Vec<u16>, random: &mut Random) {
    *scheme = match random.below(4) {
        0 => vec![0x10],
        1 => vec![scheme[0], random.choose(HASHES)],
        2 => vec![random.choose(SCHEMES), 0xb],
        _ => vec![random.choose(SCHEMES)],
    };
}

fn mutate_kind(kind: &mut Vec<u16>, random: &mut Random) {
    match random.below(3) {
        0 => kind[0] = random.choose([1, 3, 4, 5, 0x10, 0x400, 0x800, 0xc00, 0x1000]),
        1 => *kind = vec![kind[0], 0, random.choose([0, 1, 3, 17])],
        _ => {
            *kind = [
                &kind[..1],
                random.choose([&[0x10][..], &[0x20, 0xb], &[1, 1]]),
            ]
            .concat()
        }
    }
}

/// Changes a signature, or makes it a plain one.
pub fn mutate_signature(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    if file.first() == Some(&0x30) && der_mutation::mutate(file, random, pool) {
        return;
    }
    let read = Tpmt::read(file).filter(|found| found.scheme[0] < 0x100);
    let Some(mut signature) = read else {
        bytes::mutate(file, random);
        return;
    };
    match random.below(10) {
        0 => signature.scheme[0] = random.choose(SCHEMES),
        1 => signature.scheme[1] = random.choose(HASHES),
        2 => signature.rest = vec![0; random.power(10)],
        3 | 4 => {
            *file = plain(&signature);
            return;
        }
        5 => {
            let other = signature.numbers[0].clone();
            signature.numbers.push(other);
        }
        _ => {
            let index = random.below(signature.numbers.len());
            mutate_sized(&mut signature.numbers[index], random);
        }
    }
    *file = signature.write();
}

/// RSA's bytes alone, or DER of R and S.
#[must_use]
pub fn plain(signature: &Tpmt) -> Vec<u8> {
    match signature.numbers.as_slice() {
        [r, s] => crate::tpm_seeds::der_of_numbers([&r.bytes, &s.bytes]),
        numbers => numbers.iter().flat_map(|one| one.bytes.clone()).collect(),
    }
}

/// Changes the value of a register: bank, register, value.
pub fn mutate_value(item: &mut Vec<u8>, random: &mut Random) {
    match (random.below(8), item.as_mut_slice()) {
        (0, [_, bank, ..]) => *bank = random.choose(HASHES) as u8,
        (1 | 2, [_, _, register, ..]) => {
            *register = random.choose([0, 4, 7, 11, 14, 22, 23, 24]);
        }
        (3, _) => item.resize(3 + random.choose(SIZES), 0),
        (4, _) => bytes::mutate(item, random),
        (_, [_, _, _, value @ ..]) => bytes::step(value, random),
        _ => {}
    }
}

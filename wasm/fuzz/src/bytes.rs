//! Changes of bytes that know nothing of what the bytes mean.

use crate::random::Random;

/// Changes bytes in one place.
pub fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    let most = random.power(7);
    let length = (1 + random.below(most)).min(bytes.len().saturating_sub(at));
    let part = at..at + length;
    match random.below(10) {
        0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
        2 if !bytes.is_empty() => bytes[at] = random.choose([0, 1, 0x7f, 0x80, 0xff, b'0', b' ']),
        3 => bytes[part].fill(0),
        4 => bytes[part]
            .iter_mut()
            .for_each(|byte| *byte = random.byte()),
        5 => bytes.truncate(at),
        6 => drop(bytes.drain(part)),
        7 => {
            let copy = bytes[part].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, copy);
        }
        8 => {
            let more = (0..=random.below(16)).map(|_| random.byte());
            let more: Vec<u8> = more.collect();
            bytes.splice(at..at, more);
        }
        _ => step(&mut bytes[part], random),
    }
}

/// Changes bytes in one place, of which there stay as many.
pub fn mutate_in(bytes: &mut [u8], random: &mut Random) {
    let at = random.below(bytes.len());
    let most = random.power(7);
    let end = (at + 1 + random.below(most)).min(bytes.len());
    step(&mut bytes[at..end], random);
}

/// Takes a field for a number of either byte order, and makes it one more or less, or an extreme.
pub fn step(field: &mut [u8], random: &mut Random) {
    if field.is_empty() {
        return;
    }
    let last = field.len() - 1;
    let at = random.choose([0, last]);
    match random.below(8) {
        0 => field[at] = field[at].wrapping_add(1),
        1 => field[at] = field[at].wrapping_sub(1),
        2 => field.fill(0),
        3 => field.fill(0xff),
        4 => {
            field.fill(0);
            field[at] = random.choose([1, 2, 3, 4, 5, 0x80]);
        }
        5 => field.reverse(),
        6 => field[at] = random.byte(),
        _ => {
            let place = random.below(field.len());
            field[place] ^= 1 << random.below(8);
        }
    }
}

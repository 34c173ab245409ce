//! Changes of quotes, field by field.

use crate::bytes;
use crate::der_mutation;
use crate::pool::Pool;
use crate::quote::{DESCRIPTOR, ENCLAVE_REPORT, HEADER, NUMBERS, Quote, TD_REPORT};
use crate::random::Random;
use crate::shape::Kind;

/// Sizes of the fields of a header, the last six those of a descriptor and a body's first.
const HEADER_FIELDS: [usize; 8] = [2, 2, 4, 2, 2, 16, 20, DESCRIPTOR];
const TD_FIELDS: [usize; 17] = [
    16, 48, 48, 8, 8, 8, 48, 48, 48, 48, 48, 48, 48, 48, 64, 16, 48,
];
const ENCLAVE_FIELDS: [usize; 17] = [
    16, 4, 12, 16, 16, 32, 32, 32, 32, 64, 2, 2, 2, 42, 16, 32, 32,
];

/// Changes a quote.
pub fn mutate(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let Some(mut quote) = Quote::read(file) else {
        bytes::mutate(file, random);
        return;
    };
    match random.below(12) {
        0 => mutate_field(&mut quote.signed, 0, &HEADER_FIELDS, random),
        1 | 2 => mutate_body(&mut quote, random),
        3 => mutate_field(&mut quote.qe_report, 0, &ENCLAVE_FIELDS, random),
        4 => bytes::mutate(&mut quote.authentication, random),
        5 | 6 => der_mutation::mutate_file(&mut quote.chain, random, pool),
        7 => exchange(&mut quote, random, pool),
        8 => convert(&mut quote, random),
        9 => mutate_numbers(&mut quote, random),
        10 => quote
            .trailing
            .extend(vec![random.choose([0, 0, 1, 0x30]); 1 << random.below(12)]),
        _ => {
            *file = quote.write();
            mutate_size(file, &quote, random);
            return;
        }
    }
    *file = quote.write();
}

fn mutate_body(quote: &mut Quote, random: &mut Random) {
    let at = quote.body_at();
    let fields = if quote.signed.len() - at == ENCLAVE_REPORT {
        ENCLAVE_FIELDS
    } else {
        TD_FIELDS
    };
    mutate_field(&mut quote.signed, at, &fields, random);
}

/// One of several fields that stand one after the other.
pub fn mutate_field(within: &mut [u8], mut at: usize, sizes: &[usize], random: &mut Random) {
    let index = random.below(sizes.len());
    at += sizes[..index].iter().sum::<usize>();
    if let Some(field) = within.get_mut(at..(at + sizes[index])) {
        bytes::step(field, random);
    }
}

fn mutate_numbers(quote: &mut Quote, random: &mut Random) {
    let numbers = match random.below(3) {
        0 => &mut quote.signature,
        1 => &mut quote.qe_signature,
        _ => &mut quote.key,
    };
    let half = if random.once_in(2) {
        0..NUMBERS / 2
    } else {
        NUMBERS / 2..NUMBERS
    };
    bytes::step(&mut numbers[half], random);
}

/// A part of another seed's quote in its place.
fn exchange(quote: &mut Quote, random: &mut Random, pool: &Pool) {
    let other = pool
        .field(Kind::Quote, random)
        .and_then(|file| Quote::read(file));
    let Some(other) = other else { return };
    match random.below(6) {
        0 => quote.signed = other.signed,
        1 => quote.signature = other.signature,
        2 => quote.key = other.key,
        3 => (quote.qe_report, quote.qe_signature) = (other.qe_report, other.qe_signature),
        4 => quote.authentication = other.authentication,
        _ => quote.chain = other.chain,
    }
}

/// The same body under another version.
fn convert(quote: &mut Quote, random: &mut Random) {
    let body = quote.signed.split_off(quote.body_at());
    let kind = match body.len() {
        ENCLAVE_REPORT => 1,
        TD_REPORT => 2,
        _ => 3,
    };
    quote.signed.truncate(HEADER);
    let version = random.choose([3, 4, 5]);
    quote.signed[0] = version;
    quote.outer = (version != 3).then_some([6, 0]);
    if version == 5 {
        quote.signed.extend([kind, 0]);
        quote.signed.extend((body.len() as u32).to_le_bytes());
    }
    quote.signed.extend(body);
}

fn mutate_size(file: &mut [u8], quote: &Quote, random: &mut Random) {
    let signatures = quote.signed.len();
    let outer = signatures + 4 + 2 * NUMBERS + 2;
    let qe = if quote.outer.is_some() {
        outer + 4
    } else {
        outer - 2
    };
    let authentication = qe + ENCLAVE_REPORT + NUMBERS;
    let chain = authentication + 2 + quote.authentication.len() + 2;
    let sizes = [
        (signatures, 4),
        (outer, 4),
        (authentication, 2),
        (chain, 4),
        (chain - 2, 2),
    ];
    let (at, length) = random.choose(sizes);
    bytes::step(&mut file[at..at + length], random);
}

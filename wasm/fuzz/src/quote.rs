//! Quotes taken apart where they can be, field by field.

use crate::bytes;
use crate::der_mutation;
use crate::pool::Pool;
use crate::random::Random;
use crate::shape::Kind;

/// Size of header, descriptor and the parts that have one size.
const HEADER: usize = 48;
const DESCRIPTOR: usize = 6;
const NUMBERS: usize = 64;
const ENCLAVE_REPORT: usize = 384;
const TD_REPORT: usize = 584;
const TD_REPORT_15: usize = 648;

/// Sizes of the fields of a header, the last six those of a descriptor and a body's first.
const HEADER_FIELDS: [usize; 8] = [2, 2, 4, 2, 2, 16, 20, DESCRIPTOR];
const TD_FIELDS: [usize; 17] = [
    16, 48, 48, 8, 8, 8, 48, 48, 48, 48, 48, 48, 48, 48, 64, 16, 48,
];
const ENCLAVE_FIELDS: [usize; 17] = [
    16, 4, 12, 16, 16, 32, 32, 32, 32, 64, 2, 2, 2, 42, 16, 32, 32,
];

/// A quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Header, descriptor and body: what is signed.
    pub signed: Vec<u8>,
    /// R and S.
    pub signature: Vec<u8>,
    /// X and Y.
    pub key: Vec<u8>,
    /// Type of the certification data; absent in version 3.
    pub outer: Option<[u8; 2]>,
    /// Report of the quoting enclave.
    pub qe_report: Vec<u8>,
    /// R and S over it.
    pub qe_signature: Vec<u8>,
    /// Authentication data.
    pub authentication: Vec<u8>,
    /// Type of the inner certification data.
    pub inner: [u8; 2],
    /// Chain.
    pub chain: Vec<u8>,
    /// What follows.
    pub trailing: Vec<u8>,
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn take(&mut self, length: usize) -> Option<Vec<u8>> {
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(part.to_vec())
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn size(&mut self) -> Option<usize> {
        self.array().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }
}

impl Quote {
    /// Takes a quote apart; none where its sizes do not fit.
    #[must_use]
    pub fn read(file: &[u8]) -> Option<Self> {
        let mut all = Cursor(file);
        let signed = all.take(signed_bytes(file)?)?;
        let size = all.size()?;
        let part = all.take(size)?;
        let trailing = all.0.to_vec();
        let mut fields = Cursor(&part);
        let (signature, key) = (fields.take(NUMBERS)?, fields.take(NUMBERS)?);
        let outer = if signed[0] == 3 { None } else { fields.array() };
        if outer.is_some() {
            fields.size()?;
        }
        let (qe_report, qe_signature) = (fields.take(ENCLAVE_REPORT)?, fields.take(NUMBERS)?);
        let length = u16::from_le_bytes(fields.array()?);
        let authentication = fields.take(length.into())?;
        let inner = fields.array()?;
        let size = fields.size()?;
        let chain = fields.take(size)?;
        fields.0.is_empty().then_some(Self {
            signed,
            signature,
            key,
            outer,
            qe_report,
            qe_signature,
            authentication,
            inner,
            chain,
            trailing,
        })
    }

    /// The quote, with sizes that fit.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let qe = [
            &self.qe_report[..],
            &self.qe_signature,
            &(self.authentication.len() as u16).to_le_bytes(),
            &self.authentication,
            &self.inner,
            &(self.chain.len() as u32).to_le_bytes(),
            &self.chain,
        ]
        .concat();
        let mut part = [&self.signature[..], &self.key].concat();
        if let Some(outer) = self.outer {
            part.extend(outer);
            part.extend((qe.len() as u32).to_le_bytes());
        }
        part.extend(qe);
        let size = (part.len() as u32).to_le_bytes();
        [&self.signed[..], &size, &part, &self.trailing].concat()
    }

    /// Where the body starts in what is signed.
    #[must_use]
    pub fn body_at(&self) -> usize {
        if self.signed[0] == 5 {
            HEADER + DESCRIPTOR
        } else {
            HEADER
        }
    }
}

fn signed_bytes(file: &[u8]) -> Option<usize> {
    let kind = if file.get(4)? == &0x81 { 2 } else { 1 };
    let (start, kind) = match file.first()? {
        5 => (HEADER + DESCRIPTOR, *file.get(HEADER)?),
        _ => (HEADER, kind),
    };
    let body = match kind {
        1 => ENCLAVE_REPORT,
        2 => TD_REPORT,
        3 => TD_REPORT_15,
        _ => return None,
    };
    Some(start + body)
}

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

#[cfg(test)]
mod tests {
    use super::Quote;

    #[test]
    fn write_gives_what_read_read() {
        for (version, kind, body) in [(3, 0, 384), (4, 0x81, 584), (5, 0x81, 648)] {
            let mut signed = vec![0; 48];
            (signed[0], signed[4]) = (version, kind);
            if version == 5 {
                signed.extend([3, 0, 0x88, 2, 0, 0]);
            }
            signed.extend(vec![7; body]);
            let quote = Quote {
                signed,
                signature: vec![1; 64],
                key: vec![2; 64],
                outer: (version != 3).then_some([6, 0]),
                qe_report: vec![3; 384],
                qe_signature: vec![4; 64],
                authentication: vec![5; 32],
                inner: [5, 0],
                chain: vec![6; 100],
                trailing: vec![0; 3],
            };
            assert_eq!(Quote::read(&quote.write()), Some(quote));
        }
    }
}

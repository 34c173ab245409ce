//! Changes of inputs that keep what they do not mean to change.

use crate::bytes;
use crate::cms_mutation;
use crate::der_mutation;
use crate::hcl_mutation;
use crate::json_mutation;
use crate::log_mutation;
use crate::nitro_mutation;
use crate::operation::Operation;
use crate::pool::Pool;
use crate::proto_mutation;
use crate::quote_mutation;
use crate::random::Random;
use crate::shape::{self, Kind};
use crate::tpm_mutation;

/// Sizes of the fields of an attestation report (56860 Table 23), its signature last.
const REPORT_FIELDS: [usize; 46] = [
    4, 4, 8, 16, 16, 4, 4, 8, 8, 4, 4, 64, 48, 32, 48, 48, 32, 32, 8, 1, 1, 1, 21, 64, 8, 1, 1, 1,
    1, 1, 1, 1, 1, 8, 8, 8, 152, 48, 24, 48, 24, 92, 92, 92, 46, 46,
];
/// GUID, offset, length.
const ENTRY_FIELDS: [usize; 3] = [16, 4, 4];

const HASHES: [&[u8]; 4] = [b"sha256", b"sha384", b"sha512", b"sha1"];

/// libFuzzer's own way of changing bytes, which knows the dictionary.
pub type Own<'a> = &'a mut dyn FnMut(&mut Vec<u8>);

/// Changes one to three fields of an input. An input that cannot be taken apart is left to `own`.
pub fn mutate(
    input: &mut Vec<u8>,
    operation: &Operation,
    random: &mut Random,
    pool: &Pool,
    own: Own<'_>,
) {
    let read = shape::read(input, operation.fields);
    let Some(mut fields) = read.filter(|_| !random.once_in(64)) else {
        own(input);
        return;
    };
    for _ in 0..=random.below(3) * random.below(2) {
        if random.once_in(24) {
            shape::rearrange(&mut fields, random);
        }
        let mut leaves = Vec::new();
        shape::leaves(&mut fields, &mut leaves);
        let total: usize = leaves.iter().map(|(kind, _)| weight(*kind)).sum();
        let mut at = random.below(total);
        let chosen = leaves.into_iter().find(|(kind, _)| {
            let here = at < weight(*kind);
            at = at.saturating_sub(weight(*kind));
            here
        });
        if let Some((kind, bytes)) = chosen {
            mutate_field(kind, bytes, random, pool, own);
        }
    }
    *input = shape::write(&fields);
}

/// The calling code sets anchors and kind of TEE, so that they are seldom wrong.
const fn weight(kind: Kind) -> usize {
    match kind {
        Kind::Label | Kind::Hash | Kind::Flags => 1,
        Kind::Tee | Kind::Registers | Kind::TpmRole | Kind::RuntimeHash => 4,
        // There are many.
        Kind::RegisterValue => 6,
        Kind::Now => 10,
        _ => 64,
    }
}

fn mutate_field(kind: Kind, field: &mut Vec<u8>, random: &mut Random, pool: &Pool, own: Own<'_>) {
    match random.below(16) {
        0 | 1 => return own(field),
        2 | 3 => {
            if let Some(other) = pool.field(kind, random) {
                field.clone_from(other);
            }
            return;
        }
        _ => {}
    }
    match kind {
        Kind::Report => mutate_report(field, random),
        Kind::Quote => quote_mutation::mutate(field, random, pool),
        Kind::Certificates | Kind::RevocationLists => {
            der_mutation::mutate_file(field, random, pool);
        }
        Kind::Json => json_mutation::mutate_file(field, random, pool),
        Kind::EventLog => log_mutation::mutate(field, random, pool),
        Kind::Registers => {
            *field = random
                .choose([&b"PCR"[..], b"RTMR", b"ANY", b"pcr"])
                .to_vec()
        }
        Kind::Attest => tpm_mutation::mutate_attest(field, random, pool),
        Kind::TpmKey => tpm_mutation::mutate_key(field, random, pool),
        Kind::TpmSignature => tpm_mutation::mutate_signature(field, random, pool),
        Kind::RegisterValue => tpm_mutation::mutate_value(field, random),
        Kind::TpmRole => *field = random.choose([&b"AK"[..], b"EK", b"ak"]).to_vec(),
        Kind::HclReport => hcl_mutation::mutate(field, random, pool),
        Kind::RuntimeData => hcl_mutation::mutate_runtime(field, random, pool),
        Kind::RuntimeHash => *field = random.choose(HASHES).to_vec(),
        Kind::Nitro => nitro_mutation::mutate(field, random, pool),
        Kind::Identity => cms_mutation::mutate_document(field, random, pool),
        Kind::SignedMessage => cms_mutation::mutate(field, random, pool),
        Kind::Endorsement => proto_mutation::mutate(field, random, pool),
        Kind::Identifier => mutate_identifier(field, random),
        Kind::Table => mutate_table(field, random),
        Kind::Now => mutate_now(field, random),
        Kind::Tee => *field = random.choose([&b"TDX"[..], b"SGX", b"tdx"]).to_vec(),
        Kind::Label => {
            *field = random
                .choose([&b""[..], b"Milan", b"Genoa", b"Turin"])
                .to_vec()
        }
        Kind::Hash | Kind::Flags => bytes::step(field, random),
    }
}

fn mutate_identifier(id: &mut Vec<u8>, random: &mut Random) {
    let piece = random.choose([&b".0"[..], b".1", b".", b".01", b".999999", b"0", b"x"]);
    let at = random.choose([0, id.len(), random.clone().below(id.len() + 1)]);
    id.splice(at..at, piece.repeat(random.power(7)));
}

fn mutate_report(report: &mut Vec<u8>, random: &mut Random) {
    match random.below(12) {
        0 => bytes::mutate(report, random),
        1 => {
            if let Some(version) = report.first_mut() {
                *version = random.choose([1, 2, 3, 4, 5, 6]);
            }
        }
        _ => quote_mutation::mutate_field(report, 0, &REPORT_FIELDS, random),
    }
}

fn mutate_table(table: &mut Vec<u8>, random: &mut Random) {
    let entries = table.len() / 24;
    let at = 24 * random.below(entries.min(8));
    match random.below(6) {
        0 => bytes::mutate(table, random),
        1 => {
            let copy: Vec<u8> = table.iter().skip(at).take(24).copied().collect();
            table.splice(0..0, copy.repeat(1 << random.below(6)));
        }
        2 => table.extend(vec![0; 1 << random.below(16)]),
        _ => quote_mutation::mutate_field(table, at, &ENTRY_FIELDS, random),
    }
}

fn mutate_now(now: &mut Vec<u8>, random: &mut Random) {
    const DAY: u64 = 86_400;
    let Ok(bytes) = now.as_slice().try_into() else {
        return;
    };
    let seconds = u64::from_be_bytes(bytes);
    let step = random.choose([1, DAY, 31 * DAY, 400 * DAY, 40 * 365 * DAY]);
    let changed = match random.below(5) {
        0 => random.choose([0, u64::MAX, 253_402_300_800, 1 << 63]),
        1 | 2 => seconds.wrapping_add(step),
        _ => seconds.wrapping_sub(step),
    };
    *now = changed.to_be_bytes().to_vec();
}

//! What a launch endorsement says, made again out of its bytes: of each it is
//! known whether it is well made. Beyond that, what must hold of one that was
//! verified.

use crate::accepted::{bytes, der_of};
use crate::accepted_chain::{
    self as chain, BASIC_CONSTRAINTS, Given, KEY_USAGE, PURPOSES, all_of, check_end, check_known,
    usage,
};
use crate::arithmetic::{Made, Public};
use crate::certificate::{Signed, hex};
use crate::moment;
use crate::proof::{Proof, Scheme};
use crate::proto::{self, ENVELOPE, Record, Value as Wire};
use crate::shape::Field;
use serde_json::{Value, json};

const MAX_BYTES: usize = 256 * 1024;
const MAX_MEASUREMENTS: usize = 4096;
/// Last second of the year 9999.
const MAX_SECONDS: u64 = 253_402_300_799;
/// Types of the known fields of each message: number, bytes, bytes several times.
const ENVELOPE_TYPES: &str = "bb";
const GOLDEN_TYPES: &str = "bnbbbbbb";
const SNP_TYPES: &str = "nrbbnbb";
const TDX_TYPES: &str = "nr";

/// What an endorsement says but for its certificates; none where it must be refused.
#[must_use]
pub fn expected(file: &[u8]) -> Option<Value> {
    let is_in_size = (1..=MAX_BYTES).contains(&file.len());
    let envelope = strict(proto::read(file, ENVELOPE)?, ENVELOPE_TYPES).filter(|_| is_in_size)?;
    some(&envelope, 2)?;
    let golden = strict(message(proto::find(&envelope, 1)?)?, GOLDEN_TYPES)?;
    some(&envelope, 1)?;
    some(&golden, 4)?;
    let optional = |number, read: fn(Vec<Record>) -> Option<Value>| {
        let record = proto::find(&golden, number);
        record.map_or(Some(Value::Null), |one| read(message(one)?))
    };
    Some(json!({
        "timestamp": optional(1, timestamp)?,
        "digest": hex(&sized(&golden, 5, 48)?),
        "commit": hex(&proto::find(&golden, 3).and_then(Record::content).unwrap_or_default()),
        "sevSnp": optional(7, sev_snp)?,
        "tdx": optional(8, tdx)?,
    }))
}

/// Fields of one form, the known ones of their types and not too often.
fn strict(records: Vec<Record>, types: &str) -> Option<Vec<Record>> {
    let mut known = Vec::new();
    for record in records {
        let index = usize::try_from(record.number.checked_sub(1)?).ok()?;
        let (is_number, is_short) = match &record.value {
            Wire::Number(_, stands) => (Some(true), stands.is_none()),
            Wire::Bytes(_, stands) => (Some(false), stands.is_none()),
            Wire::Message(_) => (Some(false), true),
            Wire::Fixed(_) => (None, true),
        };
        if !is_short || record.tag.is_some() || record.number >> 29 != 0 {
            return None;
        }
        let Some(wanted) = types.chars().nth(index) else {
            continue;
        };
        let is_new = wanted == 'r' || proto::find(&known, record.number).is_none();
        if is_number != Some(wanted == 'n') || !is_new {
            return None;
        }
        known.push(record);
    }
    Some(known)
}

fn message(record: &Record) -> Option<Vec<Record>> {
    match &record.value {
        Wire::Message(records) => Some(records.clone()),
        _ => None,
    }
}

fn number(records: &[Record], field: u64) -> u64 {
    match proto::find(records, field).map(|one| &one.value) {
        Some(Wire::Number(value, _)) => *value,
        _ => 0,
    }
}

fn small(records: &[Record], field: u64) -> Option<u32> {
    number(records, field).try_into().ok()
}

/// Bytes that are there.
fn some(records: &[Record], field: u64) -> Option<Vec<u8>> {
    let found = proto::find(records, field)?.content()?;
    (!found.is_empty()).then_some(found)
}

fn sized(records: &[Record], field: u64, size: usize) -> Option<Vec<u8>> {
    some(records, field).filter(|found| found.len() == size)
}

/// Hex of bytes of a size, or empty.
fn optional(records: &[Record], field: u64, size: usize) -> Option<String> {
    match some(records, field) {
        None => Some(String::new()),
        Some(found) => (found.len() == size).then(|| hex(&found)),
    }
}

fn timestamp(records: Vec<Record>) -> Option<Value> {
    let records = strict(records, "nn")?;
    let seconds = number(&records, 1);
    let is_time = seconds <= MAX_SECONDS && number(&records, 2) < 1_000_000_000;
    is_time.then(|| moment::text(seconds).into())
}

fn sev_snp(records: Vec<Record>) -> Option<Value> {
    let records = strict(records, SNP_TYPES)?;
    let entries = records.iter().filter(|one| one.number == 2).map(|entry| {
        let entry = strict(message(entry)?, "nb")?;
        Some((small(&entry, 1)?, hex(&sized(&entry, 2, 48)?)))
    });
    let mut entries: Vec<_> = entries.collect::<Option<_>>()?;
    entries.sort();
    let is_single = entries.windows(2).all(|pair| pair[0].0 != pair[1].0);
    let measurements: Vec<Value> = entries
        .iter()
        .map(|(vmsas, measurement)| json!({ "vmsas": vmsas, "measurement": measurement }))
        .collect();
    let svsm = optional(&records, 7, 48)?;
    (is_single && measurements.len() <= MAX_MEASUREMENTS).then_some(json!({
        "svn": small(&records, 1)?,
        "policy": format!("{:#018x}", number(&records, 5)),
        "familyId": optional(&records, 3, 16)?,
        "imageId": optional(&records, 4, 16)?,
        "measurements": measurements,
        "svsmMeasurement": Some(svsm).filter(|svsm| !svsm.is_empty()),
    }))
}

fn tdx(records: Vec<Record>) -> Option<Value> {
    let records = strict(records, TDX_TYPES)?;
    let all = records.iter().filter(|one| one.number == 2).map(|one| {
        let one = strict(message(one)?, "nnb")?;
        let early = number(&one, 2);
        (early < 2).then_some(json!({
            "ramGib": small(&one, 1)?,
            "earlyAccept": early == 1,
            "mrTd": hex(&sized(&one, 3, 48)?),
        }))
    });
    let all: Vec<Value> = all.collect::<Option<_>>()?;
    let svn = small(&records, 1)?;
    (all.len() <= MAX_MEASUREMENTS).then(|| json!({ "svn": svn, "measurements": all }))
}

/// Certificates of an endorsement: its own, and those above it.
#[must_use]
pub fn certificates(file: &[u8]) -> Option<Vec<Vec<u8>>> {
    let envelope = proto::read(file, ENVELOPE)?;
    let golden = message(proto::find(&envelope, 1)?)?;
    let own = proto::find(&golden, 4)?.content()?;
    let bundle = some(&golden, 6).map_or(Some(vec![]), |file| der_of(&file))?;
    Some([vec![own], bundle].concat())
}

/// The endorsement's own signature, by the key of its certificate.
#[must_use]
pub fn proof(file: &[u8]) -> Option<Proof> {
    let envelope = proto::read(file, ENVELOPE)?;
    let own = certificates(file)?.into_iter().next()?;
    Some(Proof {
        what: "endorsement",
        scheme: Scheme::By(Made::Pss("sha256", false)),
        key: Signed::read(&own)?.key().to_vec(),
        message: proto::find(&envelope, 1)?.content()?,
        signature: proto::find(&envelope, 2)?.content()?,
    })
}

/// Checks an endorsement that was verified; gives everything that must be signed.
///
/// # Panics
/// Where something does not hold.
pub fn check(fields: &[Field], found: &Value) -> Vec<Proof> {
    let [file, roots, anchors, now] = fields else {
        panic!("an accepted input has four fields");
    };
    let mut said = expected(bytes(file)).expect("an endorsement that must be refused");
    for name in ["certificates", "lab"] {
        said[name] = found[name].clone();
    }
    assert_eq!(*found, said, "the endorsement is shown as it is");
    let own = certificates(bytes(file)).expect("certificates");
    let all = [own, all_of(roots)].concat();
    let given = Given {
        certificates: &all,
        lists: None,
        anchors,
        now: bytes(now),
        known: &[BASIC_CONSTRAINTS, KEY_USAGE, PURPOSES],
    };
    let mut proofs = chain::check(&given, found, |path| {
        let leaf = &path[0];
        check_known(leaf, given.known);
        check_end(leaf);
        assert!(
            usage(leaf).is_none_or(|bits| bits & 0x8000 != 0),
            "its usage"
        );
        let is_rsa = matches!(Public::read(leaf.key()), Some(Public::Rsa(_)));
        assert!(is_rsa, "a key of RSA");
    });
    proofs.push(proof(bytes(file)).expect("a signature"));
    proofs
}

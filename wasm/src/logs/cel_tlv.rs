//! CEL in type, length, value (CEL §5.1): a type of one byte, a length of
//! four, big-endian, and so many bytes, in which the same may be nested.

use crate::answer::Refusal;
use crate::logs::algorithm::Algorithm;
use crate::logs::bytes::Bytes;
use crate::logs::cel::{
    Content, Fault, IMA_TEMPLATE, IMA_TLV, Index, MANAGEMENT, PCCLIENT, Record, Records, SYSTEMD,
};
use crate::logs::codes::Code;
use crate::logs::event::{Digest, Format, Registers};
use crate::logs::event_type::NO_ACTION;
use crate::logs::header::MAX_BANKS;
use crate::logs::tcg::Parts;

/// Types of fields (CEL Table 2, and `CCMR` as go-eventlog has it).
const NUMBER: u8 = 0;
const PCR: u8 = 1;
const NV_INDEX: u8 = 2;
const DIGESTS: u8 = 3;
const CCMR: u8 = 108;
/// Types of a log's own management that are extended into nothing (CEL §4.4).
const UNMEASURED: [u8; 2] = [1, 2];
/// Most bytes of a record's number, and of other numbers.
const LONG: usize = 8;
const SHORT: usize = 4;

/// Whether a log begins as one of this format does: with record 0, and the
/// register of that. No log of firmware does so, since its first event would be
/// the header, with its zeros, or have a digest of as many.
#[must_use]
pub fn is_one(log: &[u8]) -> bool {
    let mut rest = Bytes(log);
    let number = rest.tlv();
    let is_first = number.is_some_and(|(kind, value)| {
        kind == NUMBER && (1..=LONG).contains(&value.len()) && value.iter().all(|byte| *byte == 0)
    });
    is_first && matches!(rest.byte(), Some(PCR | NV_INDEX | CCMR))
}

/// Reads a log.
///
/// # Errors
/// `logs.limit`, `logs.truncated`, `logs.syntax`, `logs.register`,
/// `logs.record_number`, `logs.digests`, `logs.locality`
pub fn read(log: &[u8], registers: Registers) -> Result<Parts, Refusal> {
    let mut rest = Bytes(log);
    let mut records = Records::of(registers);
    while !rest.is_empty() {
        records.builder.check_room()?;
        records.add(record(&mut rest))?;
    }
    records.finish(Format::CelTlv)
}

fn record(rest: &mut Bytes<'_>) -> Result<Record, Fault> {
    let number = number(field(rest, NUMBER)?, LONG)?;
    Ok(Record {
        number: Some(number),
        index: index(rest)?,
        digests: digests(field(rest, DIGESTS)?)?,
        content: content(rest)?,
    })
}

fn index(rest: &mut Bytes<'_>) -> Result<Index, Fault> {
    let (kind, value) = take(rest)?;
    let make = match kind {
        PCR => Index::Pcr,
        CCMR => Index::Ccmr,
        NV_INDEX => Index::Nv,
        _ => return Err(Fault::syntax("it names no register")),
    };
    Ok(make(short_number(value)?))
}

fn digests(value: &[u8]) -> Result<Vec<Digest>, Fault> {
    let mut rest = Bytes(value);
    let mut digests: Vec<Digest> = Vec::new();
    while !rest.is_empty() {
        if digests.len() == MAX_BANKS {
            let reason = format!("it has more than {MAX_BANKS} digests");
            return Err(Fault(Code::Limit, reason));
        }
        let (kind, digest) = take(&mut rest)?;
        let algorithm = Algorithm(u16::from(kind));
        let is_known = digests.iter().any(|(known, _)| *known == algorithm);
        if is_known || !algorithm.allows(digest.len()) {
            let reason = format!("{} is there twice, or of another size", algorithm.name());
            return Err(Fault(Code::Digests, reason));
        }
        digests.push((algorithm, digest.to_vec()));
    }
    Ok(digests)
}

fn content(rest: &mut Bytes<'_>) -> Result<Content, Fault> {
    let whole = rest.0;
    let (kind, value) = take(rest)?;
    Ok(match kind {
        ..=DIGESTS => return Err(Fault::syntax("it has no content")),
        4 => management(value)?,
        5 => pcclient(value)?,
        7 => {
            let [_, data] = pair(value)?;
            Content::of(IMA_TEMPLATE, data)
        }
        8 => Content::of(IMA_TLV, value),
        9 => Content::of(SYSTEMD, value),
        _ => {
            // What is extended is not in the specification; COS, 0x50, hashes all of it.
            let all = whole.get(..whole.len() - rest.0.len());
            Content::of(format!("{kind:#04x}"), all.unwrap_or_default())
        }
    })
}

fn management(value: &[u8]) -> Result<Content, Fault> {
    let mut rest = Bytes(value);
    let mut content = Content::of(MANAGEMENT, value);
    content.is_measured = false;
    loop {
        let (kind, _) = take(&mut rest)?;
        content.is_measured |= !UNMEASURED.contains(&kind);
        if rest.is_empty() {
            return Ok(content);
        }
    }
}

fn pcclient(value: &[u8]) -> Result<Content, Fault> {
    let [kind, data] = pair(value)?;
    let kind = short_number(kind)?;
    Ok(Content {
        name: String::from(PCCLIENT),
        kind: Some(kind),
        data: data.to_vec(),
        is_measured: kind != NO_ACTION,
    })
}

/// A field of type 0 and one of type 1, and no more.
fn pair(value: &[u8]) -> Result<[&[u8]; 2], Fault> {
    let mut rest = Bytes(value);
    let pair = [field(&mut rest, 0)?, field(&mut rest, 1)?];
    if rest.is_empty() {
        return Ok(pair);
    }
    Err(Fault::syntax("its content has more fields than it should"))
}

fn field<'a>(rest: &mut Bytes<'a>, wanted: u8) -> Result<&'a [u8], Fault> {
    let (kind, value) = take(rest)?;
    if kind == wanted {
        return Ok(value);
    }
    Err(Fault::syntax(format!("it has a field {kind} for {wanted}")))
}

fn take<'a>(rest: &mut Bytes<'a>) -> Result<(u8, &'a [u8]), Fault> {
    let short = || Fault(Code::Truncated, String::from("the log ends within it"));
    rest.tlv().ok_or_else(short)
}

fn number(value: &[u8], most: usize) -> Result<u64, Fault> {
    if !(1..=most).contains(&value.len()) {
        let reason = format!("a number has {} bytes", value.len());
        return Err(Fault::syntax(reason));
    }
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    Ok(value.iter().fold(0, add))
}

fn short_number(value: &[u8]) -> Result<u32, Fault> {
    let number = number(value, SHORT)?;
    u32::try_from(number).map_err(|_| Fault::syntax("a number is too large"))
}

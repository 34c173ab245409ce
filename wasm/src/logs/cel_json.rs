//! CEL in JSON (CEL §5.3), as a list of records or, as systemd appends them to
//! its log, one after the other and without numbers.

use crate::answer::Refusal;
use crate::json::members::{Members, bytes, number};
use crate::json::split::{Fault as SplitFault, split};
use crate::json::string::string;
use crate::logs::algorithm::Algorithm;
use crate::logs::builder::MAX_EVENTS;
use crate::logs::cel::{
    Content, Fault, IMA_TEMPLATE, IMA_TLV, Index, MANAGEMENT, PCCLIENT, Record, Records, SYSTEMD,
};
use crate::logs::codes::Code;
use crate::logs::event::{Digest, Format, Registers};
use crate::logs::event_type::{NO_ACTION, named};
use crate::logs::refuse;
use crate::logs::tcg::Parts;

/// Most that a number of JavaScript says exactly.
const MAX_NUMBER: u64 = (1 << 53) - 1;
const MAX_U32: u64 = 0xFFFF_FFFF;
/// Longest name of a kind of content.
const MAX_NAME: usize = 32;
/// Most events of a record of a log's own management.
const MAX_MANAGEMENT: usize = 16;
/// Kinds of those that are extended into nothing (CEL §4.4).
const UNMEASURED: [&str; 2] = ["cel_version", "firmware_end"];

/// Whether a log begins as one of this format does.
#[must_use]
pub fn is_one(log: &[u8]) -> bool {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let first = log.iter().find(|byte| !is_blank(byte));
    matches!(first, Some(b'{' | b'[' | 0x1E))
}

/// Reads a log.
///
/// # Errors
/// `logs.limit`, `logs.syntax`, `logs.format`, `logs.register`,
/// `logs.record_number`, `logs.digests`, `logs.locality`
pub fn read(log: &[u8], registers: Registers) -> Result<Parts, Refusal> {
    let text = core::str::from_utf8(log);
    let text = text.map_err(|_| refuse(Code::Syntax, "it is not UTF-8"))?;
    let values = split(text, MAX_EVENTS).map_err(|fault| match fault {
        SplitFault::Syntax(reason) => refuse(Code::Syntax, reason),
        SplitFault::Limit => refuse(
            Code::Limit,
            format!("there are more than {MAX_EVENTS} records"),
        ),
    })?;
    let mut records = Records::of(registers);
    for value in values {
        records.add(record(value))?;
    }
    records.finish(Format::CelJson)
}

fn record(text: &str) -> Result<Record, Fault> {
    let mut members = Members::of(text)?;
    let recnum = members.may("recnum");
    let recnum = recnum.map(|text| number(text, MAX_NUMBER)).transpose()?;
    let index = index(&mut members)?;
    let digests = digests(members.need("digests")?)?;
    let name = name(members.need("content_type")?)?;
    let content = content(name, members.need("content")?)?;
    members.finish()?;
    check_sizes(&digests)?;
    Ok(Record {
        number: recnum,
        index,
        digests,
        content,
    })
}

fn index(members: &mut Members<'_>) -> Result<Index, Fault> {
    let found = ["pcr", "ccmr", "nv_index"].map(|name| members.may(name));
    let (make, text): (fn(u32) -> Index, &str) = match found {
        [Some(text), None, None] => (Index::Pcr, text),
        [None, Some(text), None] => (Index::Ccmr, text),
        [None, None, Some(text)] => (Index::Nv, text),
        _ => return Err(Fault::syntax("it does not name one register")),
    };
    Ok(make(short_number(text)?))
}

fn short_number(text: &str) -> Result<u32, Fault> {
    let number = number(text, MAX_U32)?;
    u32::try_from(number).map_err(|_| Fault::syntax("a number is too large"))
}

/// Values of a list.
fn list(text: &str, most: usize) -> Result<Vec<&str>, Fault> {
    if !text.starts_with('[') {
        return Err(Fault::syntax("a value is no list"));
    }
    split(text, most).map_err(|_| Fault::syntax("a list is too long"))
}

fn digests(text: &str) -> Result<Vec<Digest>, Fault> {
    let digests = list(text, usize::MAX)?.into_iter().map(|text| {
        let mut members = Members::of(text)?;
        let name = string(members.need("hashAlg")?)?;
        let algorithm = Algorithm::named(&name);
        let algorithm = algorithm.ok_or_else(|| Fault::syntax("a hash is not known"))?;
        let digest = bytes(members.need("digest")?)?;
        members.finish()?;
        Ok((algorithm, digest))
    });
    digests.collect()
}

fn check_sizes(digests: &[Digest]) -> Result<(), Fault> {
    let mut seen = Vec::new();
    for (algorithm, digest) in digests {
        if seen.contains(algorithm) || !algorithm.allows(digest.len()) {
            let reason = format!("{} is there twice, or of another size", algorithm.name());
            return Err(Fault(Code::Digests, reason));
        }
        seen.push(*algorithm);
    }
    Ok(())
}

/// It is shown to people, so it may not be just anything.
fn name(text: &str) -> Result<String, Fault> {
    let name = string(text)?;
    let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.');
    if (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(is_plain) {
        return Ok(name);
    }
    Err(Fault::syntax("its content is of no kind"))
}

fn content(name: String, text: &str) -> Result<Content, Fault> {
    match name.as_str() {
        MANAGEMENT => management(text),
        PCCLIENT => pcclient(text),
        IMA_TEMPLATE => ima_template(text),
        IMA_TLV => Ok(Content::of(name, bytes(text)?)),
        SYSTEMD => systemd(text),
        _ => Ok(Content::of(name, text)),
    }
}

fn management(text: &str) -> Result<Content, Fault> {
    let mut content = Content::of(MANAGEMENT, text);
    content.is_measured = false;
    let items = if text.starts_with('[') {
        list(text, MAX_MANAGEMENT)?
    } else {
        vec![text]
    };
    if items.is_empty() {
        return Err(Fault::syntax("its content is empty"));
    }
    for item in items {
        let mut members = Members::of(item)?;
        let kind = string(members.need("type")?)?;
        content.is_measured |= !UNMEASURED.contains(&kind.as_str());
        let _ = members.may("data");
        members.finish()?;
    }
    Ok(content)
}

fn pcclient(text: &str) -> Result<Content, Fault> {
    let mut members = Members::of(text)?;
    let kind = members.need("event_type")?;
    let kind = if kind.starts_with('"') {
        named(&string(kind)?).ok_or_else(|| Fault::syntax("the type of an event is not known"))?
    } else {
        short_number(kind)?
    };
    let data = bytes(members.need("event_data")?)?;
    members.finish()?;
    Ok(Content {
        name: String::from(PCCLIENT),
        kind: Some(kind),
        data,
        is_measured: kind != NO_ACTION,
    })
}

fn ima_template(text: &str) -> Result<Content, Fault> {
    let mut members = Members::of(text)?;
    string(members.need("template_name")?)?;
    let data = bytes(members.need("template_data")?)?;
    members.finish()?;
    Ok(Content::of(IMA_TEMPLATE, data))
}

/// Bytes, as the specification has it; an object with more, as systemd writes it.
fn systemd(text: &str) -> Result<Content, Fault> {
    let data = if text.starts_with('"') {
        bytes(text)?
    } else {
        let measured = Members::of(text)?.may("string");
        let measured = measured.map(string).transpose()?;
        measured.unwrap_or_default().into_bytes()
    };
    Ok(Content::of(SYSTEMD, data))
}

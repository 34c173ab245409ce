//! What an HCL report or runtime data say, made again out of their bytes: of
//! each file it is known whether it must be accepted, and as what.

use crate::accepted::bytes;
use crate::certificate::{hex, sha256};
use crate::log::hash;
use crate::shape::Field;
use crate::strict_json::{self, Members, Node, member};
use crate::tpm_keys;
use serde_json::{Map, Value, json};

/// Most bytes of a file.
const MAX_BYTES: usize = 16 * 1024;
const HARDWARE: usize = 32;
const DATA: usize = 1216;
const RUNTIME: usize = 1236;
/// Fields of `TDREPORT_STRUCT` in a row: name, offset, length (TDX Module ABI).
const TD_REPORT: [(&str, usize, usize); 14] = [
    ("cpuSvn", 16, 16),
    ("reportData", 128, 64),
    ("teeTcbSvn", 264, 16),
    ("mrSeam", 280, 48),
    ("mrSignerSeam", 328, 48),
    ("seamAttributes", 376, 8),
    ("teeTcbSvn2", 384, 16),
    ("tdAttributes", 512, 8),
    ("xfam", 520, 8),
    ("mrTd", 528, 48),
    ("mrConfigId", 576, 48),
    ("mrOwner", 624, 48),
    ("mrOwnerConfig", 672, 48),
    ("mrServiceTd", 912, 48),
];
const RTMRS: [usize; 4] = [720, 768, 816, 864];
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The one answer to an input; none where it must be refused.
#[must_use]
pub fn expected(fields: &[Field]) -> Option<Value> {
    match fields {
        [file] => report(bytes(file)),
        [name, data] => {
            let name = core::str::from_utf8(bytes(name)).ok()?;
            let is_in_size = (1..=MAX_BYTES).contains(&bytes(data).len());
            is_in_size.then(|| runtime(name, bytes(data))).flatten()
        }
        _ => None,
    }
}

fn report(file: &[u8]) -> Option<Value> {
    let word = |at: usize| {
        let bytes = file.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    };
    let (kind, length, data) = match word(1224)? {
        2 => ("snp", 1184, 0x50),
        4 => ("tdx", 1024, 128),
        _ => return None,
    };
    let name = match word(1228)? {
        1 => "sha256",
        2 => "sha384",
        3 => "sha512",
        _ => return None,
    };
    let size = word(1232)? as usize;
    let end = RUNTIME + size;
    let is_whole = file.len() <= MAX_BYTES && end <= file.len();
    let sizes = [word(8)? as usize, word(DATA)? as usize];
    let is_known = file.starts_with(b"HCLA")
        && matches!(word(4)?, 1 | 2)
        && (word(12)?, word(1220)?) == (2, 1)
        && is_whole
        && sizes == [end, end - DATA];
    if !is_known {
        return None;
    }
    let zeros = [
        &file[16..HARDWARE],
        &file[HARDWARE + length..DATA],
        &file[end..],
    ];
    let hardware = &file[HARDWARE..HARDWARE + length];
    let is_td = kind == "tdx";
    if zeros.concat().iter().any(|byte| *byte != 0) || (is_td && hardware[0] != 0x81) {
        return None;
    }
    Some(json!({
        "version": word(4),
        "reportType": kind,
        "hardwareReport": hex(hardware),
        "tdReport": is_td.then(|| td_report(hardware)),
        "reportData": hex(&hardware[data..data + 64]),
        "runtime": runtime(name, &file[RUNTIME..end])?,
    }))
}

fn td_report(report: &[u8]) -> Value {
    let field = |at: usize, length: usize| Value::from(hex(&report[at..at + length]));
    let fields = TD_REPORT.iter();
    let mut shown: Map<String, Value> = fields
        .map(|(name, at, length)| ((*name).to_owned(), field(*at, *length)))
        .collect();
    let registers = RTMRS.map(|at| field(at, 48));
    shown.insert("rtmrs".to_owned(), Value::from(registers.to_vec()));
    shown.into()
}

fn runtime(name: &str, data: &[u8]) -> Option<Value> {
    let members = strict_json::object(data)?;
    let known = ["keys", "vm-configuration", "user-data"];
    let others = members.iter().map(|(name, _)| name.as_str());
    let others: Vec<&str> = others.filter(|name| !known.contains(name)).collect();
    Some(json!({
        "hashAlgorithm": name,
        "hash": hex(&hash(name, data)?),
        "bytes": data.len(),
        "keys": keys(&members)?,
        "vmConfiguration": settings(&members)?,
        "userData": user_data(&members)?,
        "others": others,
    }))
}

/// Null where there are none; none where they are wrong.
fn user_data(members: &Members) -> Option<Value> {
    let Some(value) = member(members, "user-data") else {
        return Some(Value::Null);
    };
    let text = value.text()?;
    let is_hex = text.len() == 128 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| text.to_lowercase().into())
}

fn settings(members: &Members) -> Option<Vec<Value>> {
    let Node::Object(settings) = member(members, "vm-configuration")? else {
        return None;
    };
    let shown = settings.iter().map(|(name, value)| {
        let Node::Plain(value) = value else {
            return None;
        };
        let length = value.as_str().map_or(0, |text| text.chars().count());
        (length <= 1024).then(|| json!({ "name": name, "value": value }))
    });
    let shown: Vec<Value> = shown.collect::<Option<_>>()?;
    (shown.len() <= 64).then_some(shown)
}

fn keys(members: &Members) -> Option<Vec<Value>> {
    let Node::List(items) = member(members, "keys")? else {
        return None;
    };
    let keys: Vec<Value> = items.iter().map(key).collect::<Option<_>>()?;
    let mut names: Vec<&str> = keys.iter().filter_map(|key| key["kid"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    ((1..=8).contains(&keys.len()) && names.len() == keys.len()).then_some(keys)
}

fn key(item: &Node) -> Option<Value> {
    let Node::Object(parts) = item else {
        return None;
    };
    let [kid, kty, e, n] = ["kid", "kty", "e", "n"].map(|name| member(parts, name)?.text());
    let Some(Node::List(uses)) = member(parts, "key_ops") else {
        return None;
    };
    let is_sized = |text: &&str, most| (1..=most).contains(&text.chars().count());
    let kid = kid.filter(|kid| is_sized(kid, 64))?;
    let uses = uses
        .iter()
        .map(|one| one.text().filter(|one| is_sized(one, 32)));
    let uses: Vec<&str> = uses.collect::<Option<_>>()?;
    let is_known = kty == Some("RSA") && e == Some("AQAB") && parts.len() == 5;
    let modulus = base64url(n?).filter(|_| is_known && (1..=8).contains(&uses.len()))?;
    let is_strong = matches!(modulus.len(), 256 | 384 | 512)
        && modulus[0] >= 0x80
        && modulus[modulus.len() - 1] % 2 == 1;
    let spki = tpm_keys::info(core::slice::from_ref(&modulus)).filter(|_| is_strong)?;
    Some(json!({
        "kid": kid,
        "keyOps": uses,
        "bits": 8 * modulus.len(),
        "spki": hex(&spki),
        "spkiSha256": hex(&sha256(&spki)),
    }))
}

/// RFC 4648 §5 without padding; bits that are left over are zero.
fn base64url(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for digit in text.bytes() {
        let value = DIGITS.iter().position(|known| *known == digit)?;
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    (count < 6 && bits == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::base64url;

    #[test]
    fn base64url_has_one_form() {
        assert_eq!(base64url("AQAB"), Some(vec![1, 0, 1]));
        assert_eq!(base64url("_w"), Some(vec![0xff]));
        for text in ["_x", "A", "AQA=", "AQ+B", "AQAAA"] {
            assert_eq!(base64url(text), None, "{text}");
        }
    }
}

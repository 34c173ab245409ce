//! Changes of JSON documents, value by value.

use crate::bytes;
use crate::json::{Value, read};
use crate::pool::Pool;
use crate::random::Random;

/// Most items that a repetition may make.
const MAX_REPEATED: usize = 1024;

/// Changes a document.
pub fn mutate_file(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let Some(mut document) = read(file) else {
        bytes::mutate(file, random);
        return;
    };
    match random.below(24) {
        0 => document.before = around(random),
        1 => document.after = around(random),
        2 => {
            let at = random.below(file.len());
            file.splice(at..at, around(random).into_bytes());
            return;
        }
        _ => descend(&mut document.value, random, pool),
    }
    *file = document.write();
}

fn around(random: &mut Random) -> String {
    let piece = random.choose([
        " ", "\n", "\t\r\n", "\u{feff}", "\0", "{}", ",", "\u{a0}", "/**/",
    ]);
    piece.repeat(random.power(12))
}

/// Goes down by chance, so that values of every depth are changed alike often.
fn descend(value: &mut Value, random: &mut Random, pool: &Pool) {
    let mut inner = value.inner();
    if !inner.is_empty() && !random.once_in(4) {
        let index = random.below(inner.len());
        descend(inner[index], random, pool);
        return;
    }
    match value {
        Value::Text(text) => mutate_text(text, random),
        Value::List(items) => mutate_list(items, random),
        Value::Object(members) => mutate_members(members, random, pool),
    }
    if random.once_in(24) {
        *value = other(random);
    }
}

fn other(random: &mut Random) -> Value {
    let deep = 1 << random.below(10);
    Value::Text(
        random
            .choose(
                [
                    "null".to_owned(),
                    "true".to_owned(),
                    "{}".to_owned(),
                    "[]".to_owned(),
                    "\"\"".to_owned(),
                    "0".to_owned(),
                    "[".repeat(deep) + &"]".repeat(deep),
                    "{\"a\":".repeat(deep) + "0" + &"}".repeat(deep),
                ]
                .each_ref()
                .map(String::as_str),
            )
            .to_owned(),
    )
}

fn mutate_text(text: &mut String, random: &mut Random) {
    const NUMBERS: [&str; 17] = [
        "0",
        "-0",
        "1",
        "-1",
        "255",
        "256",
        "65535",
        "65536",
        "4294967295",
        "4294967296",
        "18446744073709551616",
        "1e400",
        "1.0",
        "1e0",
        "01",
        "+1",
        "0x1",
    ];
    if !text.starts_with('"') {
        *text = random.choose(NUMBERS).to_owned();
        return;
    }
    let at = 1 + random.below(text.len().saturating_sub(2));
    let at = (at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(1);
    match random.below(8) {
        0 => text.insert_str(
            at,
            random.choose(["\\u0041", "\\ud800", "\\n", "\\/", "\\", "\n", "\u{202e}"]),
        ),
        1 => *text = text.to_ascii_lowercase(),
        2 => *text = text.to_ascii_uppercase(),
        3 => escape_one(text, at),
        4 => text.insert_str(at, random.choose(["0", "f", " ", "Z", "-", "é"])),
        5 => text.insert_str(at, &"a".repeat(1 << random.below(12))),
        6 => *text = random.choose(STRINGS).to_owned(),
        _ => {
            let mut raw = core::mem::take(text).into_bytes();
            raw[at] = random.choose(*b"0123456789abcdefTZ\"");
            *text = String::from_utf8_lossy(&raw).into_owned();
        }
    }
}

const STRINGS: [&str; 14] = [
    "\"\"",
    "\"00\"",
    "\"TDX\"",
    "\"SGX\"",
    "\"TD_QE\"",
    "\"QE\"",
    "\"QVE\"",
    "\"UpToDate\"",
    "\"OutOfDate\"",
    "\"Revoked\"",
    "\"TDX_01\"",
    "\"TDX_03\"",
    "\"9999-12-31T23:59:59Z\"",
    "\"2024-02-30T00:00:00Z\"",
];

/// The same text to a reader of JSON, other bytes to a signature.
fn escape_one(text: &mut String, at: usize) {
    if let Some(byte) = text
        .as_bytes()
        .get(at)
        .filter(|byte| byte.is_ascii_alphanumeric())
    {
        let escaped = format!("\\u{byte:04x}");
        text.replace_range(at..=at, &escaped);
    }
}

fn mutate_list(items: &mut Vec<Value>, random: &mut Random) {
    if items.is_empty() {
        items.push(other(random));
        return;
    }
    let (one, to) = (random.below(items.len()), random.below(items.len()));
    match random.below(4) {
        0 => drop(items.remove(one)),
        1 => items.swap(one, to),
        2 => {
            let copies = vec![items[one].clone(); (1 << random.below(11)).min(MAX_REPEATED)];
            items.splice(one..one, copies);
        }
        _ => items.insert(to, items[one].clone()),
    }
}

fn mutate_members(members: &mut Vec<(String, Value)>, random: &mut Random, pool: &Pool) {
    if members.is_empty() {
        members.push(("\"a\"".to_owned(), other(random)));
        return;
    }
    let (one, to) = (random.below(members.len()), random.below(members.len()));
    match random.below(7) {
        0 => drop(members.remove(one)),
        1 => members.swap(one, to),
        2 => members.insert(to, members[one].clone()),
        3 => mutate_text(&mut members[one].0, random),
        4 => members.insert(to, ("\"extra\"".to_owned(), other(random))),
        5 => members[to].1 = members[one].1.clone(),
        _ => {
            let name = members[one].0.clone();
            if let Some(found) = pool.value(random).and_then(|value| find(value, &name)) {
                members[one].1 = found.clone();
            }
        }
    }
}

fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Text(_) => None,
        Value::List(items) => items.iter().find_map(|item| find(item, name)),
        Value::Object(members) => {
            let own = members.iter().find(|(known, _)| known == name);
            own.map(|(_, value)| value)
                .or_else(|| members.iter().find_map(|(_, value)| find(value, name)))
        }
    }
}

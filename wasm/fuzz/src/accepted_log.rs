//! What must hold of a log that was accepted: its registers are what its digests
//! lead to, and what is called covered is what was hashed.

use crate::log::hash;
use serde_json::Value;
use std::collections::BTreeMap;

/// Algorithms that prove something.
const STRONG: [&str; 3] = ["sha256", "sha384", "sha512"];
/// Longest prefix that a boot loader puts before a text.
const MAX_PREFIX: usize = 20;
/// Types that are hashed whole, but for a separator, which may say that something failed.
const WHOLE: [u64; 4] = [5, 0x8000_0001, 0x8000_0006, 0x8000_0007];

/// Checks an answer.
///
/// # Panics
/// Where something does not hold.
pub fn check(found: &Value) {
    let events = found["events"].as_array().expect("a list of events");
    assert!(
        (1..=4096).contains(&events.len()),
        "{} events",
        events.len()
    );
    let most = if found["registers"] == "pcr" { 24 } else { 4 };
    let banks: Vec<&str> = list(&found["banks"]);
    let strong: Vec<&str> = banks
        .iter()
        .copied()
        .filter(|bank| STRONG.contains(bank))
        .collect();
    for (number, event) in events.iter().enumerate() {
        assert_eq!(event["number"].as_u64(), Some(number as u64));
        let Some(register) = event["register"].as_u64() else {
            assert_eq!(
                event["covered"],
                Value::Null,
                "what extends nothing is covered"
            );
            continue;
        };
        assert!(register < most, "register {register}");
        let digests = event["digests"].as_object().expect("digests");
        let is_same =
            digests.len() == banks.len() && banks.iter().all(|bank| digests.contains_key(*bank));
        assert!(is_same, "digests are not of the banks");
        check_covered(
            event,
            if strong.is_empty() {
                &["sha1"]
            } else {
                &strong
            },
        );
        let is_whole = event["type"]
            .as_u64()
            .is_some_and(|kind| WHOLE.contains(&kind));
        assert!(!is_whole || strong.is_empty() || event["covered"] == "whole");
    }
    check_replay(found, events);
}

fn list(value: &Value) -> Vec<&str> {
    let items = value.as_array().expect("a list").iter();
    items.map(|item| item.as_str().expect("text")).collect()
}

fn check_covered(event: &Value, banks: &[&str]) {
    let data = bytes(&event["data"]);
    let parts: Vec<Vec<u8>> = match event["covered"].as_str() {
        None => return,
        Some("whole") => vec![data],
        Some("value") => vec![data[32.min(data.len())..].to_vec()],
        Some("text") => texts(&data),
        Some("name") => vec![data.iter().step_by(2).copied().collect()],
        Some(other) => panic!("covered is {other}"),
    };
    let is_hash = |part: &[u8]| {
        let of = |bank: &&str| hash(bank, part) == Some(bytes(&event["digests"][*bank]));
        banks.iter().all(of)
    };
    let is_value = event["covered"] == "value";
    let found = parts.iter().any(|part| {
        // The name before a value may have any length.
        let most = if is_value { part.len() } else { 0 };
        (0..=most).any(|start| is_hash(&part[start..]))
    });
    assert!(found, "what is called covered is not what was hashed");
}

fn texts(data: &[u8]) -> Vec<Vec<u8>> {
    let starts = (0..=MAX_PREFIX).filter_map(|start| data.get(start..));
    let both = starts.flat_map(|text| [text, text.strip_suffix(&[0]).unwrap_or(text)]);
    both.map(<[u8]>::to_vec).collect()
}

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().expect("hex").as_bytes().chunks(2);
    let digits = hex.map(|pair| str::from_utf8(pair).expect("ASCII"));
    digits
        .map(|pair| u8::from_str_radix(pair, 16).expect("hex"))
        .collect()
}

fn check_replay(found: &Value, events: &[Value]) {
    let replay = found["replay"].as_object().expect("a replay");
    for (bank, values) in replay {
        let mut expected = BTreeMap::new();
        for event in events {
            let Some(register) = event["register"].as_u64() else {
                continue;
            };
            let digest = bytes(&event["digests"][bank]);
            let value = expected.entry(register).or_insert_with(|| {
                let mut zeros = vec![0; digest.len()];
                if let (0, Some(locality)) = (register, found["startupLocality"].as_u64()) {
                    *zeros.last_mut().expect("a digest") = locality as u8;
                }
                zeros
            });
            *value = hash(bank, &[value.as_slice(), &digest].concat()).expect("a known bank");
        }
        let values = values.as_object().expect("values");
        assert_eq!(values.len(), expected.len());
        for (register, value) in expected {
            assert_eq!(
                bytes(&values[&register.to_string()]),
                value,
                "{bank} {register}"
            );
        }
    }
}

//! Events of firmware logs: registers, digests, locality, padding, replay.

use crate::make::{
    SHA1, SHA256, SHA384, SHA512, SM3, answer, event1, event2, event2_with, extended, hash, header,
    refused,
};
use serde_json::json;

const BANKS: [u16; 2] = [SHA1, SHA256];

fn log(events: &[Vec<u8>]) -> Vec<u8> {
    [header(&BANKS), events.concat()].concat()
}

fn locality(value: &[u8]) -> Vec<u8> {
    event2(&BANKS, 0, 3, &[b"StartupLocality\0", value].concat())
}

#[test]
fn events_of_sha_1_are_read_and_replayed() {
    let found = answer(
        "PCR",
        &[event1(4, 5, b"one"), event1(4, 5, b"two")].concat(),
    )
    .unwrap();
    assert_eq!(found["banks"], json!(["sha1"]));
    assert_eq!(found["header"], json!(null));
    let event = json!({
        "number": 1, "register": 4, "type": 5, "content": "pcclient_std",
        "digests": { "sha1": "ad782ecdac770fc6eb9a62e44f90873fb97fb26b" },
        "data": "74776f", "covered": "whole",
    });
    assert_eq!(found["events"][1], event);
    let value = extended(SHA1, 0, &[hash(SHA1, b"one"), hash(SHA1, b"two")]);
    assert_eq!(found["replay"], json!({ "sha1": { "4": value } }));
    assert_eq!(
        (&found["padding"], &found["startupLocality"]),
        (&json!(0), &json!(null))
    );
}

#[test]
fn every_known_bank_is_replayed_and_others_are_kept() {
    let banks = [SHA512, SM3, SHA1, SHA384, SHA256];
    let events = [event2(&banks, 0, 8, b"a"), event2(&banks, 23, 8, b"b")].concat();
    let found = answer("PCR", &[header(&banks), events].concat()).unwrap();
    let replay = found["replay"].as_object().unwrap();
    assert_eq!(replay.len(), 4);
    for (bank, name) in [
        (SHA1, "sha1"),
        (SHA256, "sha256"),
        (SHA384, "sha384"),
        (SHA512, "sha512"),
    ] {
        let value = extended(bank, 0, &[hash(bank, b"b")]);
        assert_eq!(replay[name]["23"], value);
    }
    assert_eq!(found["events"][0]["digests"]["0x0012"], "33".repeat(32));
    assert_eq!(found["events"][0]["covered"], "whole");
}

#[test]
fn digests_may_stand_in_any_order() {
    let digests = [(SHA256, hash(SHA256, b"a")), (SHA1, hash(SHA1, b"a"))];
    let found = answer("PCR", &log(&[event2_with(1, 8, &digests, b"a")])).unwrap();
    assert_eq!(found["events"][0]["covered"], "whole");
    assert_eq!(
        found["replay"]["sha1"]["1"],
        extended(SHA1, 0, &[hash(SHA1, b"a")])
    );
}

#[test]
fn every_bank_has_one_digest() {
    let [one, other] = [(SHA1, hash(SHA1, b"a")), (SHA256, hash(SHA256, b"a"))];
    let strange = (SHA384, hash(SHA384, b"a"));
    for digests in [
        vec![],
        vec![one.clone()],
        vec![one.clone(), one.clone()],
        vec![one.clone(), strange.clone()],
        vec![one, other, strange],
    ] {
        let bent = log(&[
            event2(&BANKS, 1, 8, b"a"),
            event2_with(1, 8, &digests, b"a"),
        ]);
        assert_eq!(refused("PCR", &bent), ("logs.digests", Some(1)));
    }
}

#[test]
fn registers_exist() {
    for (index, register) in [(0, 0), (23, 23)] {
        let found = answer("PCR", &log(&[event2(&BANKS, index, 8, b"a")])).unwrap();
        assert_eq!(found["events"][0]["register"], register);
    }
    for index in [24, 0x100, u32::MAX] {
        let bent = log(&[event2(&BANKS, 1, 8, b"a"), event2(&BANKS, index, 8, b"a")]);
        assert_eq!(refused("PCR", &bent), ("logs.register", Some(1)));
        let silent = log(&[event2(&BANKS, index, 3, b"a")]);
        let found = answer("PCR", &silent).unwrap();
        assert_eq!(found["events"][0]["register"], json!(null));
        assert_eq!(found["replay"], json!({ "sha1": {}, "sha256": {} }));
    }
}

#[test]
fn log_07_a_tds_registers_are_numbered_from_1() {
    let log = |index| {
        let events = [
            event2(&[SHA384], 1, 8, b"a"),
            event2(&[SHA384], index, 8, b"b"),
        ];
        [header(&[SHA384]), events.concat()].concat()
    };
    let found = answer("RTMR", &log(4)).unwrap();
    let values = [b"a", b"b"].map(|data| extended(SHA384, 0, &[hash(SHA384, data)]));
    assert_eq!(found["registers"], "rtmr");
    assert_eq!(
        found["replay"],
        json!({ "sha384": { "0": values[0], "3": values[1] } })
    );
    for index in [0, 5, u32::MAX] {
        assert_eq!(refused("RTMR", &log(index)), ("logs.register", Some(1)));
    }
}

#[test]
fn log_04_pcr_0_starts_with_the_locality() {
    for value in [0, 3, 4] {
        let events = [
            locality(&[value]),
            event2(&BANKS, 0, 8, b"a"),
            event2(&BANKS, 1, 8, b"a"),
        ];
        let found = answer("PCR", &log(&events)).unwrap();
        assert_eq!(found["startupLocality"], value);
        for (bank, name) in [(SHA1, "sha1"), (SHA256, "sha256")] {
            let first = extended(bank, value, &[hash(bank, b"a")]);
            let second = extended(bank, 0, &[hash(bank, b"a")]);
            assert_eq!(found["replay"][name], json!({ "0": first, "1": second }));
        }
    }
}

#[test]
fn localities_are_known_once_and_in_time() {
    for (events, at) in [
        (vec![locality(&[1])], 0),
        (vec![locality(&[0xFF])], 0),
        (vec![locality(&[3]), locality(&[3])], 1),
        (vec![event2(&BANKS, 0, 8, b"a"), locality(&[0])], 1),
        (vec![event2(&BANKS, 0, 8, b"a"), locality(&[3])], 1),
    ] {
        assert_eq!(refused("PCR", &log(&events)), ("logs.locality", Some(at)));
    }
    let late = [
        event2(&BANKS, 1, 8, b"a"),
        locality(&[3]),
        event2(&BANKS, 0, 8, b"a"),
    ];
    assert_eq!(answer("PCR", &log(&late)).unwrap()["startupLocality"], 3);
}

#[test]
fn what_only_looks_like_a_locality_is_none() {
    let mut other = locality(&[3]);
    let kind = 4..8;
    other[kind].copy_from_slice(&8_u32.to_le_bytes());
    for event in [locality(&[]), locality(&[3, 0]), other] {
        let found = answer("PCR", &log(&[event])).unwrap();
        assert_eq!(found["startupLocality"], json!(null));
    }
    let td = event2(&[SHA384], 1, 3, b"StartupLocality\0\x09");
    let found = answer("RTMR", &[header(&[SHA384]), td].concat()).unwrap();
    assert_eq!(found["startupLocality"], json!(null));
}

#[test]
fn padding_ends_a_log() {
    let events = log(&[event2(&BANKS, 1, 8, b"a\0\0"), event2(&BANKS, 2, 8, b"b\0")]);
    for byte in [0, 0xFF] {
        for length in [1, 3, 40, 5000] {
            let padded = [events.as_slice(), &vec![byte; length]].concat();
            let found = answer("PCR", &padded).unwrap();
            assert_eq!(found["padding"], length);
            assert_eq!(found["events"].as_array().unwrap().len(), 2);
        }
    }
    for rest in [&[0, 0xFF][..], &[0xFF, 0], &[0, 0, 1], &[1], &[0xFE; 11]] {
        let bent = [events.as_slice(), rest].concat();
        assert_eq!(refused("PCR", &bent), ("logs.truncated", Some(2)));
    }
    let bent = [events.as_slice(), &[0; 100], &[1]].concat();
    assert_eq!(refused("PCR", &bent), ("logs.digests", Some(2)));
}

#[test]
fn a_cut_log_is_refused_wherever_it_is_cut() {
    let first = log(&[event2(&BANKS, 1, 8, b"a")]);
    let all = log(&[event2(&BANKS, 1, 8, b"a"), event2(&BANKS, 2, 8, b"bcd")]);
    for end in first.len() + 1..all.len() {
        let cut = &all[..end];
        // The first bytes of a number may be zeros, which then are padding.
        if cut[first.len()..].iter().any(|byte| *byte != 0) {
            assert_eq!(refused("PCR", cut), ("logs.truncated", Some(1)), "{end}");
        }
    }
    let legacy = event1(1, 8, b"abc");
    for end in 1..legacy.len() {
        assert_eq!(
            refused("PCR", &legacy[..end]),
            ("logs.format", None),
            "{end}"
        );
    }
}

#[test]
fn a_log_has_an_event() {
    assert_eq!(refused("PCR", &log(&[])), ("logs.format", None));
    let padded = [log(&[]), vec![0xFF; 100]].concat();
    assert_eq!(refused("PCR", &padded), ("logs.format", None));
}

#[test]
fn events_are_bounded() {
    let mut most = event1(1, 8, b"").repeat(4096);
    let found = answer("PCR", &most).unwrap();
    assert_eq!(found["events"].as_array().unwrap().len(), 4096);
    most.extend(event1(1, 8, b""));
    assert_eq!(refused("PCR", &most), ("logs.limit", Some(4096)));
}

#[test]
fn log_05_sizes_that_lie_are_refused_before_anything_is_taken() {
    let mut event = event2(&BANKS, 1, 8, b"abcd");
    let at = event.len() - 8;
    event[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(
        refused("PCR", &log(&[event.clone()])),
        ("logs.truncated", Some(0))
    );
    event[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(refused("PCR", &log(&[event])), ("logs.digests", Some(0)));
}

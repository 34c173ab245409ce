//! CEL in type, length, value.

use crate::make::{SHA1, SHA256, SHA384, answer, extended, hash, record, refused, tlv};
use casemate_core::hex::encode;
use serde_json::{Value, json};

fn pcclient(kind: u32, data: &[u8]) -> Vec<u8> {
    tlv(5, &[tlv(0, &kind.to_be_bytes()), tlv(1, data)].concat())
}

fn digests(data: &[u8]) -> [(u16, Vec<u8>); 1] {
    [(SHA256, hash(SHA256, data))]
}

fn pcr(index: u8) -> Vec<u8> {
    tlv(1, &[index])
}

/// Record 0 of PCR 1 with a content and the digest of some bytes.
fn one(content: &[u8], hashed: &[u8]) -> Vec<u8> {
    record(0, &pcr(1), &digests(hashed), content)
}

fn first(content: &[u8], hashed: &[u8]) -> Value {
    answer("PCR", &one(content, hashed)).unwrap()["events"][0].clone()
}

#[test]
fn records_are_read_and_replayed() {
    let log = [
        record(0, &pcr(4), &digests(b"one"), &pcclient(5, b"one")),
        record(
            1,
            &tlv(1, &[0, 0, 0, 4]),
            &digests(b"two"),
            &pcclient(5, b"two"),
        ),
    ];
    let found = answer("PCR", &log.concat()).unwrap();
    let value = extended(SHA256, 0, &[hash(SHA256, b"one"), hash(SHA256, b"two")]);
    assert_eq!(found["replay"], json!({ "sha256": { "4": value } }));
    assert_eq!(
        (&found["format"], &found["header"]),
        (&json!("cel-tlv"), &json!(null))
    );
    let event = json!({
        "number": 1, "register": 4, "type": 5, "content": "pcclient_std", "covered": "whole",
        "digests": { "sha256": encode(&hash(SHA256, b"two")) }, "data": "74776f",
    });
    assert_eq!(found["events"][1], event);
}

#[test]
fn registers_of_a_td_are_numbered_from_1() {
    let log =
        |index: &[u8], bank| record(0, index, &[(bank, hash(bank, b"a"))], &pcclient(5, b"a"));
    let found = answer("RTMR", &log(&tlv(108, &[4]), SHA384)).unwrap();
    let value = extended(SHA384, 0, &[hash(SHA384, b"a")]);
    assert_eq!(found["replay"], json!({ "sha384": { "3": value } }));
    assert_eq!(
        answer("ANY", &log(&tlv(108, &[4]), SHA384)).unwrap()["registers"],
        "rtmr"
    );
    assert_eq!(
        answer("ANY", &log(&pcr(4), SHA384)).unwrap()["registers"],
        "pcr"
    );
    for index in [
        tlv(108, &[0]),
        tlv(108, &[5]),
        pcr(1),
        tlv(2, &[1, 0, 0, 0]),
    ] {
        assert_eq!(
            refused("RTMR", &log(&index, SHA384)),
            ("logs.register", Some(0))
        );
    }
    for index in [tlv(1, &[24]), tlv(108, &[1]), tlv(2, &[1, 0, 0, 0])] {
        assert_eq!(
            refused("PCR", &log(&index, SHA384)),
            ("logs.register", Some(0))
        );
    }
    assert_eq!(
        refused("RTMR", &log(&tlv(108, &[1]), SHA256)),
        ("logs.digests", Some(0))
    );
}

#[test]
fn contents_have_their_data() {
    let whole = |content: &str, data: &[u8]| json!({ "content": content, "data": encode(data), "type": null, "covered": "whole" });
    let nested = [tlv(0, b"ima-ng"), tlv(1, b"data")].concat();
    let cos = tlv(0x50, b"event");
    for (content, hashed, name) in [
        (tlv(7, &nested), &b"data"[..], "ima_template"),
        (tlv(8, b"data"), b"data", "ima_tlv"),
        (tlv(9, b"data"), b"data", "systemd"),
        (tlv(4, &tlv(80, b"t")), &tlv(80, b"t"), "cel"),
        (cos.clone(), &cos, "0x50"),
        (tlv(6, b""), &tlv(6, b""), "0x06"),
    ] {
        let event = first(&content, hashed);
        let wanted = whole(name, hashed);
        for (member, value) in wanted.as_object().unwrap() {
            assert_eq!(&event[member], value, "{name} {member}");
        }
        assert_eq!(event["register"], 1);
    }
}

#[test]
fn what_is_not_measured_extends_nothing_and_needs_no_digest() {
    let management = tlv(4, &[tlv(1, b"\0\0\0\0\0\0\0\0"), tlv(2, b"")].concat());
    for content in [pcclient(3, b"a"), management] {
        for digests in [&[][..], &digests(b"a")] {
            let log = [
                record(0, &tlv(1, &[99]), digests, &content),
                record(1, &pcr(1), &self::digests(b"b"), &pcclient(5, b"b")),
            ];
            let found = answer("PCR", &log.concat()).unwrap();
            assert_eq!(found["events"][0]["register"], json!(null));
            assert_eq!(found["events"][0]["covered"], json!(null));
            assert_eq!(found["banks"], json!(["sha256"]));
            assert_eq!(found["replay"]["sha256"].as_object().unwrap().len(), 1);
        }
    }
    let measured = tlv(4, &[tlv(2, b""), tlv(81, b"\0")].concat());
    assert_eq!(first(&measured, b"")["register"], 1);
    let other = record(0, &tlv(108, &[1]), &[], &pcclient(3, b"a"));
    assert_eq!(refused("PCR", &other), ("logs.register", Some(0)));
}

#[test]
fn startup_locality_counts_here_too() {
    let data = b"StartupLocality\0\x03";
    let log = [
        record(0, &pcr(0), &[], &pcclient(3, data)),
        record(1, &pcr(0), &digests(b"a"), &pcclient(8, b"a")),
    ];
    let found = answer("PCR", &log.concat()).unwrap();
    let value = extended(SHA256, 3, &[hash(SHA256, b"a")]);
    assert_eq!(found["replay"]["sha256"]["0"], value);
    let twice = [
        &log.concat()[..],
        &record(2, &pcr(0), &[], &pcclient(3, data)),
    ]
    .concat();
    assert_eq!(refused("PCR", &twice), ("logs.locality", Some(2)));
}

#[test]
fn log_08_records_are_numbered_over_the_log_or_within_each_register() {
    let log = |numbers: &[(u64, u8)]| {
        let records = numbers.iter();
        let records = records.map(|(number, index)| {
            record(*number, &pcr(*index), &digests(b"a"), &pcclient(8, b"a"))
        });
        records.collect::<Vec<_>>().concat()
    };
    for sound in [
        &[(0, 1), (1, 2), (2, 1)][..],
        &[(0, 1), (0, 2), (1, 1), (1, 2)],
        &[(0, 1)],
    ] {
        assert!(answer("PCR", &log(sound)).is_ok());
    }
    for (bent, at) in [
        (&[(0, 1), (2, 1)][..], 1),
        (&[(0, 1), (0, 1)], 1),
        (&[(0, 1), (1, 2), (1, 1)], 2),
        (&[(0, 1), (0, 2), (2, 1)], 2),
        (&[(0, 1), (u64::MAX, 1)], 1),
    ] {
        assert_eq!(refused("PCR", &log(bent)), ("logs.record_number", Some(at)));
    }
}

#[test]
fn records_have_the_banks_of_the_first() {
    let both = [(SHA256, hash(SHA256, b"a")), (SHA1, hash(SHA1, b"a"))];
    let swapped = [both[1].clone(), both[0].clone()];
    let log = |digests: &[(u16, Vec<u8>)]| {
        let first = record(0, &pcr(1), &both, &pcclient(8, b"a"));
        [first, record(1, &pcr(1), digests, &pcclient(8, b"a"))].concat()
    };
    let found = answer("PCR", &log(&swapped)).unwrap();
    assert_eq!(found["banks"], json!(["sha256", "sha1"]));
    let short = [both[0].clone(), (SHA1, vec![0; 19])];
    let strange = [both[0].clone(), (SHA384, hash(SHA384, b"a"))];
    for digests in [
        &both[..1],
        &[],
        &short,
        &strange,
        &[both[0].clone(), both[0].clone()],
    ] {
        assert_eq!(refused("PCR", &log(digests)), ("logs.digests", Some(1)));
    }
    let empty = (0x27, vec![]);
    let long = (0x27, vec![0; 65]);
    for digest in [empty, long] {
        let log = record(0, &pcr(1), &[digest], &pcclient(8, b"a"));
        assert_eq!(refused("PCR", &log), ("logs.digests", Some(0)));
    }
    let many: Vec<_> = (0x20..0x29).map(|number| (number, vec![1])).collect();
    let log = |count| record(0, &pcr(1), &many[..count], &pcclient(8, b"a"));
    assert_eq!(refused("PCR", &log(9)), ("logs.limit", Some(0)));
    assert_eq!(
        answer("PCR", &log(8)).unwrap()["events"][0]["covered"],
        json!(null)
    );
}

#[test]
fn other_forms_are_refused() {
    let event = |kind: &[u8], data: Vec<u8>| tlv(5, &[tlv(0, kind), data].concat());
    for content in [
        tlv(0, b"\0"),
        tlv(3, b""),
        event(&[0; 5], tlv(1, b"a")),
        event(b"", tlv(1, b"a")),
        event(b"\x08", tlv(2, b"a")),
        event(b"\x08", [tlv(1, b"a"), tlv(2, b"")].concat()),
        tlv(5, &[tlv(1, b"a"), tlv(0, b"\x08")].concat()),
        tlv(7, &[tlv(0, b"n"), tlv(2, b"d")].concat()),
    ] {
        assert_eq!(
            refused("PCR", &one(&content, b"a")),
            ("logs.syntax", Some(0))
        );
    }
    let next = |record: Vec<u8>| {
        let first = one(&pcclient(8, b"a"), b"a");
        refused("PCR", &[first, record].concat())
    };
    let content = pcclient(8, b"a");
    for bent in [
        record(1, &tlv(4, b"\x01"), &digests(b"a"), &content),
        record(1, &tlv(1, b""), &digests(b"a"), &content),
        record(1, &tlv(1, &[0; 5]), &digests(b"a"), &content),
        [
            tlv(1, b"\x01"),
            record(1, &pcr(1), &digests(b"a"), &content),
        ]
        .concat(),
        tlv(0, &[0; 9]),
        tlv(0, b""),
    ] {
        assert_eq!(next(bent), ("logs.syntax", Some(1)));
    }
}

#[test]
fn cut_logs_are_truncated_within_fields_too() {
    let log = [
        one(&pcclient(8, b"a"), b"a"),
        record(1, &pcr(1), &digests(b"b"), &pcclient(8, b"b")),
    ];
    let whole = log.concat();
    for end in log[0].len() + 1..whole.len() {
        assert_eq!(
            refused("PCR", &whole[..end]),
            ("logs.truncated", Some(1)),
            "{end}"
        );
    }
    for content in [
        tlv(5, b""),
        tlv(5, &tlv(0, b"\x08")),
        tlv(5, &[0, 0, 0, 0, 9, 1]),
        tlv(4, b""),
    ] {
        assert_eq!(
            refused("PCR", &one(&content, b"a")),
            ("logs.truncated", Some(0))
        );
    }
}

#[test]
fn numbers_may_be_short_and_tell_the_format() {
    let rest = one(&pcclient(8, b"a"), b"a").split_off(13);
    for length in [1, 2, 3, 4, 8] {
        let log = [tlv(0, &vec![0; length]), rest.clone()].concat();
        assert_eq!(answer("PCR", &log).unwrap()["format"], "cel-tlv");
    }
    for start in [tlv(0, b""), tlv(0, &[0; 9]), tlv(0, b"\x01"), tlv(1, b"\0")] {
        let log = [start, rest.clone()].concat();
        let refusal = answer("PCR", &log).unwrap_err();
        assert_eq!(refusal.code(), "logs.format");
    }
}

#[test]
fn types_that_are_hashed_whole_are_held_to_it() {
    assert_eq!(
        refused("PCR", &one(&pcclient(4, b"a"), b"b")),
        ("logs.data_mismatch", Some(0))
    );
    assert_eq!(first(&tlv(9, b"a"), b"b")["covered"], json!(null));
}

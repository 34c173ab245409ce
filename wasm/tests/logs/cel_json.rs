//! CEL in JSON.

use crate::make::{SHA1, SHA256, SHA384, answer, extended, hash, refused};
use casemate_core::hex::encode;
use serde_json::{Value, json};

fn digest(bank: u16, name: &str, data: &[u8]) -> Value {
    json!({ "hashAlg": name, "digest": encode(&hash(bank, data)) })
}

/// A record of PCR 1 with the digest of some bytes.
fn record(number: u64, content_type: &str, content: Value, hashed: &[u8]) -> Value {
    json!({
        "recnum": number, "pcr": 1, "digests": [digest(SHA256, "sha256", hashed)],
        "content_type": content_type, "content": content,
    })
}

fn plain() -> Value {
    record(
        0,
        "pcclient_std",
        json!({ "event_type": 8, "event_data": "61" }),
        b"a",
    )
}

fn log(records: &[Value]) -> Vec<u8> {
    json!(records).to_string().into_bytes()
}

fn code(text: &str) -> (&'static str, Option<usize>) {
    refused("PCR", text.as_bytes())
}

/// Code of a log of a record that differs from a sound one in some members.
fn bent(changes: &Value) -> (&'static str, Option<usize>) {
    let mut record = plain();
    for (name, value) in changes.as_object().unwrap() {
        record[name] = value.clone();
    }
    refused("PCR", &log(&[record]))
}

#[test]
fn records_are_read_and_replayed() {
    let name = json!({ "event_type": "EV_EFI_ACTION", "event_data": "74776F" });
    let records = [plain(), record(1, "pcclient_std", name, b"two")];
    let found = answer("PCR", &log(&records)).unwrap();
    let value = extended(SHA256, 0, &[hash(SHA256, b"a"), hash(SHA256, b"two")]);
    assert_eq!(found["replay"], json!({ "sha256": { "1": value } }));
    assert_eq!(
        (&found["format"], &found["padding"]),
        (&json!("cel-json"), &json!(0))
    );
    let event = json!({
        "number": 1, "register": 1, "type": 0x8000_0007_u32, "content": "pcclient_std",
        "digests": { "sha256": encode(&hash(SHA256, b"two")) }, "data": "74776f", "covered": "whole",
    });
    assert_eq!(found["events"][1], event);
}

#[test]
fn records_may_follow_each_other_without_numbers() {
    let entry = |string: &str| {
        let content =
            json!({ "string": string, "bootId": "x", "timestamp": 1, "eventType": "phase" });
        let mut record = record(0, "systemd", content, string.as_bytes());
        record.as_object_mut().unwrap().remove("recnum");
        record.to_string()
    };
    let [one, two] = ["enter-initrd", "leave-initrd"].map(entry);
    for text in [
        format!("\u{1e}{one}\n\u{1e}{two}\n"),
        format!("{one}\n{two}"),
        format!(" [ {one} ,\n{two} ] \n"),
    ] {
        let found = answer("PCR", text.as_bytes()).unwrap();
        let digests = ["enter-initrd", "leave-initrd"].map(|text| hash(SHA256, text.as_bytes()));
        assert_eq!(
            found["replay"]["sha256"]["1"],
            extended(SHA256, 0, &digests)
        );
        assert_eq!(found["events"][1]["data"], encode(b"leave-initrd"));
        assert_eq!(found["events"][1]["covered"], "whole");
        assert_eq!(found["events"][1]["type"], json!(null));
    }
    let mixed = format!("{one}\n{}", record(1, "ima_tlv", json!(""), b""));
    assert_eq!(code(&mixed), ("logs.record_number", Some(1)));
    let mixed = format!("{}\n{one}", plain());
    assert_eq!(code(&mixed), ("logs.record_number", Some(1)));
}

#[test]
fn log_08_records_are_numbered_one_by_one() {
    let numbered = |numbers: &[u64]| {
        let records: Vec<Value> = numbers
            .iter()
            .map(|number| record(*number, "ima_tlv", json!("61"), b"a"))
            .collect();
        log(&records)
    };
    assert!(answer("PCR", &numbered(&[0, 1, 2])).is_ok());
    for (numbers, at) in [
        (&[1][..], 0),
        (&[0, 2], 1),
        (&[0, 0], 1),
        (&[0, 1, (1 << 53) - 1], 2),
    ] {
        assert_eq!(
            refused("PCR", &numbered(numbers)),
            ("logs.record_number", Some(at))
        );
    }
}

#[test]
fn contents_have_their_data() {
    for (name, content, data) in [
        (
            "ima_template",
            json!({ "template_name": "ima-ng", "template_data": "6461" }),
            &b"da"[..],
        ),
        ("ima_tlv", json!("6461"), b"da"),
        ("systemd", json!("6461"), b"da"),
        (
            "systemd",
            json!({ "string": "ä\u{0}", "other": [{}] }),
            "ä\0".as_bytes(),
        ),
        ("systemd", json!({}), b""),
        ("other-1.x_y", json!({ "a": [1] }), b"{\"a\":[1]}"),
        ("other", json!(null), b"null"),
        (
            "cel",
            json!({ "type": "state_trans", "data": 0 }),
            b"{\"data\":0,\"type\":\"state_trans\"}",
        ),
    ] {
        let found = answer("PCR", &log(&[record(0, name, content, data)])).unwrap();
        let event = &found["events"][0];
        assert_eq!(event["data"], encode(data), "{name}");
        assert_eq!(event["covered"], "whole", "{name}");
        assert_eq!(event["content"], name);
        assert_eq!(event["register"], 1);
    }
    let blank = log(&[plain()]);
    let blank = String::from_utf8(blank).unwrap();
    let blank = blank.replace(r#"{"event_data":"61","event_type":8}"#, " [ 1 , 2 ] ");
    let blank = blank.replace("pcclient_std", "other");
    let found = answer("PCR", blank.as_bytes()).unwrap();
    assert_eq!(found["events"][0]["data"], encode(b"[ 1 , 2 ]"));
}

#[test]
fn what_is_not_measured_extends_nothing() {
    for (name, content, is_measured) in [
        (
            "pcclient_std",
            json!({ "event_type": "ev_no_action", "event_data": "" }),
            false,
        ),
        ("cel", json!({ "type": "firmware_end" }), false),
        (
            "cel",
            json!([{ "type": "cel_version", "data": { "major": 1 } }, { "type": "firmware_end" }]),
            false,
        ),
        (
            "cel",
            json!([{ "type": "firmware_end" }, { "type": "cel_timestamp", "data": 1 }]),
            true,
        ),
    ] {
        let mut first = record(0, name, content, b"a");
        let found = answer("PCR", &log(&[first.clone()])).unwrap();
        assert_eq!(found["events"][0]["register"].is_null(), !is_measured);
        first["digests"] = json!([]);
        let next = record(1, "ima_tlv", json!("61"), b"a");
        match answer("PCR", &log(&[first, next])) {
            Ok(found) => assert_eq!((is_measured, &found["banks"]), (false, &json!(["sha256"]))),
            Err(refusal) => assert_eq!((is_measured, refusal.code()), (true, "logs.digests")),
        }
    }
}

#[test]
fn registers_are_of_the_kind_that_is_asked_for() {
    let with = |name: &str, index: u64| {
        let mut record = plain();
        record.as_object_mut().unwrap().remove("pcr");
        record[name] = json!(index);
        record["digests"] = json!([digest(SHA384, "sha384", b"a")]);
        log(&[record])
    };
    let found = answer("RTMR", &with("ccmr", 4)).unwrap();
    assert_eq!(found["events"][0]["register"], 3);
    assert_eq!(
        answer("ANY", &with("ccmr", 4)).unwrap()["registers"],
        "rtmr"
    );
    assert_eq!(answer("ANY", &with("pcr", 4)).unwrap()["registers"], "pcr");
    for (registers, name, index) in [
        ("PCR", "ccmr", 1),
        ("PCR", "pcr", 24),
        ("PCR", "nv_index", 0x0100_0000),
        ("RTMR", "pcr", 1),
        ("RTMR", "ccmr", 5),
        ("ANY", "nv_index", 1),
    ] {
        assert_eq!(
            refused(registers, &with(name, index)),
            ("logs.register", Some(0))
        );
    }
}

#[test]
fn digests_are_of_their_size_and_not_repeated() {
    let one = digest(SHA256, "sha256", b"a");
    let short = json!({ "hashAlg": "sha256", "digest": "00" });
    let other = digest(SHA1, "sha1", b"a");
    for digests in [
        json!([]),
        json!([one, one]),
        json!([short]),
        json!([other, other]),
    ] {
        assert_eq!(
            bent(&json!({ "digests": digests })),
            ("logs.digests", Some(0))
        );
    }
    let mut next = record(1, "ima_tlv", json!("61"), b"a");
    next["digests"] = json!([one, other]);
    assert_eq!(
        refused("PCR", &log(&[plain(), next])),
        ("logs.digests", Some(1))
    );
    // What is not well written is refused as that first.
    let both = json!({ "digests": [short], "content": { "event_type": 8 } });
    assert_eq!(bent(&both), ("logs.syntax", Some(0)));
}

#[test]
fn records_are_written_in_one_form() {
    let sound = digest(SHA256, "sha256", b"a");
    let event = |kind: Value, data: &str| json!({ "event_type": kind, "event_data": data });
    for changes in [
        json!({ "more": 1 }),
        json!({ "ccmr": 1 }),
        json!({ "pcr": null }),
        json!({ "pcr": "1" }),
        json!({ "pcr": 1.0 }),
        json!({ "pcr": -1 }),
        json!({ "pcr": 1_u64 << 32 }),
        json!({ "recnum": null }),
        json!({ "recnum": "0" }),
        json!({ "recnum": 1_u64 << 53 }),
        json!({ "digests": {} }),
        json!({ "digests": [[]] }),
        json!({ "digests": [{ "hashAlg": "SHA256", "digest": sound["digest"] }] }),
        json!({ "digests": [{ "hashAlg": 11, "digest": sound["digest"] }] }),
        json!({ "digests": [{ "hashAlg": "sha256", "digest": "0g" }] }),
        json!({ "digests": [{ "hashAlg": "sha256", "digest": "000" }] }),
        json!({ "digests": [{ "hashAlg": "sha256", "digest": sound["digest"], "more": 1 }] }),
        json!({ "digests": [{ "hashAlg": "sha256" }] }),
        json!({ "content_type": 5 }),
        json!({ "content_type": "" }),
        json!({ "content_type": "Cel" }),
        json!({ "content_type": "a".repeat(33) }),
        json!({ "content_type": "\u{1b}[2J" }),
        json!({ "content": event(json!(8), "6") }),
        json!({ "content": event(json!(8), "YQ==") }),
        json!({ "content": event(json!("EV_UNKNOWN"), "61") }),
        json!({ "content": event(json!(-1), "61") }),
        json!({ "content": event(json!(1_u64 << 32), "61") }),
        json!({ "content": [] }),
        json!({ "content": { "event_type": 8 } }),
        json!({ "content": { "event_type": 8, "event_data": "61", "more": 1 } }),
        json!({ "content_type": "ima_template", "content": { "template_name": 1, "template_data": "" } }),
        json!({ "content_type": "ima_tlv", "content": { } }),
        json!({ "content_type": "systemd", "content": { "string": 1 } }),
        json!({ "content_type": "systemd", "content": 1 }),
        json!({ "content_type": "cel", "content": [] }),
        json!({ "content_type": "cel", "content": vec![json!({ "type": "x" }); 17] }),
        json!({ "content_type": "cel", "content": { "type": 1 } }),
        json!({ "content_type": "cel", "content": { "type": "x", "more": 1 } }),
    ] {
        assert_eq!(bent(&changes), ("logs.syntax", Some(0)), "{changes}");
    }
}

#[test]
fn log_10_members_stand_once_and_none_is_missing() {
    let text = plain().to_string();
    for name in ["pcr", "digests", "content_type", "content"] {
        let mut record = plain();
        record.as_object_mut().unwrap().remove(name);
        assert_eq!(
            refused("PCR", &log(&[record])),
            ("logs.syntax", Some(0)),
            "{name}"
        );
    }
    for (member, more) in [
        ("\"pcr\":1", "\"pcr\":1,\"pcr\":1"),
        ("\"pcr\":1", "\"pcr\":1,\"p\\u0063r\":1"),
        ("\"event_type\":8", "\"event_type\":8,\"event_type\":8"),
        ("\"hashAlg\"", "\"hashAlg\":\"sha256\",\"hashAlg\""),
    ] {
        let text = text.replace(member, more);
        assert_eq!(code(&text), ("logs.syntax", Some(0)), "{more}");
    }
    let twice = r#"{"a":1,"a":1}"#;
    let systemd = record(0, "systemd", json!("HERE"), b"").to_string();
    assert_eq!(
        code(&systemd.replace("\"HERE\"", twice)),
        ("logs.syntax", Some(0))
    );
    let other = record(0, "other", json!("HERE"), b"").to_string();
    assert!(answer("PCR", other.replace("\"HERE\"", twice).as_bytes()).is_ok());
}

#[test]
fn texts_are_json_and_not_empty() {
    let record = plain();
    for text in ["[]", " \u{1e} ", "[ ]\n"] {
        assert_eq!(code(text), ("logs.format", None), "{text}");
    }
    for text in ["[", "{", "[1,]", "{}]", "\u{1e}\u{1}", "[{}] {}"] {
        assert_eq!(code(text), ("logs.syntax", None), "{text}");
    }
    for text in ["[1]", "[null]", "[[]]", "{}", "[\"\"]"] {
        assert_eq!(code(text), ("logs.syntax", Some(0)), "{text}");
    }
    let text = format!("{record}x");
    assert_eq!(code(&text), ("logs.syntax", None));
    let bytes = [text.trim_end_matches('x').as_bytes(), b"\n\xff"].concat();
    assert_eq!(refused("PCR", &bytes), ("logs.syntax", None));
}

#[test]
fn records_are_bounded() {
    let most = format!("[{}", "0,".repeat(4095));
    assert_eq!(code(&format!("{most}0]")), ("logs.syntax", Some(0)));
    assert_eq!(code(&format!("{most}0,0]")), ("logs.limit", None));
    assert_eq!(code(&"{}".repeat(4097)), ("logs.limit", None));
}

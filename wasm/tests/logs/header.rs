//! The first event of a crypto-agile log.

use crate::make::{
    SHA1, SHA256, SHA384, SM3, answer, event1_with, event2, header, header_data, refused,
};

fn with_header(data: &[u8]) -> Vec<u8> {
    let banks = [SHA256, SM3];
    [
        event1_with(0, 3, &[0; 20], data),
        event2(&banks, 1, 8, b"a"),
    ]
    .concat()
}

#[test]
fn header_says_what_the_log_is() {
    let log = answer("PCR", &with_header(&header_data(&[SHA256, SM3]))).unwrap();
    assert_eq!(log["format"], "tcg-2");
    let expected = serde_json::json!({
        "specification": "2.0 errata 105", "platformClass": 1, "vendorInfo": "616263",
    });
    assert_eq!(log["header"], expected);
    assert_eq!(log["banks"], serde_json::json!(["sha256", "0x0012"]));
}

#[test]
fn log_10_header_is_exact() {
    let data = header_data(&[SHA256, SM3]);
    for length in 16..data.len() {
        assert_eq!(
            refused("PCR", &with_header(&data[..length])),
            ("logs.header", None)
        );
    }
    let longer = [data.as_slice(), &[0]].concat();
    assert_eq!(refused("PCR", &with_header(&longer)), ("logs.header", None));
}

#[test]
fn header_has_sound_values() {
    let data = header_data(&[SHA256, SM3]);
    let bent = |at: usize, value: u8| {
        let mut data = data.clone();
        data[at] = value;
        with_header(&data)
    };
    for (at, value) in [
        (23, 0),
        (23, 3),
        (24, 0),
        (28, 0x0D),
        (30, 31),
        (32, 0x0B),
        (34, 0),
        (34, 65),
    ] {
        assert_eq!(
            refused("PCR", &bent(at, value)),
            ("logs.header", None),
            "{at}"
        );
    }
    assert!(answer("PCR", &bent(23, 1)).is_ok());
}

#[test]
fn header_extends_nothing() {
    let with = |index, digest: [u8; 20]| {
        let header = event1_with(index, 3, &digest, &header_data(&[SHA384]));
        [header, event2(&[SHA384], 1, 8, b"a")].concat()
    };
    assert_eq!(refused("PCR", &with(1, [0; 20])), ("logs.header", None));
    assert_eq!(refused("RTMR", &with(2, [0; 20])), ("logs.header", None));
    assert_eq!(refused("PCR", &with(0, [9; 20])), ("logs.header", None));
    // Firmware of a TD names the register that stands for PCR 0.
    assert!(answer("RTMR", &with(1, [0; 20])).is_ok());
    assert!(answer("RTMR", &with(0, [0; 20])).is_ok());
}

#[test]
fn log_05_numbers_of_banks_are_bounded_before_anything_is_read() {
    let banks: Vec<u16> = (0x20..0x29).collect();
    assert_eq!(refused("PCR", &header(&banks)), ("logs.limit", None));
    let mut data = header_data(&[SHA256]);
    data[24..28].copy_from_slice(&[0xff; 4]);
    assert_eq!(refused("PCR", &with_header(&data)), ("logs.limit", None));
    let log = [header(&banks[..8]), event2(&banks[..8], 1, 8, b"a")].concat();
    assert_eq!(
        answer("PCR", &log).unwrap()["banks"]
            .as_array()
            .unwrap()
            .len(),
        8
    );
}

#[test]
fn a_td_has_sha_384_alone() {
    for banks in [&[SHA256][..], &[SHA384, SHA256], &[SHA1]] {
        let log = [header(banks), event2(banks, 1, 8, b"a")].concat();
        assert_eq!(refused("RTMR", &log), ("logs.header", None));
        assert!(answer("PCR", &log).is_ok());
    }
    let log = [header(&[SHA384]), event2(&[SHA384], 1, 8, b"a")].concat();
    assert!(answer("RTMR", &log).is_ok());
}

#[test]
fn another_signature_is_an_event_like_others() {
    let mut data = header_data(&[SHA256]);
    data[14] = b'2';
    let log = answer("PCR", &event1_with(0, 3, &[0; 20], &data)).unwrap();
    assert_eq!(
        (&log["format"], &log["header"]),
        (&"tcg-1.2".into(), &().into())
    );
    assert!(log["events"][0]["register"].is_null());
}

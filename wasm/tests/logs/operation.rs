//! What is asked for, sizes, and which format a log is taken for.

use crate::make::{SHA256, SHA384, answer, event1, event2, header, refused};
use casemate_core::answer::Refusal;
use casemate_core::frame;
use casemate_core::logs::read::{MAX_LOG_BYTES, operation};

#[test]
fn framing_and_kind_of_registers_are_the_callers() {
    let log = event1(0, 8, b"version");
    for input in [
        frame::write(&[b"PCR"]).unwrap(),
        frame::write(&[b"pcr", &log]).unwrap(),
        frame::write(&[b"", &log]).unwrap(),
        frame::write(&[b"PCR", &log, b""]).unwrap(),
    ] {
        assert!(matches!(operation(&input), Err(Refusal::Bug(_))));
    }
}

#[test]
fn sizes_are_checked_first() {
    assert_eq!(refused("PCR", b""), ("input.empty", None));
    let refusal = answer("PCR", &vec![0; MAX_LOG_BYTES + 1]).unwrap_err();
    let fields = ["input", "limit", "actual"].map(|name| refusal.field(name).unwrap());
    assert_eq!(fields, ["event log", "1048576 bytes", "1048577 bytes"]);
    assert_eq!(refusal.code(), "input.too_large");
    let mut padded = event1(0, 8, b"version");
    padded.resize(MAX_LOG_BYTES, 0xFF);
    assert!(answer("PCR", &padded).is_ok());
}

#[test]
fn what_is_no_log_is_of_no_format() {
    for file in [
        &b"-----BEGIN CERTIFICATE-----\nMIIB"[..],
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0\xff\xff\xff\xff",
        &[0; 32],
        &[0; 33],
        &[0xff; 64],
        b"\n",
    ] {
        assert_eq!(refused("PCR", file), ("logs.format", None));
        assert_eq!(refused("ANY", file), ("logs.format", None));
    }
}

#[test]
fn any_takes_a_log_for_a_tds_where_all_of_it_can_be() {
    let log = |banks: &[u16], indices: &[u32]| {
        let events = indices.iter().map(|index| event2(banks, *index, 8, b"a"));
        let events: Vec<Vec<u8>> = events.collect();
        [header(banks), events.concat()].concat()
    };
    let kind = |log: &[u8]| answer("ANY", log).unwrap()["registers"].clone();
    assert_eq!(kind(&log(&[SHA384], &[1, 4])), "rtmr");
    assert_eq!(kind(&log(&[SHA384], &[1, 4, 0])), "pcr");
    assert_eq!(kind(&log(&[SHA384], &[1, 5])), "pcr");
    assert_eq!(kind(&log(&[SHA256], &[1])), "pcr");
    assert_eq!(kind(&log(&[SHA256, SHA384], &[1])), "pcr");
    assert_eq!(kind(&event1(1, 8, b"a")), "pcr");
    assert_eq!(
        refused("ANY", &log(&[SHA384], &[1, 24])),
        ("logs.register", Some(1))
    );
    let mut cut = log(&[SHA384], &[1, 4]);
    cut.pop();
    assert_eq!(refused("ANY", &cut), ("logs.truncated", Some(1)));
}

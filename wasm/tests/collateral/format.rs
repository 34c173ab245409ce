//! Documents that are not as Intel's PCS returns them.

use crate::edit::{Edit, pointers, render};
use crate::sample::Sample;
use crate::tree;
use casemate_core::answer::Refusal;
use casemate_core::tdx::qe_identity::{self, QeIdentity};
use casemate_core::tdx::tcb_info::{self, TcbInfo};
use serde_json::{Value, json};

/// Reads a document.
pub type Parse = fn(&[u8]) -> Result<(), Refusal>;

/// TCB info: code of its refusals, reader.
pub const INFO: (&str, Parse) = ("tdx.tcb_info_format", |text| TcbInfo::parse(text).map(drop));
/// QE identity likewise.
pub const IDENTITY: (&str, Parse) = ("tdx.qe_identity_format", |text| {
    QeIdentity::parse(text).map(drop)
});

/// Values that no member may have, but for those of `FITTING`.
const WRONG: [&str; 18] = [
    "null",
    "true",
    "-1",
    "-0",
    "1.0",
    "1.5",
    "1e0",
    "NaN",
    "Infinity",
    "01",
    "0x1",
    "4294967296",
    "18446744073709551616",
    "\"\"",
    "\"x\"",
    "[]",
    "{}",
    "[[[[[[]]]]]]",
];

/// Members that may have one of these after all, or may be missing.
const TEXTS: [&str; 2] = ["/category", "/type"];
const LISTS: [&str; 2] = ["/advisoryIDs", "/tdxModuleIdentities"];

fn is_optional(pointer: &str) -> bool {
    let mut optional = TEXTS.into_iter().chain(LISTS);
    optional.any(|end| pointer.ends_with(end))
}

fn fits(pointer: &str, value: &str) -> bool {
    TEXTS.iter().any(|end| pointer.ends_with(end)) && value.starts_with('"')
        || LISTS.iter().any(|end| pointer.ends_with(end)) && value == "[]"
}

fn documents() -> Vec<(Value, (&'static str, Parse))> {
    let mut samples = [Sample::tdx(), Sample::sgx()];
    for sample in &mut samples {
        sample.info["tcbLevels"][1]["advisoryIDs"] = json!(["INTEL-SA-00837", "INTEL-SA-01010"]);
        sample.identity["tcbLevels"][1]["advisoryIDs"] = json!(["INTEL-SA-00615"]);
    }
    let [tdx, sgx] = samples;
    vec![
        (tdx.info, INFO),
        (sgx.info, INFO),
        (tdx.identity, IDENTITY),
        (sgx.identity, IDENTITY),
    ]
}

/// A text must be refused with its kind's code and a reason.
pub fn assert_refused(text: &str, (code, parse): (&str, Parse), why: &str) {
    let answer = parse(text.as_bytes());
    let refusal = answer.expect_err(why);
    assert_eq!(refusal.code(), code, "{why}");
    assert!(!refusal.field("reason").unwrap().is_empty(), "{why}");
}

#[test]
fn tdx_12_a_member_that_stands_twice_is_refused_at_every_level() {
    for (document, kind) in documents() {
        let named = pointers(&document).into_iter();
        let named = named.filter(|pointer| !pointer.ends_with(|end: char| end.is_ascii_digit()));
        for pointer in named {
            for edit in [Edit::Double, Edit::DoubleEscaped] {
                assert_refused(&render(&document, &pointer, edit), kind, &pointer);
            }
        }
    }
}

#[test]
fn tdx_05_an_unknown_member_is_refused_at_every_level() {
    for (document, kind) in documents() {
        let named = pointers(&document).into_iter();
        let named = named.filter(|pointer| !pointer.ends_with(|end: char| end.is_ascii_digit()));
        for pointer in named {
            assert_refused(&render(&document, &pointer, Edit::Add), kind, &pointer);
        }
    }
}

#[test]
fn only_optional_members_may_be_missing() {
    for (document, kind) in documents() {
        for pointer in pointers(&document) {
            let is_item = pointer.ends_with(|end: char| end.is_ascii_digit());
            let text = render(&document, &pointer, Edit::Remove);
            if is_optional(&pointer) {
                assert_eq!((kind.1)(text.as_bytes()), Ok(()), "{pointer}");
            } else if !is_item {
                assert_refused(&text, kind, &pointer);
            }
        }
    }
}

#[test]
fn values_of_other_types_are_refused_everywhere() {
    for (document, kind) in documents() {
        for pointer in pointers(&document) {
            for value in WRONG {
                let text = render(&document, &pointer, Edit::Replace(value));
                if fits(&pointer, value) {
                    assert_eq!((kind.1)(text.as_bytes()), Ok(()), "{pointer} {value}");
                } else {
                    assert_refused(&text, kind, &format!("{pointer} {value}"));
                }
            }
        }
    }
}

#[test]
fn text_that_is_no_object_is_refused() {
    let info = Sample::tdx().info.to_string();
    for kind in [INFO, IDENTITY] {
        for text in [
            "",
            "null",
            "3",
            "\"TDX\"",
            "[]",
            "{",
            &"[".repeat(100_000),
            &"{\"id\":".repeat(20_000),
            &format!("{info},"),
            &format!("[{info}]"),
            &info.replacen("TDX", "TDX\u{7f}", 1),
        ] {
            assert_refused(text, kind, text.get(..20).unwrap_or(text));
        }
        assert!((kind.1)(b"{\"id\":\"\xff\"}").is_err());
    }
}

#[test]
fn every_cut_is_refused() {
    for (document, kind) in documents() {
        let text = document.to_string();
        for end in 0..text.len() {
            assert_refused(&text[..end], kind, "cut");
        }
    }
}

#[test]
fn escapes_and_blanks_change_nothing_that_is_read() {
    let sample = Sample::tdx();
    let plain = TcbInfo::parse(sample.info.to_string().as_bytes()).unwrap();
    let blank = serde_json::to_string_pretty(&sample.info).unwrap();
    let escaped = sample.info.to_string();
    let escaped = escaped.replace("\"TDX\"", "\"T\\u0044X\"");
    let escaped = escaped.replace("\"pcesvn\"", "\"p\\u0063esvn\"");
    for text in [blank, escaped] {
        assert_eq!(TcbInfo::parse(text.as_bytes()), Ok(plain.clone()));
    }
    assert_eq!(plain.id, tcb_info::Id::Tdx);
    assert_eq!(
        (plain.fmspc, plain.pce_id),
        ([0, 0x90, 0x6E, 0xD5, 0, 0], [0x0A, 0x0B])
    );
}

#[test]
fn tdx_06_heads_and_windows_are_those_of_the_document() {
    let sample = Sample::tdx();
    let info = TcbInfo::parse(sample.info.to_string().as_bytes()).unwrap();
    let identity = QeIdentity::parse(sample.identity.to_string().as_bytes()).unwrap();
    let written = tree(&info.head([0xAB; 32]));
    let expected = json!({
        "id": "TDX",
        "version": 3,
        "issueDate": "2025-06-01T00:00:00Z",
        "nextUpdate": "2025-07-01T00:00:00Z",
        "tcbEvaluationDataNumber": 17,
        "sha256": "ab".repeat(32),
        "fmspc": "00906ed50000",
        "pceId": "0a0b",
    });
    assert_eq!(written, expected);
    let written = tree(&identity.head([0xCD; 32]));
    let expected = json!({
        "id": "TD_QE",
        "version": 2,
        "issueDate": "2025-06-02T00:00:00Z",
        "nextUpdate": "2025-07-02T00:00:00Z",
        "tcbEvaluationDataNumber": 17,
        "sha256": "cd".repeat(32),
    });
    assert_eq!(written, expected);
    assert_eq!(identity.id, qe_identity::Id::TdQe);
    let (info, identity) = (info.window(), identity.window());
    assert_eq!((info.from, info.until), (1_748_736_000, 1_751_328_000));
    assert_eq!(
        (identity.from, identity.until),
        (1_748_822_400, 1_751_414_400)
    );
}

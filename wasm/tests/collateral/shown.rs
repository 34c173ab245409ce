//! Documents as they are shown to a person.

use crate::sample::Sample;
use casemate_core::answer;
use casemate_core::digest::sha256;
use casemate_core::frame;
use casemate_core::hex;
use casemate_core::tdx::show::operation;
use serde_json::{Value, json};

fn show(file: &str) -> Value {
    let input = frame::write(&[file.as_bytes()]).unwrap();
    serde_json::from_str(&answer::run(&input, operation)).unwrap()
}

fn signed(member: &str, text: &str) -> String {
    format!(r#"{{"{member}":{text},"signature":"{}"}}"#, "0f".repeat(64))
}

fn shown_level(says: &str, status: &str, date: &str) -> Value {
    json!({"says": says, "status": status, "tcbDate": date, "advisoryIds": []})
}

#[test]
fn tcb_info_is_shown_with_all_levels() {
    let text = Sample::tdx().info.to_string();
    let newest = "SGX 9.8.7.6.5.4.3.2.1.0.1.2.3.4.5.6, PCE 13, TDX 5.0.8.1.1.1.1.1.1.1.1.1.1.1.1.1";
    let platform = |says, status| shown_level(says, status, "2025-01-01T00:00:00Z");
    let module = |says, status| shown_level(says, status, "2025-02-02T00:00:00Z");
    let expected = json!({
        "kind": "tcb-info",
        "id": "TDX",
        "version": 3,
        "issueDate": "2025-06-01T00:00:00Z",
        "nextUpdate": "2025-07-01T00:00:00Z",
        "tcbEvaluationDataNumber": 17,
        "sha256": hex::encode(&sha256(text.as_bytes())),
        "fmspc": "00906ed50000",
        "pceId": "0a0b",
        "tcbType": 0,
        "levels": [
            platform(newest, "UpToDate"),
            platform("SGX 0, PCE 11, TDX 0", "OutOfDate"),
            platform("SGX 0, PCE 5, TDX 0", "Revoked"),
        ],
        "modules": [
            {"id": "TDX_03", "levels": [module("SVN 3", "UpToDate")]},
            {"id": "TDX_01", "levels": [
                module("SVN 6", "UpToDate"),
                module("SVN 4", "OutOfDate"),
                module("SVN 2", "Revoked"),
            ]},
        ],
    });
    assert_eq!(show(&signed("tcbInfo", &text))["ok"], expected);
    let sgx = show(&signed("tcbInfo", &Sample::sgx().info.to_string()));
    assert_eq!(sgx["ok"]["modules"], json!([]));
    assert_eq!(sgx["ok"]["levels"][1]["says"], "SGX 0, PCE 11");
}

#[test]
fn qe_identity_is_shown_with_all_levels() {
    let text = Sample::sgx().identity.to_string();
    let shown = show(&signed("enclaveIdentity", &text));
    assert_eq!(shown["ok"]["kind"], "qe-identity");
    assert_eq!(shown["ok"]["id"], "QE");
    assert_eq!(shown["ok"]["sha256"], hex::encode(&sha256(text.as_bytes())));
    let level = |says, status| shown_level(says, status, "2025-02-02T00:00:00Z");
    let expected = [
        level("SVN 8", "UpToDate"),
        level("SVN 6", "OutOfDate"),
        level("SVN 3", "Revoked"),
    ];
    assert_eq!(shown["ok"]["levels"], json!(expected));
}

#[test]
fn other_files_are_refused() {
    let code = |file: &str| show(file)["rejected"]["code"].clone();
    for (file, expected) in [
        (String::new(), "input.empty"),
        (" ".repeat(128 * 1024 + 1), "input.too_large"),
        (
            String::from("-----BEGIN CERTIFICATE-----"),
            "input.encoding",
        ),
        (String::from("[\"tcbInfo\"]"), "input.encoding"),
        (String::from("{\"a\":{\"tcbInfo\":1}}"), "input.wrong_kind"),
        (Sample::tdx().info.to_string(), "input.wrong_kind"),
        (String::from("{\"tcbInfo\":{}}"), "tdx.tcb_info_format"),
        (signed("tcbInfo", "{}"), "tdx.tcb_info_format"),
        (
            signed("enclaveIdentity", &"[".repeat(100_000)),
            "input.encoding",
        ),
        (signed("enclaveIdentity", "[]"), "tdx.qe_identity_format"),
        (signed("enclaveIdentity", "{}"), "tdx.qe_identity_format"),
    ] {
        assert_eq!(code(&file), expected, "{}", file.get(..40).unwrap_or(&file));
    }
    assert!(show("{")["rejected"]["fields"]["reason"].is_string());
}

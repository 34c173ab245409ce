//! TCB info and QE identity, and bends of what ties them to a platform. What
//! else stands in them is bent in `tests/collateral`.

use super::assert_codes;
use super::blueprint::Case;
use super::key::Key;
use serde_json::{Value, json};

/// A document with its signature.
pub fn sign(member: &str, content: &Value, signer: Key) -> Vec<u8> {
    let text = content.to_string();
    let signature = signer.sign(text.as_bytes());
    let signature = casemate_core::hex::encode(&signature);
    format!(r#"{{"{member}":{text},"signature":"{signature}"}}"#).into_bytes()
}

fn module() -> Value {
    json!({
        "mrsigner": "A1".repeat(48),
        "attributes": "C000000000000000",
        "attributesMask": "FFFFFFFFFFFFFFFF",
    })
}

/// TCB info of the platform of the tests.
pub fn tcb_info(tee: &str) -> Value {
    let components = |svn: u8| vec![json!({ "svn": svn }); 16];
    let mut tcb = json!({ "sgxtcbcomponents": components(9), "pcesvn": 13 });
    let mut info = json!({
        "id": tee,
        "version": 3,
        "issueDate": "2026-06-01T00:00:00Z",
        "nextUpdate": "2026-06-30T00:00:00Z",
        "fmspc": "00906ED50000",
        "pceId": "0A0B",
        "tcbType": 0,
        "tcbEvaluationDataNumber": 17,
    });
    if tee == "TDX" {
        let mut half = components(0);
        half[2] = json!({ "svn": 8 });
        tcb["tdxtcbcomponents"] = half.into();
        info["tdxModule"] = module();
        let mut identity = module();
        identity["id"] = "TDX_01".into();
        identity["tcbLevels"] = json!([level(json!({ "isvsvn": 5 }))]);
        info["tdxModuleIdentities"] = json!([identity]);
    }
    info["tcbLevels"] = json!([level(tcb)]);
    info
}

fn level(tcb: Value) -> Value {
    json!({ "tcb": tcb, "tcbDate": "2026-01-01T00:00:00Z", "tcbStatus": "UpToDate" })
}

/// Identity of the quoting enclave of the tests.
pub fn qe_identity(tee: &str) -> Value {
    let (id, product) = if tee == "TDX" {
        ("TD_QE", 2)
    } else {
        ("QE", 1)
    };
    json!({
        "id": id,
        "version": 2,
        "issueDate": "2026-06-02T00:00:00Z",
        "nextUpdate": "2026-06-29T00:00:00Z",
        "tcbEvaluationDataNumber": 17,
        "miscselect": "00000000",
        "miscselectMask": "FFFFFFFF",
        "attributes": "11000000000000000000000000000000",
        "attributesMask": "FBFFFFFFFFFFFFFF0000000000000000",
        "mrsigner": "E5".repeat(32),
        "isvprodid": product,
        "tcbLevels": [level(json!({ "isvsvn": 8 }))],
    })
}

#[test]
fn tdx_12_documents_are_signed_by_the_tcb_signing_key() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.tcb_info_signature", |case| {
                case.info_signer = Key::Root
            }),
            ("tdx.tcb_info_signature", |case| {
                case.info_signer = Key::Other
            }),
            ("tdx.qe_identity_signature", |case| {
                case.identity_signer = Key::Other
            }),
            ("tdx.qe_identity_signature", |case| {
                case.identity_signer = Key::Pck
            }),
            // The signature is looked at first: what is not signed is not read.
            ("tdx.tcb_info_signature", |case| {
                case.info["more"] = 1.into();
                case.info_signer = Key::Other;
            }),
            ("tdx.tcb_info_format", |case| case.info["more"] = 1.into()),
            ("tdx.qe_identity_format", |case| {
                case.identity["more"] = 1.into()
            }),
        ],
    );
}

#[test]
fn tdx_03_documents_are_of_the_tee_of_the_quote() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.tcb_info_id", |case| case.info = tcb_info("SGX")),
            ("tdx.qe_identity_id", |case| {
                case.identity = qe_identity("SGX")
            }),
            ("tdx.qe_identity_id", |case| {
                case.identity["id"] = "QVE".into()
            }),
        ],
    );
    assert_codes(
        Case::sgx,
        &[
            ("tdx.tcb_info_id", |case| case.info = tcb_info("TDX")),
            ("tdx.qe_identity_id", |case| {
                case.identity = qe_identity("TDX")
            }),
        ],
    );
}

#[test]
fn tdx_07_documents_are_of_the_platform() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.fmspc_mismatch", |case| {
                case.info["fmspc"] = "00906ED50001".into()
            }),
            ("tdx.pceid_mismatch", |case| {
                case.info["pceId"] = "0A0C".into()
            }),
            ("", |case| case.info["pceId"] = "0a0b".into()),
        ],
    );
}

#[test]
fn tdx_06_documents_are_of_one_tcb_recovery() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.evaluation_number_mismatch", |case| {
                case.info["tcbEvaluationDataNumber"] = 18.into();
            }),
            ("tdx.evaluation_number_mismatch", |case| {
                case.identity["tcbEvaluationDataNumber"] = 18.into();
            }),
        ],
    );
}

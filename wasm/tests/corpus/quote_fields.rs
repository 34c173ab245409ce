//! Compares an answer with the fields that the corpus published, which two
//! other parsers read.

use crate::case::Case;
use serde_json::{Value, json};

/// Names in the answer and in the corpus, where they hold the same text or number.
const SAME: [(&str, &str); 38] = [
    ("/quote/version", "/quote/version"),
    ("/quote/attestationKeyType", "/quote/att_key_type"),
    ("/quote/qeVendor", "/quote/qe_vendor"),
    ("/quote/body/teeTcbSvn", "/quote/td/tee_tcb_svn"),
    ("/quote/body/mrSeam", "/quote/td/mr_seam"),
    ("/quote/body/mrSignerSeam", "/quote/td/mr_signer_seam"),
    ("/quote/body/mrTd", "/quote/td/mr_td"),
    ("/quote/body/mrConfigId", "/quote/td/mr_config_id"),
    ("/quote/body/mrOwner", "/quote/td/mr_owner"),
    ("/quote/body/mrOwnerConfig", "/quote/td/mr_owner_config"),
    ("/quote/body/rtmrs/0", "/quote/td/rtmr0"),
    ("/quote/body/rtmrs/1", "/quote/td/rtmr1"),
    ("/quote/body/rtmrs/2", "/quote/td/rtmr2"),
    ("/quote/body/rtmrs/3", "/quote/td/rtmr3"),
    ("/quote/body/reportData", "/quote/td/report_data"),
    ("/quote/body/teeTcbSvn2", "/quote/td/tee_tcb_svn2"),
    ("/quote/body/mrServiceTd", "/quote/td/mr_service_td"),
    ("/quote/body/tdAttributes/debug", "/quote/td/debug"),
    ("/quote/trailing/bytes", "/quote/trailing"),
    ("/quote/trailing/zero", "/quote/trailing_zero"),
    ("/chain/root/sha256", "/quote/root_sha256"),
    ("/chain/root/spkiSha256", "/quote/root_spki"),
    ("/pck/certificate/serial", "/quote/pck_serial"),
    ("/pck/ppid", "/quote/pck/ppid"),
    ("/pck/pceSvn", "/quote/pck/pcesvn"),
    ("/pck/cpuSvn", "/quote/pck/cpusvn"),
    ("/pck/components", "/quote/pck/sgx_comps"),
    ("/pck/pceId", "/quote/pck/pceid"),
    ("/pck/fmspc", "/quote/pck/fmspc"),
    ("/collateral/tcb/status", "/tcb/converged_with_module"),
    ("/collateral/tcb/platform/status", "/tcb/status"),
    ("/collateral/tcb/platform/tcbDate", "/tcb/tcbDate"),
    ("/collateral/tcb/platform/advisoryIds", "/tcb/advisories"),
    ("/collateral/tcb/platform/level", "/tcb/level"),
    ("/collateral/tcb/qe/status", "/qe_identity/status"),
    ("/collateral/tcb/qe/isvSvn", "/qe_identity/isvsvn"),
    ("/collateral/pckCrl/revoked", "/collateral/pck_crl/entries"),
    (
        "/collateral/tcbInfo/tcbEvaluationDataNumber",
        "/collateral/tcb_info/tcbEvaluationDataNumber",
    ),
];
/// Dates and ids of the documents and lists.
const OF_COLLATERAL: [(&str, &str, [&str; 3]); 4] = [
    ("tcbInfo", "tcb_info", ["id", "issueDate", "nextUpdate"]),
    (
        "qeIdentity",
        "qe_identity",
        ["id", "issueDate", "nextUpdate"],
    ),
    (
        "pckCrl",
        "pck_crl",
        ["thisUpdate", "nextUpdate", "nextUpdate"],
    ),
    (
        "rootCrl",
        "root_crl",
        ["thisUpdate", "nextUpdate", "nextUpdate"],
    ),
];
/// Fields of an SGX report.
const OF_ENCLAVE: [(&str, &str); 8] = [
    ("cpuSvn", "cpu_svn"),
    ("miscSelect", "misc_select"),
    ("attributes", "attributes"),
    ("mrEnclave", "mrenclave"),
    ("mrSigner", "mrsigner"),
    ("isvProdId", "isv_prod_id"),
    ("isvSvn", "isv_svn"),
    ("reportData", "report_data"),
];
/// Words of 64 bits, which the corpus has as bytes in memory.
const WORDS: [(&str, &str); 3] = [
    ("/quote/body/seamAttributes", "/quote/td/seam_attributes"),
    ("/quote/body/tdAttributes/raw", "/quote/td/td_attributes"),
    ("/quote/body/xfam", "/quote/td/xfam"),
];

/// Facts of a case; a cloud's are beside those of its own parts.
fn published(case: &Case) -> &Value {
    case.fields().get("tdx").unwrap_or_else(|| case.fields())
}

/// When all collateral of a case is in force, both ends included.
pub fn window(case: &Case) -> (u64, u64) {
    let window = &published(case)["in_force_window"];
    let seconds = |index: usize| {
        let date: der::DateTime = window[index].as_str().unwrap().parse().unwrap();
        date.unix_duration().as_secs()
    };
    (seconds(0), seconds(1))
}

/// Compares everything that the corpus published, as far as it was judged.
pub fn compare(case: &Case, answer: &Value) {
    let published = published(case);
    let with_collateral = answer["collateral"].is_object();
    let mut compared = 0;
    for (ours, theirs) in SAME {
        let is_known = with_collateral || !ours.starts_with("/collateral");
        let Some(expected) = published.pointer(theirs).filter(|_| is_known) else {
            continue;
        };
        let found = answer.pointer(ours);
        assert_eq!(found, Some(expected), "{} {ours}", case.name());
        compared += 1;
    }
    assert!(compared >= 14, "{}: {compared} fields", case.name());
    for (ours, theirs) in WORDS {
        let Some(expected) = published.pointer(theirs).and_then(Value::as_str) else {
            continue;
        };
        let found = answer.pointer(ours).and_then(Value::as_str);
        assert_eq!(
            found,
            Some(word(expected).as_str()),
            "{} {ours}",
            case.name()
        );
    }
    compare_enclaves(case, answer, published);
    compare_chain(case, answer, published);
    if with_collateral {
        compare_collateral(case, &answer["collateral"], published);
    }
}

fn word(bytes: &str) -> String {
    let value = u64::from_str_radix(bytes, 16).unwrap().swap_bytes();
    format!("{value:#018x}")
}

fn compare_enclaves(case: &Case, answer: &Value, published: &Value) {
    for (ours, theirs) in [
        ("/quote/qeReport", "/quote/qe_report"),
        ("/quote/body", "/quote/sgx"),
    ] {
        let Some(expected) = published.pointer(theirs) else {
            continue;
        };
        let found = answer.pointer(ours).unwrap();
        for (ours, theirs) in OF_ENCLAVE {
            assert_eq!(found[ours], expected[theirs], "{} {ours}", case.name());
        }
    }
}

fn compare_chain(case: &Case, answer: &Value, published: &Value) {
    let quote = &published["quote"];
    let ca = quote["chain"][1].as_str().unwrap();
    let expected = if ca.contains("Platform") {
        "platform"
    } else {
        "processor"
    };
    assert_eq!(answer["chain"]["ca"], expected, "{}", case.name());
    assert_eq!(answer["chain"]["lab"], false);
    let pck = &quote["pck"];
    let instance = pck.get("platform_instance_id").unwrap_or(&Value::Null);
    assert_eq!(answer["pck"]["platformInstanceId"], *instance);
    let types = ["Standard", "Scalable", "ScalableWithIntegrity"];
    let index = usize::try_from(pck["sgx_type"].as_u64().unwrap()).unwrap();
    assert_eq!(answer["pck"]["sgxType"], types[index]);
    for (index, name) in ["notBefore", "notAfter"].into_iter().enumerate() {
        let expected = quote["pck_validity"][index].as_str().unwrap();
        let expected = expected.replace("+00:00", "Z");
        assert_eq!(answer["pck"]["certificate"][name], expected);
    }
}

fn compare_collateral(case: &Case, answer: &Value, published: &Value) {
    for (ours, theirs, names) in OF_COLLATERAL {
        let expected = &published["collateral"][theirs];
        for name in names {
            assert_eq!(answer[ours][name], expected[name], "{} {ours}", case.name());
        }
    }
    let fmspc = published["collateral"]["tcb_info"]["fmspc"]
        .as_str()
        .unwrap();
    assert_eq!(answer["tcbInfo"]["fmspc"], fmspc.to_lowercase());
    let module = &published["tcb"]["module"];
    match module["id"].as_str() {
        None => assert!(answer["tcb"]["module"].is_null(), "{}", case.name()),
        Some(id) => {
            assert_eq!(answer["tcb"]["module"]["id"], id);
            assert_eq!(answer["tcb"]["module"]["status"], module["status"]);
        }
    }
    assert_eq!(
        answer["tcb"]["status"],
        json!(published["tcb"]["converged_with_module"])
    );
}

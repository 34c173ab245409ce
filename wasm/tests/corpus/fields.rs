//! Compares an answer with the fields that the corpus published, which two
//! other parsers read.

use crate::case::Case;
use serde_json::{Value, json};

/// Names in the answer and in the corpus, where they hold the same text or number.
const SAME: [(&str, &str); 17] = [
    ("/report/version", "/version"),
    ("/report/guestSvn", "/guest_svn"),
    ("/report/familyId", "/family_id"),
    ("/report/imageId", "/image_id"),
    ("/report/vmpl", "/vmpl"),
    ("/report/signatureAlgorithm", "/sig_algo"),
    ("/report/authorKeyEnabled", "/author_key_en"),
    ("/report/maskChipKey", "/mask_chip_key"),
    ("/report/signingKey", "/signing_key"),
    ("/report/reportData", "/report_data"),
    ("/report/measurement", "/measurement"),
    ("/report/hostData", "/host_data"),
    ("/report/idKeyDigest", "/id_key_digest"),
    ("/report/authorKeyDigest", "/author_key_digest"),
    ("/report/reportId", "/report_id"),
    ("/report/reportIdMa", "/report_id_ma"),
    ("/report/chipId", "/chip_id"),
];
const SAME_OF_PARTS: [(&str, &str); 14] = [
    ("/report/policy/abiMajor", "/policy_bits/abi_major"),
    ("/report/policy/abiMinor", "/policy_bits/abi_minor"),
    ("/report/policy/smt", "/policy_bits/smt"),
    ("/report/policy/migrateMa", "/policy_bits/migrate_ma"),
    ("/report/policy/debug", "/policy_bits/debug"),
    ("/report/policy/singleSocket", "/policy_bits/single_socket"),
    ("/leaf/form", "/leaf/type"),
    ("/leaf/productName", "/leaf/product_name_ext"),
    ("/leaf/hwid", "/leaf/hwid_ext"),
    ("/leaf/cspId", "/leaf/csp_id_ext"),
    ("/leaf/certificate/notBefore", "/leaf/not_before"),
    ("/leaf/certificate/notAfter", "/leaf/not_after"),
    ("/leaf/certificate/sha256", "/leaf/sha256"),
    ("/report/signingKey", "/leaf/type"),
];
const WORDS: [(&str, &str); 4] = [
    ("/report/policy/raw", "/policy"),
    ("/report/platformInfo/raw", "/platform_info"),
    ("/report/launchMitigationVector", "/launch_mit_vector"),
    ("/report/currentMitigationVector", "/current_mit_vector"),
];
const TCBS: [(&str, &str); 4] = [
    ("/report/currentTcb", "/current_tcb"),
    ("/report/reportedTcb", "/reported_tcb"),
    ("/report/committedTcb", "/committed_tcb"),
    ("/report/launchTcb", "/launch_tcb"),
];

/// Compares everything that the corpus published.
pub fn compare(case: &Case, answer: &Value) {
    let published = case.fields();
    for (ours, theirs) in SAME.into_iter().chain(SAME_OF_PARTS) {
        // Synthetic and derived cases publish only a few fields.
        let Some(expected) = published.pointer(theirs) else {
            continue;
        };
        assert_eq!(
            answer.pointer(ours).unwrap(),
            expected,
            "{} {ours}",
            case.name()
        );
    }
    for (ours, theirs) in WORDS {
        let Some(expected) = published.pointer(theirs).and_then(Value::as_str) else {
            continue;
        };
        let found = answer.pointer(ours).and_then(Value::as_str).unwrap();
        assert_eq!(parse_word(found), parse_word(expected), "{}", case.name());
    }
    for (ours, theirs) in TCBS {
        compare_tcb(
            case,
            &answer.pointer(ours).unwrap(),
            published.pointer(theirs),
        );
    }
    compare_rest(case, answer, published);
}

fn parse_word(text: &str) -> u64 {
    u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap()
}

fn compare_tcb(case: &Case, ours: &&Value, theirs: Option<&Value>) {
    let Some(theirs) = theirs else { return };
    let expected = json!({
        "fmc": theirs["fmc"],
        "bootloader": theirs["bl"],
        "tee": theirs["tee"],
        "snp": theirs["snp"],
        "microcode": theirs["ucode"],
        "raw": theirs["raw_le_bytes"],
    });
    assert_eq!(**ours, expected, "{}", case.name());
}

fn compare_rest(case: &Case, answer: &Value, published: &Value) {
    if let Some(cpuid) = published.get("cpuid") {
        assert_eq!(answer["report"]["cpuid"], *cpuid, "{}", case.name());
    }
    for (ours, theirs) in [
        ("currentVersion", "current_version"),
        ("committedVersion", "committed_version"),
    ] {
        let version = &answer["report"][ours];
        let text = format!(
            "{}.{}.{}",
            version["major"], version["minor"], version["build"]
        );
        if let Some(expected) = published.get(theirs) {
            assert_eq!(json!(text), *expected, "{}", case.name());
        }
    }
    if let Some(product) = published["product"].as_str() {
        let line = answer["chain"]["line"].as_str().unwrap();
        assert_eq!(line.to_lowercase(), product, "{}", case.name());
    }
}

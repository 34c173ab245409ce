//! Judges all quotes of the corpus with their collateral.

use crate::case::{Case, Corpus};
use crate::quote_case::{Files, case, cases};
use crate::quote_fields;
use crate::tree;
use casemate_core::json::write::text;
use casemate_core::tdx::verify::Cache;

/// Codes that a case may be refused with, by what `expect.reason` says.
const CODES_OF_REASON: [(&str, &[&str]); 18] = [
    ("tcb_level_found", &["tdx.tcb_level_not_found"]),
    (
        "attestation key type (and signature)",
        &["tdx.attestation_key_type"],
    ),
    // A bit of a point's coordinate takes it off the curve.
    (
        "att_key_bound_by_qe_report",
        &["tdx.attestation_key_binding", "tdx.attestation_key_invalid"],
    ),
    (
        "collateral expired",
        &["tdx.crl_expired", "tdx.collateral_expired"],
    ),
    (
        "collateral not yet in force",
        &["tdx.crl_not_yet_valid", "tdx.collateral_not_yet_valid"],
    ),
    ("pck_crl issuer/sig", &["tdx.crl_issuer"]),
    ("quote_sig (and debug)", &["tdx.signature_mismatch"]),
    ("fmspc mismatch", &["tdx.fmspc_mismatch"]),
    ("quote_sig", &["tdx.signature_mismatch"]),
    ("qe identity id/fields", &["tdx.qe_identity_id"]),
    ("qe_report_sig_by_pck", &["tdx.qe_report_signature"]),
    ("qe_identity_sig", &["tdx.qe_identity_signature"]),
    ("r out of range", &["tdx.signature_encoding"]),
    ("s out of range", &["tdx.signature_encoding"]),
    ("length", &["tdx.quote_length"]),
    ("tcb_info_sig", &["tdx.tcb_info_signature"]),
    ("tee type / layout (and signature)", &["tdx.tee_type"]),
    ("version", &["tdx.quote_version"]),
];

fn codes_of(reason: &str) -> &'static [&'static str] {
    let known = CODES_OF_REASON.iter().find(|(known, _)| *known == reason);
    known
        .unwrap_or_else(|| panic!("no code is known for the reason {reason:?}"))
        .1
}

#[test]
fn every_quote_is_judged_as_expected() {
    let Some(corpus) = Corpus::open() else { return };
    let cases = cases(&corpus);
    assert!(cases.len() >= 29, "only {} cases", cases.len());
    for case in &cases {
        let code = Files::of(case).code(case.now(), &mut Cache::default());
        let expected = case.reason().map_or([""].as_slice(), codes_of);
        assert!(expected.contains(&code), "{}: {code:?}", case.name());
    }
}

/// Cases that verify, and those whose signatures hold without their collateral.
pub fn genuine(corpus: &Corpus) -> Vec<Case> {
    let all = cases(corpus).into_iter();
    all.filter(|case| case.reason().is_none() || case.is_genuine())
        .collect()
}

#[test]
fn fields_of_genuine_quotes_are_as_published() {
    let Some(corpus) = Corpus::open() else { return };
    let cases = genuine(&corpus);
    assert_eq!(cases.len(), 10);
    for case in cases {
        let mut files = Files::of(&case);
        files.with_collateral = case.reason().is_none();
        let evidence = files.verify(case.now(), &mut Cache::default()).unwrap();
        let answer = tree(&evidence);
        quote_fields::compare(&case, &answer);
    }
}

#[test]
fn tdx_02_without_collateral_the_status_is_open() {
    let Some(corpus) = Corpus::open() else { return };
    for case in genuine(&corpus) {
        let mut files = Files::of(&case);
        files.with_collateral = false;
        let evidence = files.verify(case.now(), &mut Cache::default()).unwrap();
        let answer = tree(&evidence);
        assert!(answer["collateral"].is_null(), "{}", case.name());
    }
}

#[test]
fn warm_endorsements_give_the_same_answers() {
    let Some(corpus) = Corpus::open() else { return };
    let mut cache = Cache::default();
    for case in cases(&corpus) {
        let files = Files::of(&case);
        let text = |cache: &mut Cache| match files.verify(case.now(), cache) {
            Ok(evidence) => text(&evidence),
            Err(refusal) => format!("{refusal:?}"),
        };
        let cold = text(&mut Cache::default());
        for round in 0..2 {
            assert_eq!(text(&mut cache), cold, "{} in round {round}", case.name());
        }
    }
    assert!(!cache.is_empty());
}

/// Moments around the windows of one case, and what ends or starts there. The
/// first two are read from the published window, in which all collateral is in force.
#[test]
fn tdx_06_warm_collateral_does_not_outlive_its_next_update() {
    let Some(corpus) = Corpus::open() else { return };
    let mut cache = Cache::default();
    for case in genuine(&corpus) {
        let files = Files::of(&case);
        let (from, until) = quote_fields::window(&case);
        let expected = if case.reason().is_none() {
            ""
        } else {
            "tdx.tcb_level_not_found"
        };
        assert_eq!(files.code(from, &mut cache), expected, "{}", case.name());
        assert_eq!(files.code(until, &mut cache), expected, "{}", case.name());
        for now in [from - 1, until + 1, 0, u64::MAX] {
            let code = files.code(now, &mut cache);
            let is_window = code.ends_with("_expired") || code.ends_with("_not_yet_valid");
            assert!(is_window, "{} at {now}: {code:?}", case.name());
        }
    }
}

#[test]
fn a_root_that_is_not_pinned_is_unknown() {
    let Some(corpus) = Corpus::open() else { return };
    let case = case(&corpus, "tdx/v5-google-90c06f");
    let judge = |change: fn(&mut Files)| {
        let mut files = Files::of(&case);
        change(&mut files);
        files.code(case.now(), &mut Cache::default())
    };
    assert_eq!(judge(|_| ()), "");
    assert_eq!(judge(|files| files.root.key = [0; 32]), "tdx.root_unknown");
    assert_eq!(
        judge(|files| files.root.certificate = [0; 32]),
        "tdx.root_mismatch"
    );
    assert_eq!(
        judge(|files| files.root.lab = true),
        "tdx.lab_extension_missing"
    );
}

#[test]
fn a_quote_of_another_tee_is_refused() {
    let Some(corpus) = Corpus::open() else { return };
    for case in genuine(&corpus) {
        let mut files = Files::of(&case);
        files.tee = if files.tee == "TDX" { "SGX" } else { "TDX" };
        let code = files.code(case.now(), &mut Cache::default());
        assert_eq!(code, "tdx.tee_type", "{}", case.name());
    }
}

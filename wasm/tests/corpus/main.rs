//! Judges the SEV-SNP, TDX, SGX and TPM cases of a corpus of real evidence, where
//! there is one beside the repository, and bends its genuine cases byte by byte.

mod case;
mod cloud;
mod fields;
mod mutation;
mod nitro;
mod quote_case;
mod quote_fields;
mod quote_mutation;
mod quotes;
mod tpm_case;
mod tpm_quotes;

use case::Corpus;
use casemate_core::json::write::{Json, text};
use casemate_core::snp::verify::Cache;
use serde_json::Value;

/// An answer as its reader takes it.
fn tree(answer: &dyn Json) -> Value {
    serde_json::from_str(&text(answer)).unwrap()
}

/// Codes that a case may be refused with, by what `expect.reason` says.
const CODES_OF_REASON: [(&str, &[&str]); 18] = [
    ("leaf expired", &["snp.certificate_expired"]),
    ("leaf not yet valid", &["snp.certificate_not_yet_valid"]),
    (
        "key_type_matches_report,report_sig_by_leaf",
        &["snp.key_type_mismatch"],
    ),
    ("key_type_matches_report", &["snp.key_type_mismatch"]),
    ("leaf_sig_by_ask", &["snp.leaf_signature"]),
    // A number that is written big-endian fills the padding above the little-endian one.
    (
        "report_sig_by_leaf",
        &["snp.signature_mismatch", "snp.signature_encoding"],
    ),
    (
        "report_sig_by_leaf (and debug policy)",
        &["snp.signature_mismatch"],
    ),
    (
        "r out of range: must not be reduced mod n",
        &["snp.signature_encoding"],
    ),
    ("r out of range", &["snp.signature_encoding"]),
    ("s out of range", &["snp.signature_encoding"]),
    (
        "unsupported signature algorithm (and signature)",
        &["snp.signature_algorithm"],
    ),
    (
        "trailing bytes: a strict verifier rejects; the first 1184 bytes verify",
        &["snp.report_length"],
    ),
    ("length", &["snp.report_length"]),
    (
        "non-canonical DER: strict DER parsers reject",
        &["x509.malformed"],
    ),
    ("trailing bytes after certificate", &["x509.malformed"]),
    (
        "unsupported version (and signature)",
        &["snp.report_version"],
    ),
    ("unsupported version", &["snp.report_version"]),
    ("chip_id_equals_hwid", &["snp.chip_id_mismatch"]),
];

/// Codes where a reason names one check of the binding alone.
const TCB_REASON: &str = "tcb_ext_equals_reported";
/// What is wrong only by a policy, which is not judged here.
const POLICY_REASON: &str = "debug policy";

fn codes_of(reason: &str) -> &'static [&'static str] {
    if reason == TCB_REASON {
        return &["snp.tcb_mismatch"];
    }
    let known = CODES_OF_REASON.iter().find(|(known, _)| *known == reason);
    known
        .unwrap_or_else(|| panic!("no code is known for the reason {reason:?}"))
        .1
}

#[test]
fn every_case_is_judged_as_expected() {
    let Some(corpus) = Corpus::open() else { return };
    let cases = corpus.cases();
    assert!(cases.len() >= 36, "only {} cases", cases.len());
    for case in &cases {
        let answer = corpus.verify(case, &mut Cache::default());
        let name = case.name();
        match (answer, case.reason()) {
            (Ok(_), None | Some(POLICY_REASON)) => {}
            (Ok(_), Some(reason)) => panic!("{name} was accepted in spite of {reason}"),
            (Err(refusal), Some(reason)) => {
                let codes = codes_of(reason);
                assert!(codes.contains(&refusal.code()), "{name}: {refusal:?}");
            }
            (Err(refusal), None) => panic!("{name} was refused: {refusal:?}"),
        }
    }
}

#[test]
fn fields_of_genuine_cases_are_as_published() {
    let Some(corpus) = Corpus::open() else { return };
    for case in corpus.genuine() {
        let evidence = corpus.verify(&case, &mut Cache::default()).unwrap();
        let answer = tree(&evidence);
        fields::compare(&case, &answer);
    }
}

#[test]
fn a_warm_chain_gives_the_same_answers() {
    let Some(corpus) = Corpus::open() else { return };
    let mut cache = Cache::default();
    for case in corpus.cases() {
        let text = |cache: &mut Cache| match corpus.verify(&case, cache) {
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

#[test]
fn snp_09_a_warm_chain_does_not_outlive_its_certificates() {
    let Some(corpus) = Corpus::open() else { return };
    let mut cache = Cache::default();
    let case = corpus.case("snp/turin-v5-microsoft");
    assert!(corpus.verify(&case, &mut cache).is_ok());
    for (now, code) in [
        (u64::MAX, "snp.certificate_expired"),
        (1_700_000_000, "snp.certificate_not_yet_valid"),
    ] {
        let refusal = corpus.verify_at(&case, now, &mut cache).err().unwrap();
        assert_eq!(refusal.code(), code);
        let cold = corpus.verify_at(&case, now, &mut Cache::default()).err();
        assert_eq!(cold, Some(refusal));
    }
    assert_eq!(cache.len(), 1);
}

#[test]
fn snp_12_roots_are_pinned_by_certificate_and_key() {
    let Some(corpus) = Corpus::open() else { return };
    let case = corpus.case("snp/synth-baseline");
    let code = |anchors: Vec<case::Root>| {
        let answer = corpus.verify_with(&case, &anchors, case.now(), &mut Cache::default());
        answer.err().map(|refusal| refusal.code())
    };
    let [root] = corpus.roots(&case).try_into().unwrap();
    assert_eq!(code(vec![root.clone()]), None);
    assert_eq!(code(vec![]), Some("snp.root_unknown"));
    assert_eq!(code(corpus.vendor_roots()), Some("snp.root_unknown"));
    let other = case::Root {
        certificate: [0; 32],
        ..root.clone()
    };
    assert_eq!(code(vec![other]), Some("snp.root_mismatch"));
    let lab = case::Root {
        lab: true,
        ..root.clone()
    };
    assert_eq!(code(vec![lab.clone()]), Some("snp.lab_extension_missing"));
    assert_eq!(code(vec![lab, root]), None);
}

#[test]
fn files_in_wrong_places_are_told_apart() {
    let Some(corpus) = Corpus::open() else { return };
    let case = corpus.case("snp/milan-v3-microsoft");
    let (report, leaf, chain) = (
        case.bytes("report"),
        case.bytes("leaf"),
        case.bytes("chain_ask_ark"),
    );
    let roots = corpus.roots(&case);
    let judge = |report: &[u8], leaf: &[u8], chain: &[u8]| {
        let parts = [report, leaf, chain];
        let answer = corpus.judge_with(&case, parts, &roots, &mut Cache::default());
        answer.err().map_or("", |refusal| refusal.code())
    };
    assert_eq!(judge(&report, &leaf, &chain), "");
    assert_eq!(judge(&leaf, &leaf, &chain), "snp.report_length");
    assert_eq!(judge(&report, &chain, &chain), "x509.count");
    assert_eq!(judge(&report, &leaf, &leaf), "x509.count");
    assert_eq!(judge(&report, &report, &chain), "input.encoding");
    assert_eq!(judge(&report, b"", &chain), "input.empty");
    assert_eq!(judge(&report, &leaf, &[b'-'; 40_000]), "input.too_large");
    let text = String::from_utf8(chain).unwrap();
    let cut = text.find("-----END CERTIFICATE-----").unwrap();
    let (ask, ark) = text.split_at(cut + "-----END CERTIFICATE-----\n".len());
    let swapped = format!("{ark}{ask}");
    assert_eq!(judge(&report, &leaf, swapped.as_bytes()), "snp.chain_order");
    let twice = format!("{ark}{ark}");
    assert_eq!(
        judge(&report, &leaf, twice.as_bytes()),
        "snp.leaf_signature"
    );
}

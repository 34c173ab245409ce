//! Evidence that these tests mint themselves, genuine and bent in one place:
//! each bend must give its own code. The encodings are written here, apart
//! from the code that reads them.

mod binding;
mod blueprint;
mod chain;
mod cloud;
mod endorsement;
mod key;
mod leaf;
mod nitro;
mod part;
mod primes;
mod revocation;
mod tdx;
mod tpm;
mod x509;

use blueprint::Case;
use casemate_core::json::write::{Json, text};
use casemate_core::snp::leaf::Form;
use casemate_core::snp::verify::Cache;
use serde_json::Value;

/// An answer as its reader takes it.
fn tree(answer: &dyn Json) -> Value {
    serde_json::from_str(&text(answer)).unwrap()
}

/// A change to a case.
type Bend = fn(&mut Case);

/// Bends a genuine case and compares the code of its refusal.
fn assert_codes(form: Form, bends: &[(&str, Bend)]) {
    for (index, (expected, bend)) in bends.iter().enumerate() {
        let mut case = Case::new(form);
        bend(&mut case);
        assert_eq!(case.code(), *expected, "bend {index}");
    }
}

#[test]
fn genuine_evidence_verifies() {
    for form in [Form::Vcek, Form::Vlek] {
        let evidence = Case::new(form).verify(&mut Cache::default()).unwrap();
        assert_eq!(evidence.chain.leaf.form, form);
        assert_eq!(evidence.chain.line.name, "Milan");
        assert!(!evidence.chain.lab);
        let [crl] = evidence.chain.crls.as_slice() else {
            panic!("one list")
        };
        assert_eq!((crl.number.as_deref(), crl.revoked), (Some("09"), 0));
    }
}

#[test]
fn lab_evidence_verifies_on_the_lab_path_only() {
    let mut case = Case::new(Form::Vcek);
    case.mark();
    assert!(case.verify(&mut Cache::default()).unwrap().chain.lab);
    case.lab = false;
    assert_eq!(case.code(), "snp.lab_on_vendor_path");
}

#[test]
fn a_list_is_not_needed_here() {
    let case = Case::new(Form::Vcek);
    let evidence = case.verify_with(&mut Cache::default(), &[]).unwrap();
    assert!(
        evidence.chain.crls.is_empty(),
        "appraisal sees that there was none"
    );
}

#[test]
fn a_failure_is_never_cached() {
    let mut cache = Cache::default();
    let mut case = Case::new(Form::Vcek);
    case.list.signer = key::Signer4096::Ask;
    for _ in 0..2 {
        let refusal = case.verify(&mut cache).err().unwrap();
        assert_eq!(refusal.code(), "snp.crl_signature");
    }
    assert!(cache.is_empty());
}

#[test]
fn the_cache_tells_anchors_and_lists_apart() {
    let mut cache = Cache::default();
    let mut case = Case::new(Form::Vcek);
    assert!(case.verify(&mut cache).is_ok());
    assert!(
        case.verify_with(&mut cache, &[])
            .unwrap()
            .chain
            .crls
            .is_empty()
    );
    assert_eq!(cache.len(), 2);
    case.lab = true;
    let refusal = case.verify(&mut cache).err().unwrap();
    assert_eq!(refusal.code(), "snp.lab_extension_missing");
    case.lab = false;
    assert!(case.verify(&mut cache).is_ok());
    assert_eq!(cache.len(), 2);
}

#[test]
fn snp_10_a_cached_list_does_not_outlive_its_next_update() {
    let mut cache = Cache::default();
    let mut case = Case::new(Form::Vcek);
    assert!(case.verify(&mut cache).is_ok());
    for (now, code) in [
        ("2026-07-01T00:00:00Z", ""),
        ("2026-07-01T00:00:01Z", "snp.crl_expired"),
        ("2026-04-30T23:59:59Z", "snp.crl_not_yet_valid"),
        ("2026-05-01T00:00:00Z", ""),
    ] {
        case.now = blueprint::seconds(now);
        let answer = case.verify(&mut cache);
        assert_eq!(
            answer.err().map_or("", |refusal| refusal.code()),
            code,
            "{now}"
        );
    }
    assert_eq!(cache.len(), 1);
}

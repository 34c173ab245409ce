//! Quotes with chain and collateral, minted and bent (TDX-01 to TDX-17).

mod blueprint;
mod bytes;
mod chain;
mod collateral;
mod documents;
mod key;
mod order;
mod pck;
mod platform;
mod quote;
mod revocation;

use crate::tree;
use blueprint::Case;
use casemate_core::tdx::chain::Ca;
use casemate_core::tdx::header::Tee;
use casemate_core::tdx::verify::Cache;

/// A genuine case.
type New = fn() -> Case;
/// A change to a case.
type Bend = fn(&mut Case);

/// Bends a genuine case and compares the code of its refusal.
fn assert_codes(new: New, bends: &[(&str, Bend)]) {
    for (index, (expected, bend)) in bends.iter().enumerate() {
        let mut case = new();
        bend(&mut case);
        assert_eq!(case.code(), *expected, "bend {index}");
    }
}

#[test]
fn genuine_quotes_verify() {
    let cases: [(New, u16, Tee); 3] = [
        (Case::sgx, 3, Tee::Sgx),
        (Case::tdx_10, 4, Tee::Tdx),
        (Case::tdx_15, 5, Tee::Tdx),
    ];
    for (new, version, tee) in cases {
        let evidence = new().verify(&mut Cache::default()).unwrap();
        let quote = &evidence.quote;
        assert_eq!((quote.version, quote.tee_type), (version, tee));
        assert!(!evidence.endorsements.chain.lab);
        assert_eq!(evidence.endorsements.chain.ca, Ca::Platform);
        let tcb = tree(&evidence.tcb.unwrap());
        assert_eq!(tcb["status"], "UpToDate");
    }
}

#[test]
fn quotes_of_every_version_and_tee_verify() {
    let cases: [(New, u16); 3] = [(Case::sgx, 4), (Case::sgx, 5), (Case::tdx_10, 5)];
    for (new, version) in cases {
        let mut case = new();
        case.quote.set_version(version);
        assert_eq!(case.code(), "", "version {version}");
    }
}

#[test]
fn lab_evidence_verifies_on_the_lab_path_only() {
    let mut case = Case::tdx_15();
    case.mark();
    let evidence = case.verify(&mut Cache::default()).unwrap();
    assert!(evidence.endorsements.chain.lab);
    case.lab = false;
    assert_eq!(case.code(), "tdx.lab_on_vendor_path");
}

#[test]
fn tdx_02_without_collateral_only_the_quote_is_judged() {
    let mut case = Case::tdx_15();
    case.with_collateral = false;
    case.info["tcbLevels"][0]["tcbStatus"] = "Revoked".into();
    let evidence = case.verify(&mut Cache::default()).unwrap();
    assert!(evidence.tcb.is_none());
    case.with_collateral = true;
    assert_eq!(case.code(), "tdx.tcb_revoked");
}

#[test]
fn a_failure_is_never_cached() {
    let mut cache = Cache::default();
    let mut case = Case::tdx_15();
    case.root_list.signer = key::Key::Other;
    for _ in 0..2 {
        let refusal = case.verify(&mut cache).err().unwrap();
        assert_eq!(refusal.code(), "tdx.crl_signature");
    }
    assert!(cache.is_empty());
}

/// What is kept does not depend on what the quote says, only on its chain.
#[test]
fn the_cache_tells_collateral_anchors_and_tees_apart() {
    let mut cache = Cache::default();
    let mut case = Case::tdx_15();
    let judge = |case: &Case, cache: &mut Cache| {
        let answer = case.verify(cache);
        answer.err().map_or("", |refusal| refusal.code())
    };
    assert_eq!(judge(&case, &mut cache), "");
    case.quote.body[136] = 1;
    assert_eq!(judge(&case, &mut cache), "");
    assert_eq!(cache.len(), 1);
    case.with_collateral = false;
    assert_eq!(judge(&case, &mut cache), "");
    assert_eq!(cache.len(), 2);
    case.with_collateral = true;
    case.lab = true;
    assert_eq!(judge(&case, &mut cache), "tdx.lab_extension_missing");
    case.lab = false;
    case.info["tcbEvaluationDataNumber"] = 18.into();
    assert_eq!(judge(&case, &mut cache), "tdx.evaluation_number_mismatch");
    case.identity["tcbEvaluationDataNumber"] = 18.into();
    assert_eq!(judge(&case, &mut cache), "");
    case.crl_chain = None;
    assert_eq!(judge(&case, &mut cache), "");
    assert_eq!(cache.len(), 4);
    // The same chain and collateral, asked for as another TEE.
    let mut enclave = Case::tdx_15();
    enclave.tee = "SGX";
    enclave.quote = Case::sgx().quote;
    assert_eq!(judge(&enclave, &mut cache), "tdx.tcb_info_id");
}

//! Attestation documents of AWS Nitro, minted and bent (NIT-01).

mod blueprint;
mod cbor;
mod chain;
mod document;
mod revocation;
mod signature;

use crate::tree;
use blueprint::Case;
use casemate_core::x509::signer::Cache;
use serde_json::{Value, json};

/// A change to a case.
type Bend = fn(&mut Case);

/// Bends a genuine case and compares the code of its refusal.
fn assert_codes(bends: &[(&str, Bend)]) {
    assert_eq!(Case::new().code(), "", "the case itself verifies");
    for (index, (expected, bend)) in bends.iter().enumerate() {
        let mut case = Case::new();
        bend(&mut case);
        assert_eq!(case.code(), *expected, "bend {index}");
    }
}

fn answer(case: &Case) -> Value {
    tree(&case.verify(&mut Cache::default()).unwrap())
}

#[test]
fn a_genuine_document_verifies() {
    let answer = answer(&Case::new());
    let value = "09".repeat(48);
    assert_eq!(
        answer["document"],
        json!({
            "kind": "tpm",
            "moduleId": "i-0-tpm1",
            "timestamp": 1_781_481_600_999_u64,
            "digest": "SHA384",
            "registers": [
                { "register": 0, "value": value },
                { "register": 7, "value": value },
                { "register": 30, "value": value },
            ],
            "publicKey": null,
            "userData": "",
            "nonce": "6e6f6e6365",
        })
    );
    let subjects = answer["certificates"].as_array().unwrap().iter();
    let subjects: Vec<&Value> = subjects.map(|one| &one["subject"]).collect();
    let names = ["leaf", "zone", "ca", "root"].map(|name| format!("CN={name},O=Casemate tests"));
    assert_eq!(subjects, names.each_ref());
    assert_eq!(
        (&answer["lab"], &answer["revocationChecked"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(answer["revocationLists"].as_array().unwrap().len(), 2);
    assert_eq!(
        answer["revocationLists"][1]["issuer"],
        "CN=root,O=Casemate tests"
    );
}

#[test]
fn nitro_document_reads_what_nitro_verify_verifies() {
    let read = tree(&Case::new().read().unwrap());
    assert_eq!(answer(&Case::new())["document"], read);
}

#[test]
fn lab_documents_verify_on_the_lab_path_only() {
    let mut case = Case::new();
    case.mark();
    assert_eq!(answer(&case)["lab"], true);
    case.lab = false;
    assert_eq!(case.code(), "nitro.lab_root");
    let mut half = Case::new();
    half.mark();
    half.leaf.extensions().pop();
    assert_eq!(half.code(), "nitro.lab_extension_missing");
}

#[test]
fn the_cache_tells_everything_apart_and_keeps_no_failure() {
    let mut cache = Cache::default();
    let case = Case::new();
    assert!(case.verify(&mut cache).is_ok());
    assert!(case.verify(&mut cache).is_ok());
    assert_eq!(cache.len(), 1);
    let refused: [Bend; 4] = [
        |case| case.lab = true,
        |case| case.leaf.signer = super::tpm::key::Key::P384(9),
        |case| case.lists[0].signer = super::tpm::key::Key::P384(9),
        |case| case.bundle = Some(case.usual_bundle()[1..].to_vec()),
    ];
    for bend in refused {
        let mut bent = case.clone();
        bend(&mut bent);
        for _ in 0..2 {
            assert!(bent.verify(&mut cache).is_err());
        }
    }
    assert_eq!(cache.len(), 1);
    let mut fewer = case.clone();
    fewer.lists.pop();
    let answer = tree(&fewer.verify(&mut cache).unwrap());
    assert_eq!(
        (&answer["revocationChecked"], cache.len()),
        (&json!(false), 2)
    );
    // The document is not kept: a bad one after a good one is refused.
    let mut bent = case.clone();
    bent.key = super::tpm::key::Key::P384(9);
    let refusal = bent.verify(&mut cache).err().unwrap();
    assert_eq!(refusal.code(), "nitro.signature_mismatch");
}

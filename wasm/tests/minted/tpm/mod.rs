//! Quotes of TPMs with their keys and certificates, minted and bent (TPM-01 to TPM-07).

pub mod blueprint;
mod chain;
mod endorsement;
mod identity;
pub mod key;
mod primes;
mod public;
mod registers;
mod revocation;
mod signature;
mod structure;

use crate::tree;
use blueprint::Case;
use casemate_core::tpm::certificate::Cache;
use key::{How, Key};

/// A change to a case.
type Bend = fn(&mut Case);

/// Bends a genuine case and compares the code of its refusal.
fn assert_codes(new: fn() -> Case, bends: &[(&str, Bend)]) {
    assert_eq!(new().code(), "", "the case itself verifies");
    for (index, (expected, bend)) in bends.iter().enumerate() {
        let mut case = new();
        bend(&mut case);
        assert_eq!(case.code(), *expected, "bend {index}");
    }
}

#[test]
fn genuine_quotes_of_every_kind_of_key_verify() {
    for (key, how) in [
        (Key::P256(3), How::Ecdsa(256)),
        (Key::P256(3), How::Ecdsa(512)),
        (Key::P384(3), How::Ecdsa(384)),
        (Key::Rsa, How::Pkcs1(256)),
        (Key::Rsa, How::Pkcs1(512)),
        (Key::Rsa, How::Pss(384, 48)),
    ] {
        let evidence = Case::of(key, how).verify(&mut Cache::default());
        let answer = tree(&evidence.unwrap());
        let certificate = &answer["certificate"];
        assert_eq!(certificate["key"], answer["key"], "{key:?}");
        assert_eq!(certificate["revocationChecked"], true);
        assert_eq!(certificate["revocationLists"][0]["entries"], 0);
        assert_eq!(certificate["lab"], false);
        assert_eq!(answer["registers"].as_array().unwrap().len(), 3);
        assert_eq!(answer["registers"][2]["register"], 7);
        assert_eq!(answer["quote"]["qualifyingData"], "6e6f6e6365");
    }
}

#[test]
fn lab_evidence_verifies_on_the_lab_path_only() {
    let mut case = Case::new();
    case.mark();
    let evidence = case.verify(&mut Cache::default()).unwrap();
    assert!(evidence.certificate.unwrap().chain().chain.lab);
    case.lab = false;
    assert_eq!(case.code(), "tpm.lab_root");
    let mut half = Case::new();
    half.mark();
    half.ca.extensions().pop();
    assert_eq!(half.code(), "tpm.lab_extension_missing");
}

#[test]
fn certificates_are_not_needed_here() {
    let mut case = Case::new();
    case.with_certificates = false;
    assert!(case.verify(&mut Cache::default()).is_err(), "lists alone");
    case.lists.clear();
    let evidence = case.verify(&mut Cache::default()).unwrap();
    assert!(evidence.certificate.is_none());
}

#[test]
fn the_cache_tells_everything_apart_and_keeps_no_failure() {
    let mut cache = Cache::default();
    let case = Case::new();
    assert!(case.verify(&mut cache).is_ok());
    assert!(case.verify(&mut cache).is_ok());
    assert_eq!(cache.len(), 1);
    let refused: [Bend; 3] = [
        |case| case.lab = true,
        |case| case.leaf.signer = Key::P256(9),
        |case| case.lists[0].signer = Key::P256(9),
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
    assert_eq!(answer["certificate"]["revocationChecked"], false);
    // The quote is not kept: a bad one after a good one is refused.
    let mut bent = case.clone();
    bent.key = Key::P256(9);
    let refusal = bent.verify(&mut cache).err().unwrap();
    assert_eq!(refusal.code(), "tpm.signature_mismatch");
}

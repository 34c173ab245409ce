//! Certificates of endorsement keys.

use super::assert_codes;
use super::blueprint::{Case, purposes};
use super::key::{How, Key};
use crate::part::{extension, null};
use crate::tree;
use casemate_core::tpm::certificate::Cache;
use der::Encode;
use serde_json::Value;

fn rsa() -> Case {
    Case::endorsement(Key::Rsa)
}

fn ecc() -> Case {
    Case::endorsement(Key::P384(3))
}

#[test]
fn endorsement_keys_of_both_kinds_are_certified() {
    for (case, kind) in [(rsa(), "RSA 2048"), (ecc(), "ECC P-384")] {
        let answer = case.certify(&mut Cache::default()).unwrap();
        let answer: Value = tree(&answer);
        assert_eq!(answer["key"]["kind"], kind);
        assert_eq!(answer["identity"]["model"], "Test");
        assert_eq!(answer["certificates"].as_array().unwrap().len(), 3);
        assert_eq!(answer["revocationLists"].as_array().unwrap().len(), 2);
        assert_eq!(answer["revocationChecked"], true);
    }
}

#[test]
fn tpm_ek_certificate_shape_of_the_keys_own() {
    let bends: [fn(&mut Case); 7] = [
        |case| case.leaf.set_extension("2.5.29.15", &[3, 2, 7, 0x80]),
        |case| case.leaf.drop_extension("2.5.29.15"),
        |case| case.leaf.set_extension("2.5.29.37", &purposes(&["3"])),
        |case| case.leaf.drop_extension("2.5.29.37"),
        |case| case.leaf.drop_extension("2.5.29.17"),
        |case| {
            case.leaf
                .extensions()
                .push(extension("1.2.3", true, &null()))
        },
        |case| {
            case.leaf
                .extensions()
                .push(extension("2.5.29.19", true, &[0x30, 3, 1, 1, 0xff]))
        },
    ];
    for (index, bend) in bends.iter().enumerate() {
        for new in [rsa, ecc] {
            let mut case = new();
            bend(&mut case);
            assert_eq!(case.code(), "tpm.ek_certificate_shape", "bend {index}");
        }
    }
    assert_codes(
        rsa,
        &[
            ("tpm.ek_certificate_shape", |case| {
                case.leaf.set_extension("2.5.29.15", &[3, 2, 3, 0x08]);
            }),
            ("", |case| {
                case.leaf.set_extension("2.5.29.15", &[3, 2, 3, 0x28])
            }),
        ],
    );
    assert_codes(
        ecc,
        &[("tpm.ek_certificate_shape", |case| {
            case.leaf.set_extension("2.5.29.15", &[3, 2, 5, 0x20]);
        })],
    );
}

#[test]
fn an_endorsement_key_is_no_attestation_key() {
    let mut case = rsa();
    case.role = "AK";
    let refusal = case.certify(&mut Cache::default()).err().unwrap();
    assert_eq!(refusal.code(), "tpm.ak_certificate_shape");
    case.role = "XX";
    assert!(matches!(
        case.certify(&mut Cache::default()),
        Err(casemate_core::answer::Refusal::Bug(_))
    ));
}

#[test]
fn the_key_may_be_given_to_compare() {
    let mut case = ecc();
    // The public area of a genuine one decrypts, is restricted and has no scheme.
    let mut area = super::structure::Area::new(Key::P384(3), How::Ecdsa(384));
    area.attributes = 0x0003_00b2;
    area.policy = vec![7; 32];
    area.symmetric = vec![0, 6, 0, 128, 0, 0x43];
    area.scheme = vec![0, 0x10];
    for key in [area.bytes(), Key::P384(3).info().to_der().unwrap()] {
        case.given_key = Some(key);
        assert_eq!(case.code(), "");
    }
    case.given_key = Some(Key::P384(9).info().to_der().unwrap());
    assert_eq!(case.code(), "tpm.ak_key_mismatch");
    case.given_key = Some(vec![0x30; 3000]);
    let refusal = case.certify(&mut Cache::default()).err().unwrap();
    assert_eq!(refusal.field("input"), Some("ek-pub"));
}

//! Bends of the chain of the documents and of the chain of the PCK CRL.

use super::assert_codes;
use super::blueprint::{Case, name, seconds};
use super::key::{Key, ecdsa, public_key};
use crate::part::{null, sequence, serial};
use casemate_core::tdx::verify::Cache;

#[test]
fn the_tcb_signing_certificate_has_its_shape() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.tcb_chain_shape", |case| {
                case.signing.content.subject = name("Somebody")
            }),
            ("tdx.tcb_chain_shape", |case| {
                case.signing.content.issuer = name("Somebody")
            }),
            ("tdx.tcb_chain_shape", |case| {
                case.signing.set("2.5.29.19", &sequence(&[&[1, 1, 0xff]]));
            }),
            ("tdx.tcb_chain_shape", |case| {
                case.signing.set("2.5.29.15", &[3, 2, 6, 0x40])
            }),
            ("tdx.tcb_chain_shape", |case| {
                case.signing.add("1.2.3", true, &null())
            }),
            ("tdx.tcb_chain_shape", |case| case.signing.outer = ecdsa(3)),
            ("tdx.tcb_chain_shape", |case| {
                case.signing.content.key = public_key("1.3.132.0.34", &Key::Signing.point());
            }),
            ("tdx.tcb_chain_signature", |case| {
                case.signing.signer = Key::Ca
            }),
            ("tdx.tcb_chain_signature", |case| {
                case.signing.signer = Key::Signing
            }),
        ],
    );
}

#[test]
fn documents_stand_under_the_root_of_the_quote() {
    assert_codes(
        Case::tdx_15,
        &[
            // The same key and name, but another certificate.
            ("tdx.tcb_chain_root", |case| {
                let mut root = case.root.clone();
                root.content.serial = serial(&[0x55]);
                case.tcb_root = Some(root);
            }),
            ("tdx.tcb_chain_root", |case| {
                let mut root = case.root.clone();
                root.content.key = Key::Other.info();
                root.signer = Key::Other;
                case.signing.signer = Key::Other;
                case.tcb_root = Some(root);
            }),
            ("tdx.tcb_chain_shape", |case| {
                case.tcb_root = Some(case.signing.clone());
                case.signing = case.root.clone();
            }),
        ],
    );
}

#[test]
fn the_pck_certificate_cannot_sign_documents() {
    let mut case = Case::tdx_15();
    case.signing.content.subject = case.pck.content.subject.clone();
    assert_eq!(case.code(), "tdx.tcb_chain_shape");
}

#[test]
fn the_chain_of_the_list_agrees_with_the_quote() {
    assert_codes(
        Case::tdx_15,
        &[
            ("", |case| case.crl_chain = None),
            // An older certificate of the same CA.
            ("", |case| {
                let (ca, _) = case.crl_chain.as_mut().unwrap();
                ca.content.serial = serial(&[0x55]);
            }),
            ("tdx.crl_issuer", |case| {
                let (ca, _) = case.crl_chain.as_mut().unwrap();
                ca.content.subject = name("Intel SGX PCK Processor CA");
            }),
            ("tdx.crl_issuer", |case| {
                let (ca, _) = case.crl_chain.as_mut().unwrap();
                ca.content.key = Key::Other.info();
            }),
            ("tdx.crl_issuer", |case| {
                let mut root = case.root.clone();
                root.content.serial = serial(&[0x55]);
                case.crl_chain.as_mut().unwrap().1 = Some(root);
            }),
            ("tdx.crl_signature", |case| {
                let (ca, _) = case.crl_chain.as_mut().unwrap();
                ca.signer = Key::Other;
            }),
        ],
    );
}

#[test]
fn tdx_06_windows_of_all_parts_are_compared_with_the_time() {
    let mut cache = Cache::default();
    let mut case = Case::tdx_15();
    for (now, code) in [
        ("2026-06-02T00:00:00Z", ""),
        ("2026-06-29T00:00:00Z", ""),
        ("2026-06-29T00:00:01Z", "tdx.collateral_expired"),
        ("2026-06-01T23:59:59Z", "tdx.collateral_not_yet_valid"),
        ("2026-07-01T00:00:01Z", "tdx.crl_expired"),
        ("2026-04-30T23:59:59Z", "tdx.crl_not_yet_valid"),
        ("2027-01-01T00:00:01Z", "tdx.certificate_expired"),
        ("2025-12-31T23:59:59Z", "tdx.certificate_not_yet_valid"),
    ] {
        case.now = seconds(now);
        let answer = case.verify(&mut cache);
        let found = answer.err().map_or("", |refusal| refusal.code());
        assert_eq!(found, code, "{now}");
    }
    assert_eq!(cache.len(), 1);
}

/// Each of the two documents and lists has a window of its own.
#[test]
fn tdx_06_every_window_counts() {
    use crate::part::time;
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.collateral_expired", |case| {
                case.info["nextUpdate"] = "2026-06-14T23:59:59Z".into();
            }),
            ("tdx.collateral_expired", |case| {
                case.identity["nextUpdate"] = "2026-06-14T23:59:59Z".into();
            }),
            ("tdx.collateral_not_yet_valid", |case| {
                case.info["issueDate"] = "2026-06-15T00:00:01Z".into();
            }),
            ("tdx.collateral_not_yet_valid", |case| {
                case.identity["issueDate"] = "2026-06-15T00:00:01Z".into();
            }),
            ("tdx.crl_expired", |case| {
                case.pck_list.content.next_update = Some(time("2026-06-14T23:59:59Z"));
            }),
            ("tdx.crl_expired", |case| {
                case.root_list.content.next_update = Some(time("2026-06-14T23:59:59Z"));
            }),
            ("tdx.crl_not_yet_valid", |case| {
                case.pck_list.content.this_update = time("2026-06-15T00:00:01Z");
            }),
            ("tdx.crl_not_yet_valid", |case| {
                case.root_list.content.this_update = time("2026-06-15T00:00:01Z");
            }),
        ],
    );
}

//! The order in which a quote is judged: of two things that are wrong, the
//! earlier step refuses, so that every step before it stands as done.

use super::blueprint::{Case, name};
use super::key::Key;
use crate::part::{null, serial, time};
use crate::x509::structure::Entry;
use x509_cert::serial_number::SerialNumber;

type Bend = fn(&mut Case);

fn revoke(case: &mut Case, serial: SerialNumber) {
    let date = time("2026-05-02T00:00:00Z");
    case.pck_list.content.entries = Some(vec![Entry {
        serial,
        date,
        extensions: None,
    }]);
}

/// One bend for each step, in the order of `src/evidence/tdx/checks.ts`.
const STEPS: [(&str, Bend); 15] = [
    ("tdx.reserved_not_zero", |case| case.quote.qe_report[20] = 1),
    ("tdx.lab_extension_missing", |case| case.lab = true),
    ("tdx.chain_shape", |case| {
        case.ca.add("1.2.3", true, &null())
    }),
    ("tdx.pck_extension", |case| case.platform.is_there = false),
    ("tdx.tcb_chain_signature", |case| {
        case.signing.signer = Key::Other
    }),
    ("tdx.revoked", |case| {
        let serial = case.pck.content.serial.clone();
        revoke(case, serial);
    }),
    ("tdx.fmspc_mismatch", |case| {
        case.info["fmspc"] = "000000000000".into()
    }),
    ("tdx.qe_identity_signature", |case| {
        case.identity_signer = Key::Other
    }),
    ("tdx.certificate_expired", |case| case.now = u64::MAX),
    ("tdx.qe_report_signature", |case| {
        case.quote.qe_signer = Key::Other
    }),
    ("tdx.attestation_key_binding", |case| {
        case.quote.binds = false
    }),
    ("tdx.signature_mismatch", |case| {
        case.quote.signer = Key::Other
    }),
    ("tdx.qe_mismatch", |case| case.quote.qe_report[128] = 0),
    ("tdx.module_mismatch", |case| case.quote.body[64] = 0),
    ("tdx.tcb_level_not_found", |case| case.quote.body[2] = 0),
];

#[test]
fn the_earlier_step_refuses() {
    for (index, (expected, first)) in STEPS.into_iter().enumerate() {
        let mut alone = Case::tdx_15();
        first(&mut alone);
        assert_eq!(alone.code(), expected);
        for (later, second) in &STEPS[index + 1..] {
            let mut case = Case::tdx_15();
            first(&mut case);
            second(&mut case);
            assert_eq!(case.code(), expected, "with {later}");
        }
    }
}

/// Steps within one of the above.
#[test]
fn the_earlier_part_of_a_step_refuses() {
    let pairs: [(&str, Bend); 4] = [
        ("tdx.chain_order", |case| {
            case.order = vec![1, 0, 2];
            case.ca.signer = Key::Other;
        }),
        ("tdx.chain_signature", |case| {
            case.ca.signer = Key::Other;
            case.ca.content.issuer = name("Somebody");
        }),
        ("tdx.tcb_chain_root", |case| {
            let mut root = case.root.clone();
            root.content.serial = serial(&[0x55]);
            case.tcb_root = Some(root);
            case.signing.content.subject = name("Somebody");
        }),
        ("tdx.tcb_info_signature", |case| {
            case.info_signer = Key::Other;
            case.info = "no object".into();
            case.identity_signer = Key::Other;
        }),
    ];
    for (expected, bend) in pairs {
        let mut case = Case::tdx_15();
        bend(&mut case);
        assert_eq!(case.code(), expected);
    }
}

//! Bends of the revocation lists (TDX-10).

use super::assert_codes;
use super::blueprint::{Case, Paper, name};
use super::key::{Key, ecdsa};
use crate::part::{extension, full_name, null, sequence, serial, time};
use crate::x509::structure::{Entry, ListContent};
use casemate_core::tdx::verify::Cache;

fn revoke(list: &mut Paper<ListContent>, bytes: &[u8]) {
    let entries = list.content.entries.get_or_insert_default();
    entries.push(Entry {
        serial: serial(bytes),
        date: time("2026-05-02T00:00:00Z"),
        extensions: None,
    });
}

#[test]
fn tdx_10_lists_are_authentic() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.crl_signature", |case| case.pck_list.signer = Key::Root),
            ("tdx.crl_signature", |case| case.root_list.signer = Key::Ca),
            ("tdx.crl_issuer", |case| {
                case.pck_list.content.issuer = name("Intel SGX PCK Processor CA");
            }),
            // The root's list in the place of the CA's, and the other way round.
            ("tdx.crl_issuer", |case| {
                case.pck_list = case.root_list.clone()
            }),
            ("tdx.crl_issuer", |case| {
                case.root_list = case.pck_list.clone()
            }),
            ("tdx.crl_shape", |case| case.pck_list.outer = ecdsa(3)),
            ("tdx.crl_shape", |case| {
                case.root_list.content.algorithm = ecdsa(3)
            }),
        ],
    );
}

#[test]
fn tdx_10_lists_have_their_shape() {
    let bends: [fn(&mut Paper<ListContent>); 8] = [
        |list| list.content.version = None,
        |list| list.content.next_update = None,
        |list| list.content.next_update = Some(time("2026-04-01T00:00:00Z")),
        |list| {
            list.extensions()
                .push(extension("2.5.29.27", false, &[2, 1, 1]))
        },
        |list| list.extensions().push(extension("1.2.3", true, &null())),
        |list| {
            list.extensions()
                .push(extension("2.5.29.20", false, &[2, 1, 1]))
        },
        |list| {
            let point = sequence(&[&full_name("https://example.org/crl")]);
            list.extensions().push(extension("2.5.29.28", true, &point));
        },
        |list| {
            let indirect = sequence(&[&[0x84, 1, 0xff]]);
            list.extensions()
                .push(extension("2.5.29.28", false, &indirect));
        },
    ];
    for (index, bend) in bends.into_iter().enumerate() {
        let mut case = Case::tdx_15();
        bend(&mut case.pck_list);
        assert_eq!(case.code(), "tdx.crl_shape", "bend {index} of the CA's");
        let mut case = Case::tdx_15();
        bend(&mut case.root_list);
        assert_eq!(case.code(), "tdx.crl_shape", "bend {index} of the root's");
    }
}

#[test]
fn tdx_10_every_serial_number_is_looked_up() {
    for (index, expected) in ["root", "CA", "PCK", "TCB signing", "CA of the list"]
        .into_iter()
        .enumerate()
    {
        let mut case = Case::tdx_15();
        for (place, certificate) in case.certificates().into_iter().enumerate() {
            certificate.content.serial = serial(&[1, place.try_into().unwrap()]);
        }
        let number = [1, index.try_into().unwrap()];
        let list = if expected == "PCK" {
            &mut case.pck_list
        } else {
            &mut case.root_list
        };
        revoke(list, &[2, 0]);
        revoke(list, &number);
        let refusal = case.verify(&mut Cache::default()).err().unwrap();
        assert_eq!(refusal.code(), "tdx.revoked");
        assert_eq!(refusal.field("certificate"), Some(expected));
        assert_eq!(refusal.field("date"), Some("2026-05-02T00:00:00Z"));
    }
}

#[test]
fn a_list_knows_only_what_its_issuer_issued() {
    let mut case = Case::tdx_15();
    let serials = [&case.pck, &case.ca].map(|one| one.content.serial.clone());
    let [pck, ca] = serials.each_ref().map(|serial| serial.as_bytes().to_vec());
    revoke(&mut case.root_list, &pck);
    revoke(&mut case.pck_list, &ca);
    assert_ne!(pck, ca);
    assert_eq!(case.code(), "");
}

//! Bends of revocation lists.

use super::assert_codes;
use super::blueprint::{Case, Paper, URI, authority, certificate, list, name, seconds};
use super::key::{How, Key};
use crate::part::{extension, full_name, null, sequence, serial, time, tlv};
use crate::tree;
use crate::x509::structure::{Entry, ListContent};
use casemate_core::tpm::certificate::Cache;
use serde_json::Value;

const ROOT: (Key, How) = (Key::P384(1), How::Ecdsa(384));
const CA: (Key, How) = (Key::P256(2), How::Ecdsa(256));

fn revoke(list: &mut Paper<ListContent>, number: u8) {
    let entries = list.content.entries.get_or_insert_default();
    entries.push(Entry {
        serial: serial(&[number]),
        date: time("2026-05-02T00:00:00Z"),
        extensions: None,
    });
}

fn set_point(list: &mut Paper<ListContent>, parts: &[&[u8]]) {
    let point = extension("2.5.29.28", true, &sequence(parts));
    list.extensions().push(point);
}

fn checked(case: &Case) -> Value {
    let answer = case.certify(&mut Cache::default()).unwrap();
    tree(&answer)["revocationChecked"].clone()
}

/// Serial numbers of the tests are the lengths of the names: 4 the leaf, 2 the CA.
#[test]
fn tpm_revoked_of_each_certificate_by_its_issuer_only() {
    assert_codes(
        Case::new,
        &[
            ("tpm.revoked", |case| revoke(&mut case.lists[0], 4)),
            ("tpm.revoked", |case| revoke(&mut case.lists[1], 2)),
            ("", |case| revoke(&mut case.lists[0], 2)),
            ("", |case| revoke(&mut case.lists[1], 4)),
        ],
    );
    let mut case = Case::new();
    revoke(&mut case.lists[0], 9);
    let answer = case.certify(&mut Cache::default()).unwrap();
    let answer = tree(&answer);
    assert_eq!(answer["revocationLists"][0]["entries"], 1);
    assert_eq!(
        answer["revocationLists"][0]["nextUpdate"],
        "2026-07-01T00:00:00Z"
    );
}

#[test]
fn a_list_that_is_expired_revokes_all_the_same() {
    let mut case = Case::new();
    revoke(&mut case.lists[0], 4);
    case.now = seconds("2026-08-01T00:00:00Z");
    assert_eq!(case.code(), "tpm.revoked");
}

#[test]
fn lists_are_of_authorities_of_the_path() {
    assert_codes(
        Case::new,
        &[
            ("tpm.crl_issuer", |case| {
                case.lists[0].content.issuer = name("other")
            }),
            ("tpm.crl_issuer", |case| case.lists.push(list("leaf", CA))),
            ("tpm.crl_issuer", |case| {
                case.ca.set_extension("2.5.29.15", &[3, 2, 2, 4])
            }),
            ("tpm.crl_signature", |case| {
                case.lists[0].signer = Key::P256(9)
            }),
            ("tpm.crl_signature", |case| {
                case.lists[1].content.issuer = name("ca")
            }),
            ("tpm.crl_signature", |case| {
                case.lists[0].outer = crate::part::pss(256, 384, 32);
            }),
            // Both lists of the CA: allowed, but the CA itself stays unchecked.
            ("", |case| case.lists[1] = case.lists[0].clone()),
        ],
    );
}

/// The key's own certificate may be the pin, and signed by itself; then the path has no authority.
#[test]
fn tpm_crl_issuer_names_the_issuer_where_there_is_no_authority() {
    let mut case = Case::new();
    case.leaf.signer = case.key;
    case.root = case.leaf.clone();
    let refusal = case.certify(&mut Cache::default()).err().unwrap();
    assert_eq!(refusal.code(), "tpm.crl_issuer");
    assert_eq!(refusal.field("actual"), Some("CN=ca,O=Casemate tests"));
}

#[test]
fn tpm_crl_shape_of_lists_that_do_not_cover() {
    let bends: [fn(&mut Paper<ListContent>); 13] = [
        |list| list.content.version = None,
        |list| list.content.next_update = None,
        |list| list.content.next_update = Some(time("2026-04-01T00:00:00Z")),
        |list| list.content.algorithm = How::Ecdsa(512).identifier(),
        |list| {
            list.extensions()
                .push(extension("2.5.29.27", false, &[2, 1, 1]))
        },
        |list| list.extensions().push(extension("1.2.3", true, &null())),
        |list| {
            list.extensions()
                .push(extension("2.5.29.20", false, &[2, 1, 1]))
        },
        |list| set_point(list, &[]),
        |list| set_point(list, &[&full_name("lab:other")]),
        |list| set_point(list, &[&full_name(URI), &tlv(0x81, &[0xff])]),
        |list| set_point(list, &[&full_name(URI), &tlv(0x82, &[0xff])]),
        |list| set_point(list, &[&full_name(URI), &tlv(0x83, &[1, 0x40])]),
        |list| set_point(list, &[&full_name(URI), &tlv(0x84, &[0xff])]),
    ];
    for (index, bend) in bends.iter().enumerate() {
        for which in [0, 1] {
            let mut case = Case::new();
            bend(&mut case.lists[which]);
            assert_eq!(case.code(), "tpm.crl_shape", "bend {index} of list {which}");
        }
    }
    assert_codes(
        Case::new,
        &[
            ("", |case| set_point(&mut case.lists[0], &[&full_name(URI)])),
            ("tpm.crl_shape", |case| {
                set_point(&mut case.lists[0], &[&full_name(URI)]);
                case.leaf.drop_extension("2.5.29.31");
            }),
        ],
    );
}

#[test]
fn lists_are_of_the_time() {
    for (now, code) in [
        ("2026-05-01T00:00:00Z", ""),
        ("2026-04-30T23:59:59Z", "tpm.crl_not_yet_valid"),
        ("2026-07-01T00:00:00Z", ""),
        ("2026-07-01T00:00:01Z", "tpm.crl_expired"),
    ] {
        let mut case = Case::new();
        case.now = seconds(now);
        assert_eq!(case.code(), code, "{now}");
    }
}

#[test]
fn a_kept_list_does_not_outlive_its_next_update() {
    let mut cache = Cache::default();
    let mut case = Case::new();
    assert!(case.verify(&mut cache).is_ok());
    case.now = seconds("2026-07-01T00:00:01Z");
    let refusal = case.verify(&mut cache).err().unwrap();
    assert_eq!(refusal.code(), "tpm.crl_expired");
    assert_eq!(cache.len(), 1);
}

#[test]
fn revocation_is_checked_where_every_point_has_its_list() {
    let mut case = Case::new();
    assert_eq!(checked(&case), true);
    case.lists.swap(0, 1);
    assert_eq!(checked(&case), true);
    case.lists.truncate(1);
    assert_eq!(checked(&case), false, "the leaf's is missing");
    case.leaf.drop_extension("2.5.29.31");
    assert_eq!(checked(&case), true, "the leaf has no point");
    case.lists.clear();
    assert_eq!(checked(&case), false);
    case.ca.drop_extension("2.5.29.31");
    assert_eq!(
        checked(&case),
        true,
        "the root's own point is of no interest"
    );
}

/// A CA with two certificates over two keys: its list is that of the one that signed it.
#[test]
fn of_authorities_with_one_name_the_signer_counts() {
    let mut case = Case::new();
    case.ca.content.extensions = Some(authority(Some(1)));
    case.leaf = certificate(
        ["leaf", "ca"],
        case.key,
        (Key::P256(8), How::Ecdsa(256)),
        vec![],
    );
    case.leaf.content.extensions = Case::new().leaf.content.extensions;
    case.others = vec![certificate(
        ["ca", "ca"],
        Key::P256(8),
        CA,
        authority(Some(0)),
    )];
    case.lists = vec![list("ca", CA), list("root", ROOT)];
    assert_eq!(
        checked(&case),
        false,
        "the list of the older key is not the leaf's"
    );
    case.lists.push(list("ca", (Key::P256(8), How::Ecdsa(256))));
    assert_eq!(checked(&case), true);
    revoke(&mut case.lists[2], 4);
    assert_eq!(case.code(), "tpm.revoked");
}

#[test]
fn files_with_lists_hold_one_list_and_are_at_most_eight() {
    assert_codes(
        Case::new,
        &[
            ("input.too_large", |case| {
                let one = case.lists[0].clone();
                case.lists = vec![one; 9];
            }),
            ("", |case| {
                let one = case.lists[0].clone();
                case.lists = vec![one; 8];
            }),
        ],
    );
}
